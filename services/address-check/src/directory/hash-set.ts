/** An immutable set of 64-bit hashes: 8 octets each, sorted, with an index over their leading bits. */
import { endianness } from 'node:os'

/** Where the halves of a 64-bit number stand among the 32-bit numbers over the same memory. */
export const lowAt = endianness() === 'LE' ? 0 : 1
export const highAt = 1 - lowAt

export class HashSet {
  readonly size: number
  readonly #words: Uint32Array
  readonly #starts: Uint32Array
  readonly #shift: number

  /** `sorted`: ascending, without repeats. It is taken over, not copied. */
  constructor(sorted: BigUint64Array<ArrayBuffer>) {
    this.size = sorted.length
    this.#words = new Uint32Array(sorted.buffer, sorted.byteOffset, sorted.length * 2)
    // Eight to sixteen hashes share their leading bits.
    const bits = Math.max(1, Math.floor(Math.log2(Math.max(1, this.size))) - 3)
    this.#shift = 32 - bits
    this.#starts = new Uint32Array(2 ** bits + 1)
    this.#fillStarts()
  }

  #fillStarts(): void {
    for (let at = 0; at < this.size; at++) {
      const prefix = (this.#words[2 * at + highAt] ?? 0) >>> this.#shift
      this.#starts[prefix + 1] = at + 1
    }
    for (let prefix = 1; prefix < this.#starts.length; prefix++) {
      this.#starts[prefix] = Math.max(this.#starts[prefix] ?? 0, this.#starts[prefix - 1] ?? 0)
    }
  }

  /** All memory that it holds. */
  get byteLength(): number {
    return this.#words.byteLength + this.#starts.byteLength
  }

  /** Both halves unsigned. */
  has(high: number, low: number): boolean {
    const words = this.#words
    const prefix = high >>> this.#shift
    const end = this.#starts[prefix + 1] ?? 0
    for (let at = this.#starts[prefix] ?? 0; at < end; at++) {
      const found = words[2 * at + highAt] ?? 0
      if (found > high) return false
      if (found === high && words[2 * at + lowAt] === low) return true
    }
    return false
  }
}
