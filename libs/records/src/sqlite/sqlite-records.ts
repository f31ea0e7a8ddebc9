/** The records on SQLite (`node:sqlite`), for one machine. */
import { type FileHandle, open, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { MessageRecord } from '@sallyport/contracts'
import { type CallEnded, messageIdBound, messageIdTimeMs } from '@sallyport/contracts/basics'
import { Kysely } from 'kysely'
import { assembleMessage } from '../assemble-message.ts'
import { unpackEvents } from '../event-json.ts'
import type { RecordedEvent, Records } from '../port.ts'
import { answersOf } from '../sql/queries.ts'
import type { Reading, Tables } from '../sql/tables.ts'
import { idBytes, idText } from './id-bytes.ts'
import { nodeSqliteDialect } from './sqlite-dialect.ts'
import { pruneSqlite } from './sqlite-prune.ts'
import { prepareSchema } from './sqlite-schema.ts'
import { sqliteWriter } from './sqlite-writer.ts'
import { storeError } from './store-error.ts'
import { takeOverOlderEvents } from './take-over.ts'
import { timeStatement } from './time-statement.ts'

/** Transactions are synchronous: so many rows at most keep questions waiting for some hundredths of a second only. */
const appendChunk = 4000

export interface SqliteRecordsOptions {
  readonly path: string
  /** Ms since the epoch. */
  readonly now?: () => number
  /** Told of each query, by its operation, and of each transaction that appends as `BATCH INSERT`. */
  readonly onQuery?: CallEnded | undefined
}

export interface SqliteRecords extends Records {
  /** Resolves when what an earlier version kept has been taken over. */
  readonly takenOver: Promise<void>
}

/**
 * Opens or makes the database file. Fails with DATA_FOLDER_UNUSABLE or DATA_FOLDER_CORRUPT, naming the file. Transactions are
 * synchronous and short; what is slow, the flush, is awaited outside of the event loop. Events of an earlier version are taken
 * over in the background.
 */
export async function openSqliteRecords(options: SqliteRecordsOptions): Promise<SqliteRecords> {
  const { path, now = Date.now, onQuery } = options
  const { database, generation } = openDatabase(path)
  const log = await openLog(path)
  const writer = sqliteWriter(database)
  const eventsOf = database.prepare('SELECT json FROM events WHERE id = ?')
  const reading: Reading = { db: new Kysely<Tables>({ dialect: nodeSqliteDialect(database, onQuery) }), idValue: idBytes, idText }
  const stopping = new AbortController()

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

  function addAll(rows: readonly RecordedEvent[]): void {
    writer.append(rows)
    const positions = new Map<number, number>()
    for (const { partition, offset } of rows) {
      if (partition !== null) positions.set(partition, Math.max(offset, positions.get(partition) ?? 0))
    }
    for (const [partition, offset] of positions) writer.setPosition(partition, offset)
  }

  async function message(id: string): Promise<MessageRecord | undefined> {
    const rows = timeStatement('SELECT', onQuery, () => eventsOf.all(idBytes(id)))
    return assembleMessage(rows.flatMap(({ json }) => unpackEvents(json as Uint8Array)))
  }

  /** A commit does not flush (synchronous = NORMAL): the flush of the write-ahead log would stop the event loop there. */
  async function flush(): Promise<void> {
    await log.datasync().catch((error: unknown) => {
      throw storeError(error, path)
    })
  }

  async function append(rows: readonly RecordedEvent[]): Promise<void> {
    for (let from = 0; from < rows.length; from += appendChunk) {
      if (from > 0) await nextTurn()
      const chunk = rows.slice(from, from + appendChunk)
      timeStatement('BATCH INSERT', onQuery, () => inTransaction(() => addAll(chunk)))
    }
    await flush()
  }

  const guard = <T>(answer: Promise<T>): Promise<T> =>
    answer.catch((error: unknown) => {
      throw storeError(error, path)
    })
  const takenOver = takeOverOlderEvents({ database, inTransaction, append: (rows) => writer.append(rows), signal: stopping.signal })
  takenOver.catch(() => undefined)
  return {
    generation,
    system: 'sqlite',
    takenOver,
    append,
    async positions() {
      const rows = database.prepare('SELECT partition, "offset" FROM positions').all()
      return new Map(rows.map(({ partition, offset }) => [Number(partition), Number(offset)]))
    },
    message,
    ...answersOf(reading, now, guard),
    async state() {
      const edge = (order: 'asc' | 'desc') =>
        reading.db.selectFrom('messages').select('id').orderBy('id', order).limit(1).executeTakeFirst()
      const [oldest, newest] = [await edge('asc'), await edge('desc')]
      const oldestAt = oldest ? messageIdTimeMs(idText(oldest.id)) : null
      const counted = await answersOf(reading, now, guard).statistics({ of: 'messages', by: [], since: oldestAt ?? 0 })
      const sizes = await Promise.all([path, `${path}-wal`].map((file) => stat(file).then(({ size }) => size)))
      return {
        store: 'sqlite',
        messages: oldest ? (counted.rows[0]?.messages ?? 0) : 0,
        bytes: sizes.reduce((sum, size) => sum + size, 0),
        oldestAt,
        newestAt: newest ? messageIdTimeMs(idText(newest.id)) : null,
      }
    },
    prune: ({ messagesMs, rollupsMs }) =>
      pruneSqlite(database, inTransaction, {
        messagesBefore: now() - messagesMs,
        rollupsBefore: now() - Math.max(messagesMs, rollupsMs),
        bound: idBytes(messageIdBound(Math.max(0, now() - messagesMs))),
      }),
    async close() {
      stopping.abort()
      await takenOver.catch(() => undefined)
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
