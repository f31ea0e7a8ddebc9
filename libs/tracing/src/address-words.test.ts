import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addressWords } from './address-words.ts'

const key = () => Buffer.alloc(32, 7)

test('an address is one word on one day, under one key, however it is written', () => {
  let now = 1_764_000_000_000
  const word = addressWords('hashed', key, () => now)
  const first = word('Anna@Example.com')
  assert.match(first, /^[0-9a-f]{16}$/)
  assert.equal(word('anna@example.com'), first)
  assert.notEqual(word('berta@example.com'), first)
  assert.notEqual(
    addressWords(
      'hashed',
      () => Buffer.alloc(32, 8),
      () => now,
    )('anna@example.com'),
    first,
  )
  now += 86_400_000
  assert.notEqual(word('anna@example.com'), first)
})

test('in clear only where that is asked for', () => {
  assert.equal(addressWords('clear', key, () => 0)('Anna@example.com'), 'Anna@example.com')
})
