import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { eventSubject, type MailEvent } from '@sallyport/contracts'
import { temporaryFolder } from '@sallyport/testkit'
import { told } from '../contract/stories.cases.ts'
import { recorded } from '../events.cases.ts'
import { openSqliteRecords } from './sqlite-records.ts'

/** A file as the first version of the store made it. */
function olderFile(path: string, events: readonly MailEvent[]): void {
  const database = new DatabaseSync(path)
  database.exec(`
    PRAGMA journal_mode = WAL;
    CREATE TABLE events (
      id TEXT NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL, attempt INTEGER NOT NULL, json TEXT NOT NULL,
      PRIMARY KEY (id, kind, subject, attempt)
    ) WITHOUT ROWID;
    CREATE TABLE messages (id TEXT PRIMARY KEY, application TEXT NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;
    CREATE INDEX messages_by_time ON messages (at, id);
    CREATE INDEX messages_by_application ON messages (application, at, id);
    CREATE TABLE generation (one INTEGER PRIMARY KEY CHECK (one = 1), name TEXT NOT NULL);
    CREATE TABLE positions (partition INTEGER PRIMARY KEY, offset INTEGER NOT NULL);
    INSERT INTO generation VALUES (1, '0123abcd'); INSERT INTO positions VALUES (2, 77); PRAGMA user_version = 1;
    BEGIN;
  `)
  const add = database.prepare('INSERT INTO events VALUES (?, ?, ?, ?, ?)')
  for (const event of events) {
    const { subject, attempt } = eventSubject(event)
    add.run(event.id, event.kind, subject, attempt, JSON.stringify(event))
  }
  database.exec('COMMIT')
  database.close()
}

test('what the first version kept is taken over: generation, positions and every message, also over a restart', async () => {
  using folder = temporaryFolder()
  const path = folder.join('records.db')
  const messages = Array.from({ length: 260 }, (_, index) =>
    told({ at: 1_764_000_000_000 + index, attempts: [[[0, 'delivered']]] }),
  )
  olderFile(
    path,
    messages.flatMap(({ events }) => events),
  )
  const first = await openSqliteRecords({ path })
  assert.equal(first.generation, '0123abcd')
  assert.deepEqual([...(await first.positions())], [[2, 77]])
  await first.close()
  const records = await openSqliteRecords({ path })
  await records.append(messages.slice(0, 3).flatMap(({ events }) => events.map((event) => recorded(event, 78))))
  await records.takenOver
  const { rows } = await records.statistics({ of: 'messages', by: [] })
  assert.deepEqual([rows[0]?.messages, rows[0]?.delivered], [260, 260])
  for (const { id } of messages) assert.equal((await records.message(id))?.attempts.length, 1)
  await records.close()
  const database = new DatabaseSync(path)
  assert.deepEqual(database.prepare("SELECT name FROM sqlite_schema WHERE name LIKE '%_1' OR name = 'generation'").all(), [])
  database.close()
})
