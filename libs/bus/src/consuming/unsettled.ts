/** The records of a partition that were delivered and not settled, and the watermark: the first of them. */

interface Entry {
  readonly offset: number
  isSettled: boolean
}

export class Unsettled {
  readonly #entries: Entry[] = []
  #head = 0
  #count = 0
  /** The next offset to consume after a restart: everything below is settled. */
  watermark: number

  constructor(watermark: number) {
    this.watermark = watermark
  }

  /** Delivered and not settled. */
  get count(): number {
    return this.#count
  }

  /** True where the record was delivered and settled, also where an older one is not. */
  isSettled(offset: number): boolean {
    if (offset < this.watermark) return true
    let low = this.#head
    let high = this.#entries.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#entries[middle]?.offset ?? 0) < offset) low = middle + 1
      else high = middle
    }
    const entry = this.#entries[low]
    return entry?.offset === offset && entry.isSettled
  }

  /** A record is delivered. Returns what settles it: idempotent, and true where it was the first to do so. */
  add(offset: number): () => boolean {
    const entry: Entry = { offset, isSettled: false }
    this.#entries.push(entry)
    this.#count++
    return () => {
      if (entry.isSettled) return false
      entry.isSettled = true
      this.#count--
      this.#advance()
      return true
    }
  }

  #advance(): void {
    for (let entry = this.#entries[this.#head]; entry?.isSettled; entry = this.#entries[this.#head]) {
      this.watermark = entry.offset + 1
      this.#head++
    }
    if (this.#head === this.#entries.length) {
      this.#entries.length = 0
      this.#head = 0
    } else if (this.#head > 1_024 && this.#head * 2 > this.#entries.length) {
      this.#entries.splice(0, this.#head)
      this.#head = 0
    }
  }
}
