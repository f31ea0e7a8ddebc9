import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GroupLag } from './group-lag.ts'

const now = 1_000_000

function world() {
  const committed = new Map<number, number>()
  const bounds = [
    { partition: 0, low: 0, high: 10 },
    { partition: 1, low: 5, high: 5 },
    { partition: 2, low: 20, high: 25 },
  ]
  const read: string[] = []
  const lag = new GroupLag(
    {
      committed: async () => Array.from(committed, ([partition, offset]) => ({ topic: 't', partition, offset })),
      bounds: async () => bounds,
      async recordAt({ partition, offset }) {
        read.push(`${partition}@${offset}`)
        return { offset, key: '', value: null, headers: {}, timestampMs: now - 100 * (100 - offset) }
      },
    },
    () => now,
  )
  return { committed, bounds, read, lag }
}

const at = (partition: number, records: number, oldestAgeMs: number) => ({ topic: 't', partition, records, oldestAgeMs })

test('a group that never committed is behind by all that is kept', async () => {
  assert.deepEqual(await world().lag.of('g', ['t']), [at(0, 10, 10_000), at(1, 0, 0), at(2, 5, 8_000)])
})

test('from what it committed, but not from below what is kept', async () => {
  const { committed, lag } = world()
  committed.set(0, 7).set(1, 5).set(2, 3)
  assert.deepEqual(await lag.of('g', ['t']), [at(0, 3, 9_300), at(1, 0, 0), at(2, 5, 8_000)])
})

test('the age of a record is read once, and anew when the watermark moved', async () => {
  const { committed, read, lag } = world()
  await lag.of('g', ['t'])
  await lag.of('g', ['t'])
  assert.deepEqual(read, ['0@0', '2@20'])
  committed.set(0, 4)
  await lag.of('g', ['t'])
  assert.deepEqual(read, ['0@0', '2@20', '0@4'])
})

test('a record that was published after our clock is young, and has an age', async () => {
  const { bounds, committed, lag } = world()
  bounds.splice(0, 3, { partition: 0, low: 0, high: 200 })
  committed.set(0, 150)
  assert.deepEqual(await lag.of('g', ['t']), [at(0, 50, 1)])
})
