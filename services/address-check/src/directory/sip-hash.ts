/** SipHash-2-4 (Aumasson and Bernstein, 2012): a keyed hash of 64 bits, on 32-bit integers, since BigInt is slow. */

/** What is hashed is read up to here, in octets of UTF-8. A mail address has at most 254. */
const maxOctets = 1024
const encoder = new TextEncoder()

/** Hashes texts. The result stands in `high` and `low` (unsigned) until the next text, so that nothing is allocated. */
export class SipHash {
  high = 0
  low = 0
  readonly #key: Int32Array
  readonly #octets = new Uint8Array(maxOctets)

  /** `key`: 16 octets, little-endian as in the paper. Random and secret, so that nobody can search for an address that collides. */
  constructor(key: Uint8Array) {
    const view = new DataView(key.buffer, key.byteOffset, 16)
    this.#key = Int32Array.from([0, 4, 8, 12], (at) => view.getInt32(at, true))
  }

  /** Hashes the UTF-8 form of the text. */
  hash(text: string): void {
    this.#finish(this.#writeAscii(text) ? text.length : encoder.encodeInto(text, this.#octets).written)
  }

  /** False where it is not ASCII or too long. */
  #writeAscii(text: string): boolean {
    const octets = this.#octets
    const { length } = text
    if (length > maxOctets) return false
    for (let at = 0; at < length; at++) {
      const code = text.charCodeAt(at)
      if (code > 0x7f) return false
      octets[at] = code
    }
    return true
  }

  #finish(length: number): void {
    const octets = this.#octets
    const [k0l = 0, k0h = 0, k1l = 0, k1h = 0] = this.#key
    let v0h = k0h ^ 0x736f6d65
    let v0l = k0l ^ 0x70736575
    let v1h = k1h ^ 0x646f7261
    let v1l = k1l ^ 0x6e646f6d
    let v2h = k0h ^ 0x6c796765
    let v2l = k0l ^ 0x6e657261
    let v3h = k1h ^ 0x74656462
    let v3l = k1l ^ 0x79746573
    const lastBlock = length >>> 3
    // The last block is filled up with zeros and the length; the four rounds of the end are those of two blocks of zeros.
    octets.fill(0, length, Math.min(maxOctets, (lastBlock + 1) << 3))
    for (let block = 0; block <= lastBlock + 2; block++) {
      const at = block << 3
      let mh = 0
      let ml = 0
      if (block <= lastBlock) {
        ml = (octets[at] ?? 0) | ((octets[at + 1] ?? 0) << 8) | ((octets[at + 2] ?? 0) << 16) | ((octets[at + 3] ?? 0) << 24)
        mh = (octets[at + 4] ?? 0) | ((octets[at + 5] ?? 0) << 8) | ((octets[at + 6] ?? 0) << 16) | ((octets[at + 7] ?? 0) << 24)
        if (block === lastBlock) mh |= (length & 0xff) << 24
      } else if (block === lastBlock + 1) {
        v2l ^= 0xff
      }
      v3h ^= mh
      v3l ^= ml
      for (let round = 0; round < 2; round++) {
        let low = (v0l + v1l) | 0
        v0h = (v0h + v1h + (low >>> 0 < v0l >>> 0 ? 1 : 0)) | 0
        v0l = low
        let high = (v1h << 13) | (v1l >>> 19)
        v1l = ((v1l << 13) | (v1h >>> 19)) ^ v0l
        v1h = high ^ v0h
        high = v0h
        v0h = v0l
        v0l = high
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
        high = v2h
        v2h = v2l
        v2l = high
      }
      v0h ^= mh
      v0l ^= ml
    }
    this.high = (v0h ^ v1h ^ v2h ^ v3h) >>> 0
    this.low = (v0l ^ v1l ^ v2l ^ v3l) >>> 0
  }
}
