/** What a failure of the object store means to whoever stores or reads content. */
import { errorType, SallyportError } from '@sallyport/contracts'

const fullNames = ['QuotaExceeded', 'XMinioStorageFull', 'XMinioAdminBucketQuotaExceeded', 'InsufficientStorage', 'StorageFull']
const fullStatus = 507
const missingNames = ['NoSuchKey', 'NotFound']

/**
 * STORE_FULL where the store or its quota is full, else STORE_UNAVAILABLE. Errors of ours pass as they are. The client's own
 * error is left out: it carries the request with its signature.
 */
export function s3StoreError(error: unknown, doing: string, store: string): SallyportError | RangeError {
  if (error instanceof SallyportError || error instanceof RangeError) return error
  const name = nameOf(error)
  if (fullNames.includes(name) || statusOf(error) === fullStatus) {
    return new SallyportError('STORE_FULL', `${doing} failed, ${store} is full (${name}): make room`)
  }
  return new SallyportError('STORE_UNAVAILABLE', `${doing} in ${store} failed: ${textOf(error)}`)
}

/** There is no such object; a bucket that is missing is not that. */
export const isMissing = (error: unknown): boolean => missingNames.includes(nameOf(error))

/** The upload was completed or aborted before. */
export const isUploadGone = (error: unknown): boolean => nameOf(error) === 'NoSuchUpload'

function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'AbortError') return 'it did not answer in time'
  const code = errorType(error)
  return error.message && error.message !== code ? `${code}: ${error.message}` : code
}

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : '')

function statusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('$metadata' in error)) return undefined
  const { $metadata: metadata } = error
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return undefined
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined
}
