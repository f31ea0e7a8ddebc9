import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryEnvironment } from '@sallyport/testkit'
import { BusStore, offsetsPerEpoch } from './bus-store.ts'
import { lagOf } from './lag.ts'
import { encodeRow } from './log-row.ts'
import { PartitionLog } from './partition-log.ts'

const topic = { name: 't', retention: { kind: 'age', ms: 1 } } as const

/** A log with these offsets, each published at its place in the list. */
async function logOf(offsets: readonly number[], epochNow?: number) {
  const environment = memoryEnvironment(epochNow === undefined ? {} : { epoch: epochNow })
  const store = new BusStore(environment)
  await store.register(['t'], 1)
  const keys = new PartitionLog(store, topic, 0, [])
  await environment.write(
    (transaction) => {
      for (const [index, offset] of offsets.entries()) {
        const row = encodeRow('k', {}, index, new Uint8Array(1))
        transaction.put(store.log, keys.key(offset), row)
      }
    },
    { durable: true },
  )
  return { store, log: new PartitionLog(store, topic, 0, []) }
}

const epoch = (number: number, ...offsets: readonly number[]) => offsets.map((offset) => number * offsetsPerEpoch + offset)

// A start after a crash that has written nothing yet: it put off all mail, as if 2^36 messages were waiting.
test('lag after an unclean start, before its first record', async () => {
  const { store, log } = await logOf(epoch(1, 0, 1, 2), 2)
  assert.equal(log.next, 2 * offsetsPerEpoch)
  assert.equal(lagOf(store, log, offsetsPerEpoch + 1, 1_000).records, 2)
})

for (const [what, offsets, watermark, records] of [
  ['nothing', [], 0, 0],
  ['one epoch', epoch(1, 0, 1, 2), offsetsPerEpoch + 1, 2],
  ['a watermark of an epoch before', epoch(1, 0, 1, 2), 7, 3],
  ['two epochs', [...epoch(1, 0, 1, 2), ...epoch(2, 0, 1)], offsetsPerEpoch + 2, 3],
  ['a watermark at the end of an epoch', [...epoch(1, 0, 1, 2), ...epoch(2, 0, 1)], offsetsPerEpoch + 3, 2],
  ['epochs without a record between', [...epoch(1, 0, 1), ...epoch(5, 0), ...epoch(9, 0, 1, 2)], 0, 6],
  ['all read', [...epoch(1, 0, 1), ...epoch(2, 0)], 2 * offsetsPerEpoch + 1, 0],
] as const) {
  test(`lag over ${what}`, async () => {
    const { store, log } = await logOf(offsets)
    const lag = lagOf(store, log, watermark, 1_000)
    assert.equal(lag.records, records)
    const oldest = offsets.findIndex((offset) => offset >= watermark)
    assert.equal(lag.oldestAgeMs, oldest < 0 ? 0 : 1_000 - oldest)
  })
}
