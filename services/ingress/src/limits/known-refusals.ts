/**
 * What the throttle refused, remembered until the message would conform (design §5, Limits): who would meet the same limit
 * again is told so before its content comes. Of each bucket the last refusal counts, on the monotonic clock.
 */
import type { Waits } from '@sallyport/contracts'

export interface KnownRefusal {
  /** Whole units that conform now. */
  readonly remaining: number
  readonly waitMs: number
}

interface Refusal {
  readonly cost: number
  readonly intervalMs: number
  /** When a message of this cost conforms. */
  readonly conformsAtMs: number
  readonly forgetAtMs: number
}

/** Buckets of an application: beyond them the oldest is forgotten, and asked about once more. */
const maxOfApplication = 256
/** Another process may give back what was charged, which this one does not hear: so the limiter is asked now and then. */
const rememberMs = 60_000

export class KnownRefusals {
  readonly #elapsed: () => number
  readonly #byApplication = new Map<string, Map<string, Refusal>>()
  #revision = -1

  constructor(elapsed: () => number) {
    this.#elapsed = elapsed
  }

  /** Of a policy that is not the newest any more nothing is remembered; a newer one ends all that was. */
  remember(application: string, policyRevision: number, waits: Waits): void {
    if (policyRevision < this.#revision) return
    this.#under(policyRevision)
    const now = this.#elapsed()
    let refusals = this.#byApplication.get(application)
    if (!refusals) {
      refusals = new Map()
      this.#byApplication.set(application, refusals)
    }
    for (const { limit, cost, intervalMs, waitMs } of waits) {
      refusals.delete(limit)
      refusals.set(limit, { cost, intervalMs, conformsAtMs: now + waitMs, forgetAtMs: now + Math.min(waitMs, rememberMs) })
      for (const oldest of refusals.keys()) {
        if (refusals.size <= maxOfApplication) break
        refusals.delete(oldest)
      }
    }
  }

  /** Something was given back to this application: who was refused may conform now. */
  forget(application: string): void {
    this.#byApplication.delete(application)
  }

  /** Spares who was never refused the rest of the question. */
  knowsAnyOf(application: string, policyRevision: number): boolean {
    return policyRevision === this.#revision && this.#byApplication.has(application)
  }

  /** How a message of this cost stands with the bucket that the limit and its owner name (`limitText`); undefined where nothing says that it waits. */
  find(application: string, policyRevision: number, limit: string, cost: number): KnownRefusal | undefined {
    if (policyRevision !== this.#revision) return undefined
    const refusals = this.#byApplication.get(application)
    const refusal = refusals?.get(limit)
    if (!refusals || !refusal) return undefined
    const now = this.#elapsed()
    if (refusal.forgetAtMs <= now) {
      refusals.delete(limit)
      if (refusals.size === 0) this.#byApplication.delete(application)
      return undefined
    }
    // GCRA: each unit less conforms an interval earlier.
    const waitMs = refusal.conformsAtMs - now - (refusal.cost - cost) * refusal.intervalMs
    const remaining = Math.max(0, Math.floor(refusal.cost - (refusal.conformsAtMs - now) / refusal.intervalMs))
    return waitMs > 0 ? { remaining, waitMs } : undefined
  }

  #under(policyRevision: number): void {
    if (policyRevision === this.#revision) return
    this.#revision = policyRevision
    this.#byApplication.clear()
  }
}
