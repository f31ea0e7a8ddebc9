/** The line of what waits for its score: applications take turns, so that many messages of one keep another waiting for one of them at most. */
import { RenewedMap } from '@sallyport/contracts/basics'
import type { Waiting } from './waiting.ts'

export class FairLine {
  /** In the order of their turns. */
  readonly #byApplication = new RenewedMap<string, Waiting[]>()
  #size = 0

  get size(): number {
    return this.#size
  }

  add(one: Waiting): void {
    this.#size++
    const own = this.#byApplication.get(one.application)
    if (own) own.push(one)
    else this.#byApplication.set(one.application, [one])
  }

  /** The oldest of the application whose turn it is; its next turn is after all others'. */
  next(): Waiting | undefined {
    const turn = this.#byApplication.first()
    if (!turn) return undefined
    const [application, own] = turn
    this.#byApplication.delete(application)
    const one = own.shift()
    if (own.length > 0) this.#byApplication.set(application, own)
    this.#size--
    return one
  }

  /** Empties it. */
  *rest(): Iterable<Waiting> {
    for (let one = this.next(); one; one = this.next()) yield one
  }
}
