/**
 * SipHash-2-4 (Aumasson, Bernstein: "SipHash: a fast short-input PRF", 2012) of short texts, in 32-bit halves.
 *
 * The key is random and never leaves the process, so nobody can look for an address that collides with an authorized one.
 * What is left is chance: a text that is not among n hashed ones meets one of them with probability n / 2^64, which is
 * 5.4e-14 for a million.
 */
import { randomBytes } from 'node:crypto'

/** Texts up to this many octets in UTF-8; an address has 254. */
export const maxHashedOctets = 1024

const bytes = new Uint8Array(maxHashedOctets)
const words = new Int32Array(maxHashedOctets / 4 + 2)
const encoder = new TextEncoder()

/** Packs the text in little-endian words; returns its octets. */
function pack(text: string): number {
  const { length } = text
  if (length > maxHashedOctets) throw new RangeError(`only texts of up to ${maxHashedOctets} octets are hashed`)
  words.fill(0, 0, (length >>> 2) + 2)
  for (let at = 0; at < length; at++) {
    const code = text.charCodeAt(at)
    if (code > 0x7f) return packUtf8(text)
    words[at >>> 2] = (words[at >>> 2] ?? 0) | (code << ((at & 3) << 3))
  }
  return length
}

function packUtf8(text: string): number {
  const { read, written } = encoder.encodeInto(text, bytes)
  if (read < text.length) throw new RangeError(`only texts of up to ${maxHashedOctets} octets are hashed`)
  words.fill(0, 0, (written >>> 2) + 2)
  for (let at = 0; at < written; at++) words[at >>> 2] = (words[at >>> 2] ?? 0) | ((bytes[at] ?? 0) << ((at & 3) << 3))
  return written
}

/** One key. `digest` leaves its 64 bits in `high` and `low`, unsigned, until the next call. */
export class KeyedHash {
  high = 0
  low = 0
  readonly #key: Int32Array

  /** `key`: 16 octets. */
  constructor(key: Uint8Array = randomBytes(16)) {
    const view = new DataView(key.buffer, key.byteOffset, 16)
    this.#key = Int32Array.from([0, 4, 8, 12], (at) => view.getInt32(at, true))
  }

  digest(text: string): void {
    const octets = pack(text)
    const [k0l = 0, k0h = 0, k1l = 0, k1h = 0] = this.#key
    let v0l = k0l ^ 0x70736575
    let v0h = k0h ^ 0x736f6d65
    let v1l = k1l ^ 0x6e646f6d
    let v1h = k1h ^ 0x646f7261
    let v2l = k0l ^ 0x6e657261
    let v2h = k0h ^ 0x6c796765
    let v3l = k1l ^ 0x79746573
    let v3h = k1h ^ 0x74656462
    const blocks = (octets >>> 3) + 1
    for (let block = 0; block <= blocks; block++) {
      // The blocks of the text, the last with its length on top; then the finalization, which is four rounds without a block.
      const isFinal = block === blocks
      const ml = isFinal ? 0 : (words[block << 1] ?? 0)
      const mh = isFinal ? 0 : (words[(block << 1) + 1] ?? 0) | (block === blocks - 1 ? (octets & 0xff) << 24 : 0)
      if (isFinal) v2l ^= 0xff
      v3l ^= ml
      v3h ^= mh
      for (let round = isFinal ? 4 : 2; round > 0; round--) {
        let low = (v0l + v1l) | 0
        v0h = (v0h + v1h + (low >>> 0 < v0l >>> 0 ? 1 : 0)) | 0
        v0l = low
        let high = (v1h << 13) | (v1l >>> 19)
        v1l = ((v1l << 13) | (v1h >>> 19)) ^ v0l
        v1h = high ^ v0h
        low = v0l
        v0l = v0h
        v0h = low

        low = (v2l + v3l) | 0
        v2h = (v2h + v3h + (low >>> 0 < v2l >>> 0 ? 1 : 0)) | 0
        v2l = low
        high = (v3h << 16) | (v3l >>> 16)
        v3l = ((v3l << 16) | (v3h >>> 16)) ^ v2l
        v3h = high ^ v2h

        low = (v0l + v3l) | 0
        v0h = (v0h + v3h + (low >>> 0 < v0l >>> 0 ? 1 : 0)) | 0
        v0l = low
        high = (v3h << 21) | (v3l >>> 11)
        v3l = ((v3l << 21) | (v3h >>> 11)) ^ v0l
        v3h = high ^ v0h

        low = (v2l + v1l) | 0
        v2h = (v2h + v1h + (low >>> 0 < v2l >>> 0 ? 1 : 0)) | 0
        v2l = low
        high = (v1h << 17) | (v1l >>> 15)
        v1l = ((v1l << 17) | (v1h >>> 15)) ^ v2l
        v1h = high ^ v2h
        low = v2l
        v2l = v2h
        v2h = low
      }
      v0l ^= ml
      v0h ^= mh
    }
    this.low = (v0l ^ v1l ^ v2l ^ v3l) >>> 0
    this.high = (v0h ^ v1h ^ v2h ^ v3h) >>> 0
  }
}
