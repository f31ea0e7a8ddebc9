/**
 * How late a refusal is answered, so that who is refused and asks again at once does not take the time of others: of each
 * application so many are answered at once and then so many a second, over all its connections.
 */

const perSecond = 400
const atOnce = 40

export class RefusalPace {
  readonly #elapsed: () => number
  readonly #maxMs: number
  /** When the last refusal of an application is answered that is told at this pace. */
  readonly #toldAtMs = new Map<string, number>()

  constructor(elapsed: () => number, maxMs: number) {
    this.#elapsed = elapsed
    this.#maxMs = maxMs
  }

  /** For one refusal more. */
  waitMs(application: string): number {
    const now = this.#elapsed()
    const earliest = now - (atOnce * 1_000) / perSecond
    const last = this.#toldAtMs.get(application) ?? earliest
    const at = Math.min(Math.max(last, earliest) + 1_000 / perSecond, now + this.#maxMs)
    this.#toldAtMs.set(application, at)
    return Math.max(0, at - now)
  }
}
