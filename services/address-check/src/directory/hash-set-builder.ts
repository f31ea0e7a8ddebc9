/** Collects 64-bit hashes for a `HashSet` in bounded memory, and sorts them without keeping the event loop for long. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { HashSet, highAt, lowAt } from './hash-set.ts'

const buckets = 256
const firstCapacity = 16
/** About 4 ms of sorting for a million hashes. */
const bucketsPerTurn = 16

/** Hashes with the same leading octet. */
class Bucket {
  #words = new Uint32Array(firstCapacity * 2)
  #count = 0

  add(high: number, low: number): void {
    if (this.#count * 2 === this.#words.length)
      this.#words = new Uint32Array(this.#words.buffer.transfer(this.#words.byteLength * 2))
    this.#words[this.#count * 2 + highAt] = high
    this.#words[this.#count * 2 + lowAt] = low
    this.#count++
  }

  /** Sorted and without repeats; the bucket is not to be added to afterwards. */
  sorted(): BigUint64Array<ArrayBuffer> {
    const hashes = new BigUint64Array(this.#words.buffer, 0, this.#count).sort()
    const words = this.#words
    let kept = 0
    for (let at = 0; at < this.#count; at++) {
      const isRepeat = kept > 0 && words[2 * at] === words[2 * kept - 2] && words[2 * at + 1] === words[2 * kept - 1]
      if (isRepeat) continue
      words[2 * kept] = words[2 * at] ?? 0
      words[2 * kept + 1] = words[2 * at + 1] ?? 0
      kept++
    }
    return hashes.subarray(0, kept)
  }
}

/** Holds at most twice the memory of the finished set, and three times while it finishes. */
export class HashSetBuilder {
  readonly #buckets = Array.from({ length: buckets }, () => new Bucket())

  /** Both halves unsigned. */
  add(high: number, low: number): void {
    this.#buckets[high >>> 24]?.add(high, low)
  }

  /** The set of what was added. The builder is empty afterwards. */
  async finish(): Promise<HashSet> {
    const parts: BigUint64Array<ArrayBuffer>[] = []
    let size = 0
    for (const bucket of this.#buckets.splice(0)) {
      const part = bucket.sorted()
      parts.push(part)
      size += part.length
      if (parts.length % bucketsPerTurn === 0) await nextTurn()
    }
    const all = new BigUint64Array(size)
    let at = 0
    for (const part of parts) {
      all.set(part, at)
      at += part.length
    }
    return new HashSet(all)
  }
}
