/** What must happen before a record may be settled is tried until it happens, with growing waits. */
import { setTimeout as sleep } from 'node:timers/promises'
import { SallyportError } from '@sallyport/contracts'
import type { RolePorts } from '@sallyport/runtime'

const firstWaitMs = 50
const longestWaitMs = 30_000
const triesOfADefect = 5

/** Thrown when the role stops while a step is being repeated: the record stays unsettled and comes again. */
export class Stopping extends Error {
  override readonly name = 'Stopping'
}

export interface Persistence {
  /**
   * Repeats `step` until it succeeds. Rejects with Stopping, or with the error where waiting cannot mend it: such a one is given
   * a few tries, since a library may throw anything at a bad moment.
   */
  until(what: string, step: () => Promise<unknown>): Promise<void>
}

export function persistence(log: RolePorts['log'], signal: AbortSignal): Persistence {
  return {
    async until(what, step) {
      for (let tries = 1, waitMs = firstWaitMs; ; tries++, waitMs = Math.min(waitMs * 2, longestWaitMs)) {
        try {
          await step()
          return
        } catch (error) {
          if (signal.aborted || isClosed(error)) throw new Stopping(what, { cause: error })
          if (!isRetriable(error) && tries >= triesOfADefect) throw error
          log.warn({ err: error, waitMs }, `${what} failed and is tried again`)
        }
        try {
          await sleep(waitMs, undefined, { signal, ref: false })
        } catch (cause) {
          throw new Stopping(what, { cause })
        }
      }
    },
  }
}

const isClosed = (error: unknown): boolean => error instanceof SallyportError && error.code === 'BUS_CLOSED'
const isRetriable = (error: unknown): boolean => error instanceof SallyportError && error.retriable
