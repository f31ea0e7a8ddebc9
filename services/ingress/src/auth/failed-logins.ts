/** How often each client address may fail to log in: a bucket that fills again with time. */
import type { Clock } from '@sallyport/runtime'
import { clientHost } from '../limits/client-host.ts'

export interface FailedLoginLimits {
  readonly max: number
  /** One more attempt after this. */
  readonly refillMs: number
}

/** Addresses that are remembered; the one that failed longest ago is forgotten first. */
const maxAddresses = 10_000

export class FailedLogins {
  readonly #limits: FailedLoginLimits
  readonly #clock: Clock
  /** When the bucket of an address is full again, monotonic ms. */
  readonly #fullAt = new Map<string, number>()

  constructor(limits: FailedLoginLimits, clock: Clock) {
    this.#limits = limits
    this.#clock = clock
  }

  /** Takes one attempt, so that attempts at the same time count too. False where this client must wait before it may try again. */
  attempt(address: string): boolean {
    const { max, refillMs } = this.#limits
    const key = clientHost(address)
    const missing = this.#missing(key)
    if (missing > (max - 1) * refillMs) return false
    this.#set(key, missing + refillMs)
    return true
  }

  /** The attempt was no failure. */
  giveBack(address: string): void {
    const key = clientHost(address)
    this.#set(key, this.#missing(key) - this.#limits.refillMs)
  }

  #set(key: string, missing: number): void {
    this.#fullAt.delete(key)
    if (missing <= 0) return
    this.#fullAt.set(key, this.#clock.elapsed() + missing)
    if (this.#fullAt.size <= maxAddresses) return
    const [oldest] = this.#fullAt.keys()
    if (oldest !== undefined) this.#fullAt.delete(oldest)
  }

  #missing(key: string): number {
    const fullAt = this.#fullAt.get(key)
    return fullAt === undefined ? 0 : Math.max(0, fullAt - this.#clock.elapsed())
  }
}
