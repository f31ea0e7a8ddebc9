/**
 * A pause between two fetches while this process is short of time: more records come together then, which costs all less, and who is
 * busy makes them wait anyhow. None while it has time: what comes is fetched at once.
 */
import { type EventLoopUtilization, performance } from 'node:perf_hooks'

const pauseMs = 3
/** Part of the time that the event loop works, or waits for a processor. */
const busyPart = 0.5
const lookMs = 100

export interface FetchPauseOptions {
  readonly utilization: (since?: EventLoopUtilization) => EventLoopUtilization
  readonly elapsed: () => number
}

export class FetchPause {
  readonly #options: FetchPauseOptions
  #since: EventLoopUtilization
  #lookedMs: number
  #isBusy = false
  #pause: Promise<void> | undefined

  constructor(
    options: FetchPauseOptions = {
      utilization: (since) => performance.eventLoopUtilization(since),
      elapsed: () => performance.now(),
    },
  ) {
    this.#options = options
    this.#since = options.utilization()
    this.#lookedMs = options.elapsed()
  }

  /** To be awaited before the next fetch; the same one for all partitions that the last brought. Undefined where there is no reason. */
  begin(): Promise<void> | undefined {
    this.#look()
    if (!this.#isBusy) return undefined
    this.#pause ??= new Promise((resolve) =>
      setTimeout(() => {
        this.#pause = undefined
        resolve()
      }, pauseMs),
    )
    return this.#pause
  }

  #look(): void {
    const now = this.#options.elapsed()
    if (now - this.#lookedMs < lookMs) return
    this.#lookedMs = now
    this.#isBusy = this.#options.utilization(this.#since).utilization > busyPart
    this.#since = this.#options.utilization()
  }
}
