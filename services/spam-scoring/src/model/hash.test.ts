import assert from 'node:assert/strict'
import { test } from 'node:test'
import { finished, fnvBasis, fnvPrime, hashPair, hashText } from './hash.ts'

/** Models hold these: a change of any makes every model worthless, and needs another feature version. */
const texts: readonly (readonly [string, number, number])[] = [
  ['', 0, 0x8e5e3ba7],
  ['a', 0, 0x74539d0b],
  ['click', 0, 0x0bce006a],
  ['click', 1, 0x289b112f],
  ['größe', 0, 0xe944e7f3],
  ['請求書', 3, 0x6a8b8653],
]

test('hashes of strings are what they were', () => {
  for (const [text, namespace, expected] of texts) assert.equal(hashText(text, namespace), expected, `${text} ${namespace}`)
})

test('the finalizer is that of MurmurHash3, and FNV-1a has its published parameters', () => {
  assert.equal(finished(0), 0)
  assert.equal(finished(1), 0x514e28b7)
  assert.equal(finished(0xffffffff), 0x81f16f39)
  let hash = fnvBasis
  for (const unit of Buffer.from('foobar')) hash = Math.imul(hash ^ unit, fnvPrime)
  assert.equal(hash >>> 0, 0xbf9cf968)
})

test('a pair is ordered, and its namespace counts', () => {
  assert.notEqual(hashPair(1, 2, 0), hashPair(2, 1, 0))
  assert.notEqual(hashPair(1, 2, 0), hashPair(1, 2, 1))
  assert.equal(hashPair(1, 2, 0), hashPair(1, 2, 0))
})
