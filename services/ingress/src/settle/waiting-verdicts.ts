/** The messages that wait for their verdict, each answered once: by the reply, the end of its budget, of its client or of us, or a failure. */
import { RenewedMap, type Reply, type Verdict } from '@sallyport/contracts'

export type Answer =
  | { readonly kind: 'verdict'; readonly verdict: Verdict }
  | { readonly kind: 'late' }
  /** The client is. */
  | { readonly kind: 'gone' }
  /** We stop. */
  | { readonly kind: 'stopped' }
  | { readonly kind: 'failed'; readonly error: unknown }

interface Waiting {
  readonly dueMs: number
  readonly answer: (answer: Answer) => void
}

const late: Answer = { kind: 'late' }
const gone: Answer = { kind: 'gone' }
const stopped: Answer = { kind: 'stopped' }

export class WaitingVerdicts {
  /** In the order of their deadlines, since every budget is the same. */
  readonly #waiting = new RenewedMap<string, Waiting>()
  readonly #budgetMs: number
  readonly #elapsed: () => number
  #isStopped = false

  constructor(budgetMs: number, elapsed: () => number) {
    this.#budgetMs = budgetMs
    this.#elapsed = elapsed
  }

  get size(): number {
    return this.#waiting.size
  }

  wait(id: string): Promise<Answer> {
    if (this.#isStopped) return Promise.resolve(stopped)
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

  /** Nobody would hear the reply any more. */
  leave(id: string): void {
    this.#settle(id, gone)
  }

  /** Nobody waits any longer. */
  stop(): void {
    this.#isStopped = true
    for (const id of this.#waiting.keys()) this.#settle(id, stopped)
  }

  #settle(id: string, answer: Answer): boolean {
    const waiting = this.#waiting.get(id)
    if (waiting === undefined) return false
    this.#waiting.delete(id)
    waiting.answer(answer)
    return true
  }
}
