import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SipHash } from './sip-hash.ts'

const key = Uint8Array.from({ length: 16 }, (_, at) => at)

/** Of the reference implementation (vectors_sip64): octets 0, 1, 2 … n−1 under the key 00 … 0f, little-endian. */
const vectors: readonly (readonly [octets: number, hash: string])[] = [
  [0, '310e0edd47db6f72'],
  [1, 'fd67dc93c539f874'],
  [2, '5a4fa9d909806c0d'],
  [7, '37d1018bf50002ab'],
  [8, '6224939a79f5f593'],
  [15, 'e545be4961ca29a1'],
  [16, 'db9bc2577fcc2a3f'],
]

for (const [octets, expected] of vectors) {
  test(`the published vector of ${octets} octets`, () => {
    const hash = new SipHash(key)
    hash.hash(String.fromCharCode(...Array.from({ length: octets }, (_, at) => at)))
    const written = Buffer.alloc(8)
    written.writeUInt32LE(hash.low, 0)
    written.writeUInt32LE(hash.high, 4)
    assert.equal(written.toString('hex'), expected)
  })
}

test('texts beyond ASCII are hashed as UTF-8, whatever was hashed before', () => {
  const hash = new SipHash(key)
  hash.hash('a much longer text, which leaves octets behind')
  hash.hash('jürgen@example.com')
  const first = [hash.high, hash.low]
  const other = new SipHash(key)
  other.hash('jürgen@example.com')
  assert.deepEqual(first, [other.high, other.low])
  other.hash('jurgen@example.com')
  assert.notDeepEqual(first, [other.high, other.low])
})

test('another key gives another hash', () => {
  const one = new SipHash(key)
  const two = new SipHash(new Uint8Array(16))
  one.hash('user@example.com')
  two.hash('user@example.com')
  assert.notDeepEqual([one.high, one.low], [two.high, two.low])
})
