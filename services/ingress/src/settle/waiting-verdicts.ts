/** The messages that wait for their verdict, each answered once: by the reply, by the end of its budget, or by a failure. */
import type { Reply, Verdict } from '@sallyport/contracts'

export type Answer =
  | { readonly kind: 'verdict'; readonly verdict: Verdict }
  | { readonly kind: 'late' }
  | { readonly kind: 'failed'; readonly error: unknown }

interface Waiting {
  readonly dueMs: number
  readonly answer: (answer: Answer) => void
}

const late: Answer = { kind: 'late' }

export class WaitingVerdicts {
  /** In the order of their deadlines, since every budget is the same. */
  readonly #waiting = new Map<string, Waiting>()
  readonly #budgetMs: number
  readonly #elapsed: () => number

  constructor(budgetMs: number, elapsed: () => number) {
    this.#budgetMs = budgetMs
    this.#elapsed = elapsed
  }

  get size(): number {
    return this.#waiting.size
  }

  wait(id: string): Promise<Answer> {
    return new Promise((answer) => this.#waiting.set(id, { dueMs: this.#elapsed() + this.#budgetMs, answer }))
  }

  /** False where nobody waits (any more): a repeat, or too late. */
  reply({ id, verdict }: Reply): boolean {
    return this.#settle(id, { kind: 'verdict', verdict })
  }

  fail(id: string, error: unknown): boolean {
    return this.#settle(id, { kind: 'failed', error })
  }

  /** Ends the budgets that are over. */
  tick(): void {
    const now = this.#elapsed()
    for (const [id, { dueMs }] of this.#waiting) {
      if (dueMs > now) return
      this.#settle(id, late)
    }
  }

  /** Nobody waits any longer. */
  failAll(error: unknown): void {
    for (const id of this.#waiting.keys()) this.fail(id, error)
  }

  #settle(id: string, answer: Answer): boolean {
    const waiting = this.#waiting.get(id)
    if (waiting === undefined) return false
    this.#waiting.delete(id)
    waiting.answer(answer)
    return true
  }
}
