/** Places for messages between MAIL and reply: so many of each application, and so many in all. Those who wait are served in turn. */

interface Waiter {
  readonly application: string
  readonly max: number
  readonly dueMs: number
  readonly grant: (release: (() => void) | undefined) => void
}

export interface SlotOptions {
  readonly maxInAll: number
  readonly waitMs: number
  /** Monotonic, ms. */
  readonly elapsed: () => number
}

export class UnsettledSlots {
  readonly #options: SlotOptions
  readonly #taken = new Map<string, number>()
  #inAll = 0
  /** Oldest first; every wait is as long, so also in the order of their deadlines. */
  #waiters = new Set<Waiter>()

  constructor(options: SlotOptions) {
    this.#options = options
  }

  get inAll(): number {
    return this.#inAll
  }

  /** A place, as the function that gives it free (idempotent); undefined where none came free in time. */
  take(application: string, max: number): (() => void) | Promise<(() => void) | undefined> {
    if (this.#fits(application, max)) return this.#grant(application)
    return new Promise((grant) => {
      this.#waiters.add({ application, max, dueMs: this.#options.elapsed() + this.#options.waitMs, grant })
    })
  }

  /** Sends those away who waited too long. */
  tick(): void {
    const now = this.#options.elapsed()
    for (const waiter of this.#waiters) {
      if (waiter.dueMs > now) return
      this.#waiters.delete(waiter)
      waiter.grant(undefined)
    }
  }

  /** Sends everyone away who waits. */
  drain(): void {
    for (const waiter of this.#waiters) waiter.grant(undefined)
    this.#waiters.clear()
  }

  #fits(application: string, max: number): boolean {
    return this.#inAll < this.#options.maxInAll && (this.#taken.get(application) ?? 0) < max
  }

  #grant(application: string): () => void {
    this.#inAll++
    this.#taken.set(application, (this.#taken.get(application) ?? 0) + 1)
    let isReleased = false
    return () => {
      if (isReleased) return
      isReleased = true
      this.#inAll--
      const left = (this.#taken.get(application) ?? 0) - 1
      if (left > 0) this.#taken.set(application, left)
      else this.#taken.delete(application)
      if (this.#waiters.size > 0) this.#serve()
    }
  }

  #serve(): void {
    for (const waiter of this.#waiters) {
      if (this.#inAll >= this.#options.maxInAll) return
      if (!this.#fits(waiter.application, waiter.max)) continue
      this.#waiters.delete(waiter)
      waiter.grant(this.#grant(waiter.application))
    }
  }
}
