/** Verdicts of the last minutes by message id: for an `undecided` whose ingress missed the reply, and to know a late annotation. */
import type { Annotation, Verdict } from '@sallyport/contracts'

export interface RememberedVerdict {
  readonly application: string
  readonly traceparent: string
  readonly verdict: Verdict
  /** Undefined where every check had answered; else what had, so that only the missing ones are asked again. */
  readonly incomplete: readonly Annotation[] | undefined
  /** `mail.decided` was published durably: there is nothing left to do for this message. */
  readonly isActedUpon: boolean
}

interface Entry {
  readonly remembered: RememberedVerdict
  readonly untilMs: number
}

/**
 * Bounded by number and by age, in two generations: a full one pushes the older out as a whole, so that a new entry costs one
 * insertion and no search. Losing one is safe: the checks are then asked again.
 */
export class RememberedVerdicts {
  readonly #keepMs: number
  readonly #maxPerGeneration: number
  #young = new Map<string, Entry>()
  #old = new Map<string, Entry>()
  #youngSinceMs = 0

  constructor(options: { readonly keepMs: number; readonly max: number }) {
    this.#keepMs = options.keepMs
    this.#maxPerGeneration = Math.max(1, Math.ceil(options.max / 2))
  }

  get size(): number {
    return this.#young.size + this.#old.size
  }

  get(id: string, nowMs: number): RememberedVerdict | undefined {
    const entry = this.#young.get(id) ?? this.#old.get(id)
    return entry && entry.untilMs > nowMs ? entry.remembered : undefined
  }

  /** Replaces what was remembered of the id. */
  set(id: string, remembered: RememberedVerdict, nowMs: number): void {
    if (this.#young.size >= this.#maxPerGeneration) this.#rotate(nowMs)
    this.#young.set(id, { remembered, untilMs: nowMs + this.#keepMs })
  }

  /** Lets go of what nobody may ask for any more. */
  expire(nowMs: number): void {
    if (nowMs - this.#youngSinceMs >= this.#keepMs) this.#rotate(nowMs)
  }

  #rotate(nowMs: number): void {
    this.#old = this.#young
    this.#young = new Map()
    this.#youngSinceMs = nowMs
  }
}
