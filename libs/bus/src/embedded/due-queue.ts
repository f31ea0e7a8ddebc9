/** Which records are due when, where all wait equally long: first come, first due. It holds places, not records. */
import type { PartitionLog } from './partition-log.ts'

interface Due {
  readonly log: PartitionLog
  readonly offset: number
  readonly dueMs: number
}

export class DueQueue {
  readonly #waitMs: number
  #waiting: Due[] = []
  #head = 0

  constructor(waitMs: number) {
    this.#waitMs = waitMs
  }

  /** Monotonic ms at which it is due. */
  add(log: PartitionLog, offset: number): number {
    const dueMs = performance.now() + this.#waitMs
    this.#waiting.push({ log, offset, dueMs })
    return dueMs
  }

  /** Takes those out that are due at `untilMs`. */
  take(untilMs: number, each: (log: PartitionLog, offset: number) => void): void {
    for (let first = this.#waiting[this.#head]; first && first.dueMs <= untilMs; first = this.#waiting[this.#head]) {
      this.#head++
      each(first.log, first.offset)
    }
    this.#shrink()
  }

  /** When the first is due that is still pending; those before it are forgotten. Infinite where there is none. */
  nextMs(isPending: (log: PartitionLog, offset: number) => boolean): number {
    for (let first = this.#waiting[this.#head]; first; first = this.#waiting[++this.#head]) {
      if (isPending(first.log, first.offset)) return first.dueMs
    }
    this.#shrink()
    return Number.POSITIVE_INFINITY
  }

  #shrink(): void {
    if (this.#head * 2 < this.#waiting.length) return
    this.#waiting = this.#waiting.slice(this.#head)
    this.#head = 0
  }
}
