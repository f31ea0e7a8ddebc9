/**
 * Places for messages between MAIL and reply: so many of each application, and so many in all. Those who wait are
 * served first come first served within an application, and the applications in turn.
 */
import { RenewedMap, RenewedSet } from '@sallyport/contracts'

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
  readonly #taken = new RenewedMap<string, number>()
  #inAll = 0
  /** Oldest first; every wait is as long, so also in the order of their deadlines. */
  readonly #waiters = new RenewedSet<Waiter>()
  /** The same by application; the one that was served last stands last. None is empty. */
  readonly #queues = new RenewedMap<string, RenewedSet<Waiter>>()

  constructor(options: SlotOptions) {
    this.#options = options
  }

  get inAll(): number {
    return this.#inAll
  }

  /** A place, as the function that gives it free (idempotent); undefined where none came free in time. */
  take(application: string, max: number): (() => void) | Promise<(() => void) | undefined> {
    if (!this.#queues.has(application) && this.#fits(application, max)) return this.#grant(application)
    return new Promise((grant) => {
      const waiter: Waiter = { application, max, dueMs: this.#options.elapsed() + this.#options.waitMs, grant }
      this.#waiters.add(waiter)
      const queue = this.#queues.get(application)
      if (queue) queue.add(waiter)
      else this.#queues.set(application, new RenewedSet<Waiter>().add(waiter))
    })
  }

  /** Sends those away who waited too long. */
  tick(): void {
    const now = this.#options.elapsed()
    for (const waiter of this.#waiters) {
      if (waiter.dueMs > now) return
      this.#remove(waiter)
      waiter.grant(undefined)
    }
  }

  /** Sends everyone away who waits. */
  drain(): void {
    for (const waiter of this.#waiters) {
      this.#remove(waiter)
      waiter.grant(undefined)
    }
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

  /** One place came free: so many applications are looked at, not so many waiters. */
  #serve(): void {
    for (const [application, queue] of this.#queues) {
      const first = queue.first()
      if (first === undefined || !this.#fits(application, first.max)) continue
      this.#remove(first)
      if (queue.size > 0) {
        this.#queues.delete(application)
        this.#queues.set(application, queue)
      }
      first.grant(this.#grant(application))
      return
    }
  }

  #remove(waiter: Waiter): void {
    const { application } = waiter
    this.#waiters.delete(waiter)
    const queue = this.#queues.get(application)
    queue?.delete(waiter)
    if (queue?.size === 0) this.#queues.delete(application)
  }
}
