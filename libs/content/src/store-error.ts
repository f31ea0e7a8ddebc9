/** What a failed system call means to whoever stores or reads content. */
import { SallyportError } from '@sallyport/contracts'
import { systemCode } from './file-operations.ts'

const fullCodes = ['ENOSPC', 'EDQUOT']

/** STORE_FULL where the disk or the quota is full, else STORE_UNAVAILABLE. Errors of ours and abort reasons pass as they are. */
export function storeError(error: unknown, doing: string, folder: string): unknown {
  const code = systemCode(error)
  if (error instanceof SallyportError || code === undefined || code === 'ABORT_ERR') return error
  const options = { cause: error }
  if (fullCodes.includes(code)) {
    return new SallyportError('STORE_FULL', `${doing} failed, the disk of ${folder} is full (${code}): make room`, options)
  }
  const message = `${doing} failed (${code}): see that ${folder} is there, writable and sound`
  return new SallyportError('STORE_UNAVAILABLE', message, options)
}
