import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RecentIds } from './recent-ids.ts'

test('an id is known for at least as long as is asked, and forgotten after twice that', () => {
  let now = 0
  const ids = new RecentIds({ elapsed: () => now, keepMs: 100, most: 10 })
  ids.add('a')
  now = 150
  ids.add('b')
  assert.deepEqual([ids.has('a'), ids.has('b')], [true, true])
  now = 260
  ids.add('c')
  assert.deepEqual([ids.has('a'), ids.has('b'), ids.has('c')], [false, true, true])
  ids.delete('b')
  assert.equal(ids.has('b'), false)
})

test('it stays bounded', () => {
  const ids = new RecentIds({ elapsed: () => 0, keepMs: 100, most: 3 })
  for (let n = 0; n < 100; n++) ids.add(String(n))
  assert.deepEqual([ids.has('99'), ids.has('96'), ids.has('90')], [true, true, false])
})
