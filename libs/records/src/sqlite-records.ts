/** The records on SQLite (`node:sqlite`), for one machine. */
import { type FileHandle, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { MailEvent, MessageRecord } from '@sallyport/contracts'
import { assembleMessage, summaryOf } from './assemble-message.ts'
import { cursorOf, positionOf } from './cursor.ts'
import { type EventRow, rowOf } from './event-row.ts'
import type { Records } from './port.ts'
import { prepareSchema } from './sqlite-schema.ts'
import { storeError } from './store-error.ts'

/** Transactions are synchronous: so many rows at most keep the event loop for a few milliseconds only. */
const appendChunk = 250
const pruneChunk = 250

export interface SqliteRecords extends Records {
  /** `append` of events that were made rows elsewhere. */
  appendRows(rows: readonly EventRow[]): Promise<void>
}

/**
 * Opens or makes the database file. Fails with DATA_FOLDER_UNUSABLE or DATA_FOLDER_CORRUPT, naming the file. Transactions are
 * synchronous and short; what is slow, the flush, is awaited outside of the event loop.
 */
export async function openSqliteRecords(options: { readonly path: string; readonly now?: () => number }): Promise<SqliteRecords> {
  const { path, now = Date.now } = options
  const { database, generation } = openDatabase(path)
  const addEvent = database.prepare(
    'INSERT OR IGNORE INTO events (id, kind, subject, attempt, json) VALUES (?, ?, ?, ?, CAST(? AS TEXT))',
  )
  const addMessage = database.prepare(
    `INSERT INTO messages (id, application, at) VALUES (?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET at = excluded.at WHERE excluded.at < at`,
  )
  const setPosition = database.prepare(
    `INSERT INTO positions (partition, offset) VALUES (?, ?)
     ON CONFLICT (partition) DO UPDATE SET offset = excluded.offset WHERE excluded.offset > offset`,
  )
  const eventsOf = database.prepare('SELECT json FROM events WHERE id = ?')
  const page = database.prepare(
    `SELECT id, at FROM messages WHERE (at, id) < (?1, ?2) AND at >= ?3 ORDER BY at DESC, id DESC LIMIT ?4`,
  )
  const applicationPage = database.prepare(
    `SELECT id, at FROM messages WHERE application = ?5 AND (at, id) < (?1, ?2) AND at >= ?3 ORDER BY at DESC, id DESC LIMIT ?4`,
  )
  const oldest = database.prepare('SELECT id FROM messages WHERE at < ? ORDER BY at LIMIT ?')
  const deleteEvents = database.prepare('DELETE FROM events WHERE id = ?')
  const deleteMessage = database.prepare('DELETE FROM messages WHERE id = ?')
  const log = await openLog(path)

  function inTransaction(change: () => void): void {
    try {
      database.exec('BEGIN IMMEDIATE')
      change()
      database.exec('COMMIT')
    } catch (error) {
      if (database.isTransaction) database.exec('ROLLBACK')
      throw storeError(error, path)
    }
  }

  function addAll(rows: readonly EventRow[]): void {
    const positions = new Map<number, number>()
    for (const { id, kind, subject, attempt, application, at, json, partition, offset } of rows) {
      positions.set(partition, Math.max(offset, positions.get(partition) ?? 0))
      const { changes } = addEvent.run(id, kind, subject, attempt, json)
      if (changes) addMessage.run(id, application, at)
    }
    for (const [partition, offset] of positions) setPosition.run(partition, offset)
  }

  function message(id: string): MessageRecord | undefined {
    return assembleMessage(eventsOf.all(id).map(({ json }) => JSON.parse(String(json)) as MailEvent))
  }

  async function appendRows(rows: readonly EventRow[]): Promise<void> {
    for (let from = 0; from < rows.length; from += appendChunk) {
      if (from > 0) await nextTurn()
      inTransaction(() => addAll(rows.slice(from, from + appendChunk)))
    }
    // A commit does not flush (synchronous = NORMAL): the flush of the write-ahead log would stop the event loop there.
    await log.datasync().catch((error: unknown) => {
      throw storeError(error, path)
    })
  }

  return {
    generation,
    append: (events) => appendRows(events.map(rowOf)),
    appendRows,
    async positions() {
      const rows = database.prepare('SELECT partition, offset FROM positions').all()
      return new Map(rows.map(({ partition, offset }) => [Number(partition), Number(offset)]))
    },
    async message(id) {
      return message(id)
    },
    async messages({ application, since = 0, limit, cursor }) {
      const { at, id } = positionOf(cursor)
      const found =
        application === undefined ? page.all(at, id, since, limit + 1) : applicationPage.all(at, id, since, limit + 1, application)
      const rows = found.map(({ id, at }) => ({ id: String(id), at: Number(at) }))
      const shown = rows.slice(0, limit)
      const last = rows.length > limit ? shown.at(-1) : undefined
      const messages = shown.map((row) => message(row.id)).filter((record) => record !== undefined)
      return { messages: messages.map(summaryOf), next: last ? cursorOf(last.at, last.id) : null }
    },
    async prune(maxAgeMs) {
      let count = 0
      for (;;) {
        const rows = oldest.all(now() - maxAgeMs, pruneChunk)
        inTransaction(() => {
          for (const { id } of rows) {
            deleteEvents.run(String(id))
            deleteMessage.run(String(id))
          }
        })
        count += rows.length
        if (rows.length < pruneChunk) return count
        await nextTurn()
      }
    },
    async close() {
      await log.close()
      database.close()
    },
  }
}

function openDatabase(path: string): { readonly database: DatabaseSync; readonly generation: string } {
  try {
    const database = new DatabaseSync(path)
    return { database, generation: prepareSchema(database) }
  } catch (error) {
    throw storeError(error, path)
  }
}

/** The write-ahead log, which exists from the first transaction on; its name is made durable too. */
async function openLog(path: string): Promise<FileHandle> {
  try {
    const log = await open(`${path}-wal`, 'r+')
    const folder = await open(dirname(path), 'r')
    await folder.sync().finally(() => folder.close())
    return log
  } catch (error) {
    throw storeError(error, path)
  }
}
