import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { addressSetBuilder } from './address-set.ts'

async function setOf(addresses: Iterable<string>) {
  const builder = addressSetBuilder()
  for (const address of addresses) builder.add(address)
  return await builder.build()
}

test('a million addresses take at most 20 MB, and each is found', async () => {
  const count = 1_000_000
  const set = await setOf(
    (function* () {
      for (let at = 0; at < count; at++) yield `user.${at}@example.com`
    })(),
  )
  assert.equal(set.size, count)
  assert.ok(set.heldBytes <= 20_000_000, `${set.heldBytes} bytes`)
  assert.ok(set.heldBytes >= count * 8)
  for (let at = 0; at < count; at += 97) assert.ok(set.has(`user.${at}@example.com`))
  for (let at = 0; at < count; at += 97) assert.ok(!set.has(`other.${at}@example.com`))
})

test('an empty set has nothing', async () => {
  const set = await setOf([])
  assert.equal(set.size, 0)
  assert.ok(!set.has('user@example.com'))
  assert.ok(!set.has(''))
})

test('it holds what a Set holds, duplicates counted once', async () => {
  const texts = fc.array(fc.oneof(fc.string({ maxLength: 12 }), fc.string({ unit: 'grapheme', maxLength: 5 })), { maxLength: 400 })
  await fc.assert(
    fc.asyncProperty(texts, texts, async (added, asked) => {
      // A lone surrogate has no UTF-8 of its own; no address has one.
      const reference = new Set(added.filter((text) => text.isWellFormed()))
      const set = await setOf([...reference, ...[...reference].slice(0, 50)])
      assert.equal(set.size, reference.size)
      for (const text of reference) assert.ok(set.has(text))
      for (const text of asked) if (text.isWellFormed()) assert.equal(set.has(text), reference.has(text))
    }),
    { numRuns: 100 },
  )
})

test('a builder can be used again', async () => {
  const builder = addressSetBuilder()
  builder.add('a@example.com')
  const first = await builder.build()
  builder.add('b@example.com')
  const second = await builder.build()
  assert.deepEqual([first.has('a@example.com'), first.has('b@example.com')], [true, false])
  assert.deepEqual([second.has('a@example.com'), second.has('b@example.com')], [false, true])
})
