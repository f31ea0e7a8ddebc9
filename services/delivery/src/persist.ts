/** What must happen before a record may be settled is tried until it happens, with growing waits. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { RolePorts } from '@sallyport/runtime'

const firstWaitMs = 50
const longestWaitMs = 30_000

/** Thrown when the role stops while a step is being repeated: the record stays unsettled and comes again. */
export class Stopping extends Error {
  override readonly name = 'Stopping'
}

export interface Persistence {
  /** Repeats `step` until it succeeds. Rejects with Stopping only. */
  until(what: string, step: () => Promise<unknown>): Promise<void>
}

export function persistence(log: RolePorts['log'], signal: AbortSignal): Persistence {
  return {
    async until(what, step) {
      for (let waitMs = firstWaitMs; ; waitMs = Math.min(waitMs * 2, longestWaitMs)) {
        try {
          await step()
          return
        } catch (error) {
          if (signal.aborted) throw new Stopping(what, { cause: error })
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
