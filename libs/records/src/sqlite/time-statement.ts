/** Statements of SQLite are synchronous: how long one took is known when it returns. */
import { type CallEnded, errorType } from '@sallyport/contracts/basics'

/** Runs `statement`, and tells `ended` of it, also where it throws. */
export function timeStatement<T>(operation: string, ended: CallEnded | undefined, statement: () => T): T {
  if (ended === undefined) return statement()
  const beganMs = performance.now()
  try {
    const result = statement()
    ended(operation, (performance.now() - beganMs) / 1000)
    return result
  } catch (error) {
    ended(operation, (performance.now() - beganMs) / 1000, errorType(error))
    throw error
  }
}
