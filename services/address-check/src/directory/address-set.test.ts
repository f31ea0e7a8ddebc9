import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { AddressSetBuilder } from './address-set.ts'
import { HashSetBuilder } from './hash-set-builder.ts'

async function setOf(...addresses: string[]) {
  const builder = new AddressSetBuilder()
  for (const address of addresses) builder.add(address)
  return await builder.finish()
}

test('an address is found in its case, or in any where that is ignored', async () => {
  const set = await setOf('ann@example.com', 'Bob.Lee@example.com', 'jürgen@example.com')
  const table: readonly [string, boolean, boolean][] = [
    ['ann@example.com', true, true],
    ['ANN@example.com', true, false],
    ['Bob.Lee@example.com', true, true],
    ['bob.lee@example.com', true, false],
    ['BOB.LEE@example.com', true, false],
    ['jürgen@example.com', true, true],
    ['JÜRGEN@example.com', true, false],
    ['jurgen@example.com', false, false],
    ['ann@example.org', false, false],
    ['', false, false],
  ]
  for (const [address, ignoring, keeping] of table) {
    assert.equal(set.has(address, true), ignoring, `${address}, case ignored`)
    assert.equal(set.has(address, false), keeping, `${address}, case kept`)
  }
})

test('repeats count once, and an empty set has nothing', async () => {
  const set = await setOf('ann@example.com', 'ann@example.com', 'Ann@example.com')
  assert.equal(set.size, 2)
  const empty = await setOf()
  assert.equal(empty.size, 0)
  assert.equal(empty.has('ann@example.com', true), false)
})

test('a million addresses are within 20 MB, all found, and others not', async () => {
  const count = 1_000_000
  const builder = new AddressSetBuilder()
  for (let index = 0; index < count; index++) builder.add(`user${index}@example.com`)
  const set = await builder.finish()
  assert.equal(set.size, count)
  assert.ok(set.byteLength <= 20_000_000, `${set.byteLength} octets`)
  for (let index = 0; index < count; index += 97) assert.ok(set.has(`user${index}@example.com`, true))
  for (let index = 0; index < count; index += 97) assert.ok(!set.has(`user${index}@example.org`, true))
})

test('also where every address has capitals, as mail systems export them', async () => {
  const builder = new AddressSetBuilder()
  for (let index = 0; index < 100_000; index++) builder.add(`First.Last${index}@example.com`)
  const set = await builder.finish()
  assert.ok(set.byteLength <= 2_000_000, `${set.byteLength} octets for 100,000`)
  assert.ok(set.has('first.last99999@example.com', true))
})

test('a set of hashes has exactly what was added', async () => {
  const half = fc.oneof(fc.integer({ min: 0, max: 3 }), fc.constantFrom(0xffffffff, 0x80000000, 0x7fffffff), fc.nat(0xffffffff))
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(half, half)), fc.array(fc.tuple(half, half)), async (added, others) => {
      const builder = new HashSetBuilder()
      for (const [high, low] of added) builder.add(high, low)
      const set = await builder.finish()
      const known = new Set(added.map(String))
      assert.equal(set.size, known.size)
      for (const [high, low] of [...added, ...others]) assert.equal(set.has(high, low), known.has(String([high, low])))
    }),
  )
})
