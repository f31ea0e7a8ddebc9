import assert from 'node:assert/strict'
import { test } from 'node:test'
import { KafkaLane } from './kafka-lane.ts'

const record = (offset: number, bytes = 1) => ({
  offset,
  key: String(offset),
  value: new Uint8Array(bytes),
  headers: {},
  timestampMs: 1_000 + offset,
})
const records = (from: number, to: number, bytes = 1) => Array.from({ length: to - from }, (_, n) => record(from + n, bytes))

function takeAll(lane: KafkaLane): number[] {
  const offsets: number[] = []
  for (let entry = lane.take(); entry && 'record' in entry; entry = lane.take()) offsets.push(entry.record.offset)
  return offsets
}

test('what is fetched comes out in order, with its time', () => {
  const lane = new KafkaLane({ topic: 't', partition: 2 }, 5, () => {})
  assert.equal(lane.accept(5, records(5, 8), 8), 'taken')
  const first = lane.take()
  assert.ok(first && 'record' in first)
  const { topic, partition, offset, publishedAt } = first.record
  assert.deepEqual([topic, partition, offset, publishedAt], ['t', 2, 5, 1_005])
  assert.deepEqual(takeAll(lane), [6, 7])
  assert.equal(lane.next, 8)
})

test('what was fetched before is passed over: after joining anew the client begins at what is committed', () => {
  const lane = new KafkaLane({ topic: 't', partition: 0 }, 0, () => {})
  lane.accept(0, records(0, 4), 4)
  assert.equal(lane.accept(1, records(1, 6), 6), 'taken')
  assert.equal(lane.accept(2, records(2, 5), 5), 'taken')
  assert.deepEqual([takeAll(lane), lane.next], [[0, 1, 2, 3, 4, 5], 6])
})

test('a fetch from behind what is to come next is a gap, and nothing of it is taken', () => {
  const lane = new KafkaLane({ topic: 't', partition: 0 }, 0, () => {})
  lane.accept(0, records(0, 2), 2)
  assert.equal(lane.accept(3, records(3, 6), 6), 'gap')
  assert.deepEqual([takeAll(lane), lane.next], [[0, 1], 2])
})

for (const [what, many, bytes] of [
  ['records', 300, 1],
  ['bytes', 20, 100_000],
] as const) {
  test(`full at some ${what}, and room again at half of it`, () => {
    let rooms = 0
    const lane = new KafkaLane({ topic: 't', partition: 0 }, 0, () => void rooms++)
    lane.accept(0, records(0, 2, bytes), 2)
    assert.equal(lane.isFull, false)
    lane.accept(2, records(2, many, bytes), many)
    assert.equal(lane.isFull, true)
    lane.take()
    assert.deepEqual([lane.isFull, rooms], [true, 0])
    takeAll(lane)
    assert.deepEqual([lane.isFull, rooms], [false, 1])
  })
}
