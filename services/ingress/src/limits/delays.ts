/** Answers that wait for a while, all watched by one tick. */
import { RenewedSet } from '@sallyport/contracts'

export class Delays {
  readonly #elapsed: () => number
  readonly #waiting = new RenewedSet<{ readonly dueMs: number; readonly end: () => void }>()

  /** Monotonic, ms. */
  constructor(elapsed: () => number) {
    this.#elapsed = elapsed
  }

  /** Resolves at the first tick after `waitMs`, or when everything is drained. */
  wait(waitMs: number): Promise<void> {
    return new Promise((end) => this.#waiting.add({ dueMs: this.#elapsed() + waitMs, end }))
  }

  /** Resolves after `waitMs`, not at a tick, so that what waits goes one after the other; or when everything is drained. */
  precisely(waitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer)
        this.#waiting.delete(waiter)
        resolve()
      }
      const waiter = { dueMs: Number.MAX_VALUE, end }
      const timer = setTimeout(end, waitMs)
      this.#waiting.add(waiter)
    })
  }

  tick(): void {
    if (this.#waiting.size > 0) this.#end(this.#elapsed())
  }

  drain(): void {
    this.#end(Number.POSITIVE_INFINITY)
  }

  #end(untilMs: number): void {
    for (const waiter of this.#waiting) {
      if (waiter.dueMs > untilMs) continue
      this.#waiting.delete(waiter)
      waiter.end()
    }
  }
}
