/** Does what must be done in spite of a bus or store that is away for a while. */
import { setTimeout as sleep } from 'node:timers/promises'
import { SallyportError } from '@sallyport/contracts'

export interface PersistOptions {
  /** False: an error that waiting cannot mend ends it. True: only a closed bus does. */
  readonly atAnyPrice: boolean
  /** Asked before each repeat: false stops it. */
  readonly isWanted: () => boolean
  readonly signal: AbortSignal
  /** Called at each failure. */
  readonly onError: (error: unknown, waitMs: number) => void
}

/** `hopeless`: waiting cannot mend it. `stopped`: nobody wants it any more, or the bus is closed; it is to be done again elsewhere. */
export type Persisted = 'done' | 'hopeless' | 'stopped'

const firstWaitMs = 100
const longestWaitMs = 10_000

/** Repeats `action` with growing pauses until it succeeds or its end is clear. Never rejects. */
export async function persist(action: () => Promise<unknown>, options: PersistOptions): Promise<Persisted> {
  for (let waitMs = firstWaitMs; ; waitMs = Math.min(waitMs * 2, longestWaitMs)) {
    try {
      await action()
      return 'done'
    } catch (error) {
      options.onError(error, waitMs)
      if (error instanceof SallyportError && error.code === 'BUS_CLOSED') return 'stopped'
      if (!options.atAnyPrice && !(error instanceof SallyportError && error.retriable)) return 'hopeless'
    }
    if (!options.signal.aborted) await sleep(waitMs, undefined, { signal: options.signal }).catch(() => undefined)
    if (options.signal.aborted || !options.isWanted()) return 'stopped'
  }
}
