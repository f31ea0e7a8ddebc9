import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { eventually, silentLogger } from '@sallyport/testkit'
import type { TopicPartition } from '../port.ts'
import type { FetchedRecord, GrouplessReader } from './client-port.ts'
import { TableReader } from './table-reader.ts'

/** Partitions 0 and 1 of every topic, each with another leader. */
function world(t: TestContext) {
  const log: (FetchedRecord & TopicPartition)[] = []
  const state = { failures: 0, closed: false }
  const reader: GrouplessReader = {
    leaders: async (topics) => new Map([0, 1].map((partition) => [partition + 10, topics.map((topic) => ({ topic, partition }))])),
    bounds: async () => [],
    async fetch(_leader, from) {
      await new Promise((resolve) => setTimeout(resolve, 5))
      if (state.closed) throw new Error('closed')
      if (state.failures > 0) {
        state.failures--
        throw new Error('the leader moved')
      }
      return from.map(({ topic, partition, offset }) => {
        const of = log.filter((one) => one.topic === topic && one.partition === partition)
        return { topic, partition, records: of.filter((one) => one.offset >= offset), high: (of.at(-1)?.offset ?? -1) + 1 }
      })
    },
    async close() {
      state.closed = true
    },
  }
  const tables = new TableReader(reader, silentLogger())
  t.after(() => tables.close())
  const put = (topic: string, partition: number, offset: number, key: string, value: string | null): void => {
    log.push({ topic, partition, offset, key, value: value === null ? null : Buffer.from(value), headers: {}, timestampMs: 0 })
  }
  const follow = (topic: string, highs: readonly [number, number]) => {
    const rows: string[] = []
    const onRow = (key: string, value: Uint8Array | null): void => {
      rows.push(`${key}=${value === null ? 'null' : Buffer.from(value).toString()}`)
    }
    const bounds = highs.map((high, partition) => ({ partition, low: 0, high }))
    return { rows, table: tables.follow({ topic, onRow }, bounds) }
  }
  return { put, follow, state, tables }
}

const soon = (condition: () => unknown, what: string) => eventually(condition, { deadlineMs: 20_000, what })

test('the last row of each key, without what was deleted; then every change, deletions too', async (t) => {
  const { put, follow } = world(t)
  put('a', 0, 0, 'k', '1')
  put('a', 0, 4, 'k', '2')
  put('a', 1, 0, 'gone', '1')
  put('a', 1, 1, 'gone', null)
  const { rows, table } = follow('a', [5, 2])
  await table.loaded
  assert.deepEqual(rows, ['k=2'])
  put('a', 0, 5, 'k', null)
  put('a', 0, 6, 'k', '3')
  await soon(() => rows.length === 3, 'the changes')
  assert.deepEqual(rows, ['k=2', 'k=null', 'k=3'])
})

test('an empty table is loaded at once', async (t) => {
  const { follow } = world(t)
  const { rows, table } = follow('a', [0, 0])
  await table.loaded
  assert.deepEqual(rows, [])
})

test('a table that is opened later, and a second follower of the first, see all of theirs and nothing else', async (t) => {
  const { put, follow } = world(t)
  put('a', 0, 0, 'k', '1')
  put('b', 1, 0, 'k', 'b')
  const first = follow('a', [1, 0])
  await first.table.loaded
  const [second, other] = [follow('a', [1, 0]), follow('b', [0, 1])]
  await Promise.all([second.table.loaded, other.table.loaded])
  put('a', 1, 0, 'l', '2')
  await soon(() => first.rows.length === 2 && second.rows.length === 2, 'the change')
  assert.deepEqual([first.rows, second.rows, other.rows], [['k=1', 'l=2'], ['k=1', 'l=2'], ['k=b']])
})

test('what fails is tried again: nothing is missed and nothing comes twice', async (t) => {
  const { put, follow, state } = world(t)
  put('a', 0, 0, 'k', '1')
  const { rows, table } = follow('a', [1, 0])
  await table.loaded
  state.failures = 4
  put('a', 0, 1, 'k', '2')
  await soon(() => rows.length === 2, 'the change')
  put('a', 0, 2, 'k', '3')
  await soon(() => rows.length === 3, 'the next')
  assert.deepEqual(rows, ['k=1', 'k=2', 'k=3'])
})

test('a follower that stopped sees nothing more, and the others go on', async (t) => {
  const { put, follow } = world(t)
  const [stopped, other] = [follow('a', [0, 0]), follow('a', [0, 0])]
  await stopped.table.stop()
  put('a', 0, 0, 'k', '1')
  await soon(() => other.rows.length === 1, 'the other')
  assert.deepEqual(stopped.rows, [])
})
