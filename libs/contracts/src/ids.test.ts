import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isMessageId, messageIdBound, messageIdTimeMs, newMessageId, partitionOf, withMessageIdTime } from './ids.ts'

test('ids are UUIDv7: well formed, unique, sorted, and carry their time', () => {
  const ids = Array.from({ length: 20_000 }, () => newMessageId(1_764_000_000_000))
  for (const id of ids) {
    assert.ok(isMessageId(id), id)
    assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  }
  assert.equal(new Set(ids).size, ids.length)
  assert.deepEqual(ids.toSorted(), ids)
  assert.ok(messageIdTimeMs(ids[0] ?? '') - 1_764_000_000_000 >= 0)
})

test('an id can be given another time, and bounds stand between times', () => {
  const id = withMessageIdTime(newMessageId(), 1_764_000_000_000)
  assert.ok(isMessageId(id), id)
  assert.equal(messageIdTimeMs(id), 1_764_000_000_000)
  assert.ok(messageIdBound(1_764_000_000_000) < id && id < messageIdBound(1_764_000_000_001))
})

test('partitionOf stays in range and spreads ids evenly', () => {
  const counts = new Array<number>(6).fill(0)
  for (let index = 0; index < 12_000; index++) {
    const partition = partitionOf(newMessageId(), 6)
    counts[partition] = (counts[partition] ?? 0) + 1
  }
  for (const count of counts) assert.ok(count > 1_600 && count < 2_400, String(counts))
})
