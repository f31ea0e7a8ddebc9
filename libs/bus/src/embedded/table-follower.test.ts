import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryEnvironment } from '@sallyport/testkit'
import type { BusRecord } from '../port.ts'
import { BusStore } from './bus-store.ts'
import { encodeRow } from './log-row.ts'
import { rowKey, rowValue, TableFollower } from './table-follower.ts'

const rowsOfLoad = 450

/** A table of rows `k0` … that all stand at offset 10, and what a follower of it was told. */
async function world() {
  const environment = memoryEnvironment()
  const store = new BusStore(environment)
  await store.register(['t', 'u'], 1)
  const put = (topic: string, key: string, offset: number, value: string): Promise<void> =>
    environment.write((transaction) =>
      transaction.put(store.rows, rowKey(store, topic, key), rowValue(0, offset, encodeRow(key, undefined, 0, Buffer.from(value)))),
    )
  for (let n = 0; n < rowsOfLoad; n++) await put('t', `k${n}`, 10, 'old')
  await put('u', 'other', 1, 'other')
  const told: string[] = []
  const follow = (): TableFollower =>
    new TableFollower({ topic: 't', onRow: (key, value) => told.push(`${key}=${value && Buffer.from(value)}`) }, store, 1, () => {})
  return { environment, store, put, told, follow }
}

const change = (key: string, offset: number, value: string | null): BusRecord => ({
  topic: 't',
  partition: 0,
  offset,
  key,
  headers: {},
  publishedAt: 0,
  value: value === null ? null : Buffer.from(value),
})

test('every row of the table is handed over, in several turns', async () => {
  const { told, follow } = await world()
  await follow().loaded
  assert.deepEqual(told.sort(), Array.from({ length: rowsOfLoad }, (_, n) => `k${n}=old`).sort())
})

test('a change during the load is told once: as the row, where it was read so, or else after it', async () => {
  const { put, told, follow } = await world()
  const follower = follow()
  await put('t', 'k99', 11, 'new')
  follower.committed(change('k99', 11, 'new'))
  follower.committed(change('k0', 12, 'newer'))
  follower.committed(change('k1', 13, null))
  follower.committed(change('gone', 14, null))
  await follower.loaded
  const of = (key: string): string[] => told.filter((row) => row.startsWith(`${key}=`))
  assert.deepEqual(of('k99').at(-1), 'k99=new')
  assert.equal(of('k99').filter((row) => row === 'k99=new').length, 1)
  assert.deepEqual([of('k0'), of('k1'), of('gone')], [['k0=old', 'k0=newer'], ['k1=old', 'k1=null'], ['gone=null']])
  follower.committed(change('k0', 15, 'newest'))
  assert.equal(told.at(-1), 'k0=newest')
})

test('a damaged row fails the load by its key', async () => {
  const { environment, store, follow } = await world()
  for (const row of [Buffer.alloc(3), Buffer.alloc(40)]) {
    await environment.write((transaction) => transaction.put(store.rows, rowKey(store, 't', 'k5'), row))
    await assert.rejects(follow().loaded, /the row [0-9a-f]+ of the table t is damaged/)
  }
})
