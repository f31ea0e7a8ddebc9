/** The joins that are open now, by message id, with their deadlines. */
import { RenewedMap } from '@sallyport/contracts'
import { Deadlines } from './deadlines.ts'
import type { Join } from './join.ts'

export class OpenJoins {
  readonly #byId = new RenewedMap<string, Join>()
  readonly #deadlines: Deadlines<Join>

  constructor(tickMs: number, nowMs: number) {
    this.#deadlines = new Deadlines(tickMs, nowMs)
  }

  get size(): number {
    return this.#byId.size
  }

  get(id: string): Join | undefined {
    return this.#byId.get(id)
  }

  open(id: string, partition: number, nowMs: number, deadlineMs: number): Join {
    const join: Join = {
      id,
      partition,
      firstSeenMs: nowMs,
      deadlineMs,
      phase: 'collecting',
      opened: undefined,
      accepted: undefined,
      annotations: [],
      hasAskedAgain: false,
      unsettled: [],
    }
    this.#byId.set(id, join)
    this.#deadlines.set(join, deadlineMs)
    return join
  }

  setDeadline(join: Join, atMs: number): void {
    this.#deadlines.set(join, atMs)
  }

  clearDeadline(join: Join): void {
    this.#deadlines.remove(join)
  }

  /** Ends the join; its records are the caller's to settle. */
  end(join: Join): void {
    join.phase = 'over'
    this.#deadlines.remove(join)
    this.#byId.delete(join.id)
  }

  /** The joins whose deadline has passed, each once. */
  due(nowMs: number): readonly Join[] {
    return this.#deadlines.due(nowMs)
  }

  /** The join that has been open the longest and still waits for something that may not come. */
  oldestCollecting(): Join | undefined {
    for (const join of this.#byId.values()) if (join.phase === 'collecting') return join
    return undefined
  }

  inPhase(phase: Join['phase']): readonly Join[] {
    return [...this.#byId.values()].filter((join) => join.phase === phase)
  }

  /** Forgets the joins of partitions that another member owns now: it sees their unsettled records again. */
  forget(partitions: ReadonlySet<number>): void {
    for (const join of this.#byId.values()) if (partitions.has(join.partition)) this.end(join)
  }
}
