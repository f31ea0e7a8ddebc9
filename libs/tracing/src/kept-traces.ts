/**
 * The traces that are kept whatever their ratio says: of messages that were refused, held, slow or failed. Every process has
 * them for a while, so that what it has recorded of such a trace is exported, and what follows is sampled.
 */

/** Whether the trace was kept here, or another process told of it. */
export type Source = 'own' | 'told'

export class KeptTraces {
  readonly #untilMs = new Map<string, number>()
  readonly #listeners = new Set<(traceId: string, source: Source) => void>()
  readonly #elapsed: () => number
  readonly #keepMs: number
  readonly #most: number

  /** `elapsed`: monotonic, ms. At most `most` are remembered, the latest. */
  constructor(elapsed: () => number, keepMs = 600_000, most = 20_000) {
    this.#elapsed = elapsed
    this.#keepMs = keepMs
    this.#most = most
  }

  has(traceId: string): boolean {
    // Asked for each span, and as a rule there are few.
    if (this.#untilMs.size === 0) return false
    const untilMs = this.#untilMs.get(traceId)
    return untilMs !== undefined && untilMs > this.#elapsed()
  }

  add(traceId: string, source: Source): void {
    if (this.has(traceId)) return
    this.#forget()
    this.#untilMs.delete(traceId)
    this.#untilMs.set(traceId, this.#elapsed() + this.#keepMs)
    for (const listener of this.#listeners) listener(traceId, source)
  }

  /** Called for each trace once. Returns a function that ends it. */
  onAdded(listener: (traceId: string, source: Source) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** In the order of a Map the first ended first. */
  #forget(): void {
    const now = this.#elapsed()
    for (const [traceId, untilMs] of this.#untilMs) {
      if (untilMs > now && this.#untilMs.size < this.#most) return
      this.#untilMs.delete(traceId)
    }
  }
}
