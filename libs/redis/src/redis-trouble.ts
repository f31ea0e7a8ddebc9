/** What an error of the client says, in words that may be logged. */

/** Commands that failed with such were not answered, and may be sent again where that does no harm. */
export function isConnectionLost(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const isAborted = error.name === 'MaxRetriesPerRequestError' || error.name === 'AbortError'
  return isAborted || error.message.startsWith('Connection is closed') || wasNotDone(error)
}

/** What failed with such was not sent, or refused by a replica, and may be sent again in any case. */
export const wasNotDone = (error: unknown): boolean =>
  error instanceof Error && /^(Stream isn't writeable|READONLY )/.test(error.message)

/**
 * The text alone: the error itself carries the command with all its arguments, such as the password of AUTH. An old server
 * repeats them in its text as well.
 */
export function reasonOf(error: unknown, password: string | undefined): string {
  const said = error instanceof Error ? error.message || ('code' in error ? String(error.code) : error.name) : String(error)
  const text = said.replace(/, with args beginning with.*$/s, '')
  return password ? text.replaceAll(password, '…') : text
}
