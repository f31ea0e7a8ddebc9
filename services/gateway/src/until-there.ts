/** Opens what may not be there yet: pods of a cluster start in any order, so who comes first waits for who comes later. */
import { setTimeout as sleep } from 'node:timers/promises'
import { SallyportError } from '@sallyport/contracts'
import type { Logger } from 'pino'

export interface UntilThereOptions {
  /** For the log: `Kafka at …`. */
  readonly what: string
  readonly log: Logger
  /** Told why it is waited, and undefined when that is over. */
  readonly tell: (why: string | undefined) => void
  /** Default 500, doubled up to 10,000. */
  readonly firstWaitMs?: number
}

const longestWaitMs = 10_000

/**
 * Repeats `open` while it fails with a retriable error, for ever: to end would only add the restarts' back-off to the wait. What
 * waiting cannot mend ends it.
 */
export async function untilThere<T>(open: () => Promise<T>, options: UntilThereOptions): Promise<T> {
  const { what, log, tell, firstWaitMs = 500 } = options
  for (let waitMs = firstWaitMs; ; waitMs = Math.min(waitMs * 2, longestWaitMs)) {
    try {
      const opened = await open()
      tell(undefined)
      return opened
    } catch (error) {
      if (!(error instanceof SallyportError && error.retriable)) throw error
      tell(`${what}: ${error.message}`)
      log.warn({ reason: error.message, waitMs }, `${what} is not there yet: it is tried again`)
    }
    await sleep(waitMs)
  }
}
