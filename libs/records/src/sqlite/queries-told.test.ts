/** Every statement is told with how long it took, out of the thread of the records. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type CallEnded, newMessageId } from '@sallyport/contracts'
import { temporaryFolder } from '@sallyport/testkit'
import { eventsOf, recorded } from '../events.cases.ts'
import { operationName } from '../sql/operation-name.ts'
import { openThreadedRecords } from './threaded-records.ts'

test('appends and questions are told as few words, with their seconds', async () => {
  using folder = temporaryFolder()
  const told: Parameters<CallEnded>[] = []
  const records = await openThreadedRecords({ path: folder.join('r.db'), onQuery: (...query) => told.push(query) })
  const id = newMessageId()
  await records.append([recorded(eventsOf(id).settled(), 1)])
  await records.message(id)
  await records.messages({ limit: 10 })
  await records.close()
  assert.deepEqual(told.map(([operation]) => operation).slice(0, 3), ['BATCH INSERT', 'SELECT', 'SELECT'])
  for (const [, seconds, error] of told) assert.ok(seconds >= 0 && seconds < 60 && error === undefined)
})

test('a statement is told by what it does', () => {
  const names: Readonly<Record<string, string>> = {
    'select "id" from "messages"': 'SELECT',
    '\n  (SELECT 1) UNION (SELECT 2)': 'SELECT',
    'WITH x AS (SELECT 1) SELECT * FROM x': 'SELECT',
    'BEGIN; SELECT pg_advisory_xact_lock(1)': 'BEGIN',
    'insert into t values (1)': 'INSERT',
    'EXPLAIN SELECT 1': 'OTHER',
    '': 'OTHER',
  }
  for (const [sql, name] of Object.entries(names)) assert.equal(operationName(sql), name, sql)
})
