/** Sets of addresses that take 8 bytes an address: their sorted keyed hashes, found by the first bits. */
import { randomBytes } from 'node:crypto'
import { SipHash } from './sip-hash.ts'

/** One random key per process: hashes mean nothing outside of it. */
const hash = new SipHash(randomBytes(16))

/**
 * An immutable set of addresses. It knows hashes of 64 bits, not addresses: an address that is not in a set of n is taken for
 * one that is with probability n / 2⁶⁴ (5.4 × 10⁻¹⁴ for a million, once in 18 million million questions), and since the key is
 * random and secret, nobody can look for such an address.
 */
export interface AddressSet {
  readonly size: number
  /** Bytes of the structure. */
  readonly heldBytes: number
  /** `address` in the form in which it was added. */
  has(address: string): boolean
}

/** Takes addresses one by one, in blocks, so that memory grows with what is there. */
export interface AddressSetBuilder {
  add(address: string): void
  /** The set, without what was added twice. Gives other work its turn in between. The builder is empty afterwards. */
  build(): Promise<AddressSet>
}

/** Hashes in a block: 256 KiB. */
const blockHashes = 32 * 1024
const minBucketBits = 4
/** About so many hashes in a bucket: a bucket is one or two cache lines, and its start costs 4 bytes. */
const perBucket = 16
const hashesPerTurn = 200_000

export function addressSetBuilder(): AddressSetBuilder {
  let blocks: Uint32Array[] = []
  let block = new Uint32Array(blockHashes * 2)
  let used = 0
  return {
    add(address) {
      if (used === block.length) {
        blocks.push(block)
        block = new Uint32Array(blockHashes * 2)
        used = 0
      }
      hash.hash(address)
      block[used++] = hash.high
      block[used++] = hash.low
    },
    async build() {
      const filled = [...blocks, block.subarray(0, used)]
      blocks = []
      block = new Uint32Array(blockHashes * 2)
      used = 0
      return await sortedSet(filled)
    },
  }
}

/** Distributes the hashes over buckets by their first bits, which are uniform, then sorts each bucket. */
async function sortedSet(blocks: readonly Uint32Array[]): Promise<AddressSet> {
  const count = blocks.reduce((sum, { length }) => sum + length / 2, 0)
  const bits = Math.max(minBucketBits, Math.min(24, Math.floor(Math.log2(Math.max(1, count / perBucket)))))
  const shift = 32 - bits
  const starts = new Uint32Array((1 << bits) + 1)
  for (const block of blocks) {
    for (let at = 0; at < block.length; at += 2) {
      const bucket = ((block[at] ?? 0) >>> shift) + 1
      starts[bucket] = (starts[bucket] ?? 0) + 1
    }
  }
  for (let bucket = 1; bucket < starts.length; bucket++) starts[bucket] = (starts[bucket] ?? 0) + (starts[bucket - 1] ?? 0)
  await turn()
  const hashes = await distributed(blocks, starts, shift, count)
  const kept = await sortBuckets(hashes, starts)
  return new SortedHashes(kept === count ? hashes : hashes.slice(0, kept * 2), starts, shift)
}

/** The hashes in the order of their buckets. `starts` is the same afterwards. */
async function distributed(
  blocks: readonly Uint32Array[],
  starts: Uint32Array,
  shift: number,
  count: number,
): Promise<Uint32Array> {
  const hashes = new Uint32Array(count * 2)
  const next = starts.slice()
  for (const [index, block] of blocks.entries()) {
    for (let at = 0; at < block.length; at += 2) {
      const high = block[at] ?? 0
      const bucket = high >>> shift
      const place = next[bucket] ?? 0
      next[bucket] = place + 1
      hashes[place * 2] = high
      hashes[place * 2 + 1] = block[at + 1] ?? 0
    }
    if (index % 8 === 7) await turn()
  }
  return hashes
}

/** Sorts each bucket where it stands and closes the gaps that equal hashes leave. Answers with how many remain. */
async function sortBuckets(hashes: Uint32Array, starts: Uint32Array): Promise<number> {
  let kept = 0
  let from = 0
  let untilTurn = hashesPerTurn
  for (let bucket = 0; bucket + 1 < starts.length; bucket++) {
    const to = starts[bucket + 1] ?? 0
    const first = kept
    for (let at = from; at < to; at++) {
      if (insertSorted(hashes, first, kept, hashes[at * 2] ?? 0, hashes[at * 2 + 1] ?? 0)) kept++
    }
    starts[bucket] = first
    untilTurn -= to - from
    from = to
    if (untilTurn > 0) continue
    untilTurn = hashesPerTurn
    await turn()
  }
  starts[starts.length - 1] = kept
  return kept
}

/** Insertion sort: buckets are short. What is written stands never behind what is still to be read. False for an equal one. */
function insertSorted(hashes: Uint32Array, first: number, end: number, high: number, low: number): boolean {
  let place = end
  while (place > first) {
    const before = hashes[place * 2 - 2] ?? 0
    const beforeLow = hashes[place * 2 - 1] ?? 0
    if (before < high || (before === high && beforeLow < low)) break
    if (before === high && beforeLow === low) return false
    place--
  }
  hashes.copyWithin(place * 2 + 2, place * 2, end * 2)
  hashes[place * 2] = high
  hashes[place * 2 + 1] = low
  return true
}

class SortedHashes implements AddressSet {
  readonly size: number
  readonly heldBytes: number
  readonly #hashes: Uint32Array
  readonly #starts: Uint32Array
  readonly #shift: number

  constructor(hashes: Uint32Array, starts: Uint32Array, shift: number) {
    this.#hashes = hashes
    this.#starts = starts
    this.#shift = shift
    this.size = hashes.length / 2
    this.heldBytes = hashes.byteLength + starts.byteLength
  }

  has(address: string): boolean {
    hash.hash(address)
    const { high, low } = hash
    const bucket = high >>> this.#shift
    const hashes = this.#hashes
    const end = (this.#starts[bucket + 1] ?? 0) * 2
    for (let at = (this.#starts[bucket] ?? 0) * 2; at < end; at += 2) {
      const found = hashes[at] ?? 0
      if (found > high) return false
      if (found === high && hashes[at + 1] === low) return true
    }
    return false
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
