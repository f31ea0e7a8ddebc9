/** What SQLite and the file system say, in the words of the one table of errors. */
import { SallyportError } from '@sallyport/contracts/basics'

/** Primary result codes of SQLite (sqlite.org/rescode.html). */
const code = { corrupt: 11, full: 13, cannotOpen: 14, notADatabase: 26 } as const

export function storeError(cause: unknown, path: string): SallyportError {
  if (cause instanceof SallyportError) return cause
  const { message, errcode, code: name } = cause as Error & { errcode?: number; code?: string }
  const primary = errcode === undefined ? undefined : errcode & 0xff
  if (primary === code.full || name === 'ENOSPC' || name === 'EDQUOT') {
    return new SallyportError('STORE_FULL', `${path} cannot grow: free some disk space, it goes on by itself`, { cause })
  }
  if (primary === code.corrupt || primary === code.notADatabase) {
    const advice = 'move it away and start again: the trace of the mail so far is lost, the mail is not'
    return new SallyportError('DATA_FOLDER_CORRUPT', `${path} is damaged (${message}): ${advice}`, { cause })
  }
  if (primary === code.cannotOpen || name === 'ENOENT' || name === 'EACCES' || name === 'EROFS') {
    return new SallyportError(
      'DATA_FOLDER_UNUSABLE',
      `${path} cannot be opened (${message}): make its folder writable for this user`,
      {
        cause,
      },
    )
  }
  return new SallyportError('STORE_UNAVAILABLE', `${path}: ${message}`, { cause })
}
