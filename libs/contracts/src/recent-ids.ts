/** Ids of the last while: each at least for `keepMs` and at most twice that, and not more than about twice `most`: then the older half goes. */
export interface RecentIdsOptions {
  /** Monotonic, ms. */
  readonly elapsed: () => number
  readonly keepMs: number
  /** Default: as many as come. */
  readonly most?: number
}

export class RecentIds {
  readonly #options: RecentIdsOptions
  #lately = new Set<string>()
  #before = new Set<string>()
  #turnAtMs: number

  constructor(options: RecentIdsOptions) {
    this.#options = options
    this.#turnAtMs = options.elapsed() + options.keepMs
  }

  add(id: string): void {
    const now = this.#options.elapsed()
    if (now >= this.#turnAtMs || this.#lately.size >= (this.#options.most ?? Number.POSITIVE_INFINITY)) {
      this.#turnAtMs = now + this.#options.keepMs
      this.#before = this.#lately
      this.#lately = new Set()
    }
    this.#lately.add(id)
  }

  has(id: string): boolean {
    return this.#lately.has(id) || this.#before.has(id)
  }

  clear(): void {
    this.#lately.clear()
    this.#before.clear()
  }

  delete(id: string): void {
    this.#lately.delete(id)
    this.#before.delete(id)
  }
}
