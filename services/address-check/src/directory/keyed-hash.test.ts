import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { KeyedHash } from './keyed-hash.ts'

/** The first and others of the vectors that come with the reference code: key 00 01 … 0f, input 00 01 … n−1. */
const vectors: readonly [number, string][] = [
  [0, '310e0edd47db6f72'],
  [1, 'fd67dc93c539f874'],
  [2, '5a4fa9d909806c0d'],
  [3, '2d7efbd796666785'],
  [7, '37d1018bf50002ab'],
  [8, '6224939a79f5f593'],
  [15, 'e545be4961ca29a1'],
]
const key = Uint8Array.from({ length: 16 }, (_, index) => index)

const hex = (hash: KeyedHash): string => {
  const view = new DataView(new ArrayBuffer(8))
  view.setUint32(0, hash.low, true)
  view.setUint32(4, hash.high, true)
  return Buffer.from(view.buffer).toString('hex')
}

for (const [length, expected] of vectors) {
  test(`the reference vector of ${length} octets`, () => {
    const hash = new KeyedHash(key)
    hash.digest(String.fromCharCode(...Array.from({ length }, (_, index) => index)))
    assert.equal(hex(hash), expected)
  })
}

/** The paper, with big integers. */
function reference(secret: Uint8Array, input: Uint8Array): string {
  const mask = 2n ** 64n - 1n
  const word = (bytes: Uint8Array, at: number): bigint => Buffer.from(bytes).readBigUInt64LE(at)
  const left = (value: bigint, by: bigint): bigint => ((value << by) | (value >> (64n - by))) & mask
  const [k0, k1] = [word(secret, 0), word(secret, 8)]
  let [v0, v1, v2, v3] = [0x736f6d6570736575n ^ k0, 0x646f72616e646f6dn ^ k1, 0x6c7967656e657261n ^ k0, 0x7465646279746573n ^ k1]
  const round = (): void => {
    v0 = (v0 + v1) & mask
    v1 = left(v1, 13n) ^ v0
    v0 = left(v0, 32n)
    v2 = (v2 + v3) & mask
    v3 = left(v3, 16n) ^ v2
    v0 = (v0 + v3) & mask
    v3 = left(v3, 21n) ^ v0
    v2 = (v2 + v1) & mask
    v1 = left(v1, 17n) ^ v2
    v2 = left(v2, 32n)
  }
  const padded = Buffer.alloc((input.length >>> 3) * 8 + 8)
  padded.set(input)
  padded[padded.length - 1] = input.length & 0xff
  for (let at = 0; at < padded.length; at += 8) {
    const block = word(padded, at)
    v3 ^= block
    round()
    round()
    v0 ^= block
  }
  v2 ^= 0xffn
  for (let count = 0; count < 4; count++) round()
  const digest = Buffer.alloc(8)
  digest.writeBigUInt64LE(v0 ^ v1 ^ v2 ^ v3)
  return digest.toString('hex')
}

test('it is SipHash-2-4 of the UTF-8 octets, for any text and key', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', maxLength: 120 }),
      fc.uint8Array({ minLength: 16, maxLength: 16 }),
      (text, secret) => {
        const hash = new KeyedHash(secret)
        hash.digest(text)
        assert.equal(hex(hash), reference(secret, Buffer.from(text)))
      },
    ),
  )
})

test('keys differ by chance, and what is too long is refused', () => {
  const one = new KeyedHash()
  const other = new KeyedHash()
  one.digest('a')
  other.digest('a')
  assert.notEqual(hex(one), hex(other))
  assert.throws(() => one.digest('x'.repeat(1025)), RangeError)
  assert.throws(() => one.digest('ü'.repeat(513)), RangeError)
})
