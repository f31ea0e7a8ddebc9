/** The records on PostgreSQL 15 or newer, for several consoles on several machines. */
import { isMessageId, type MessageRecord, messageIdBound, messageIdTimeMs } from '@sallyport/contracts'
import { Kysely, PostgresDialect } from 'kysely'
import type { ClientBase } from 'pg'
import type { Records } from '../port.ts'
import { dayMs } from '../project/tally.ts'
import { keptMessages } from '../sql/kept-messages.ts'
import { answersOf } from '../sql/queries.ts'
import { countKinds, type Reading, type Tables } from '../sql/tables.ts'
import { postgresError } from './postgres-error.ts'
import { openPool, type PoolOptions, type PostgresServer, serverName } from './postgres-pool.ts'
import { dayOfId, dropPartitions, makePartitions, prepareSchema } from './postgres-schema.ts'
import { appendRows } from './postgres-writer.ts'

export interface PostgresRecordsOptions extends PoolOptions {
  readonly server: PostgresServer
  readonly now?: () => number
}

/** Partitions are made so many days ahead. */
const daysAhead = 2

/**
 * Connects, and makes the tables that are missing. Fails with STORE_UNAVAILABLE, saying what to do. A server that goes away later
 * fails what is asked meanwhile with the same; the next question connects anew.
 */
export async function openPostgresRecords({ server, now = Date.now, ...limits }: PostgresRecordsOptions): Promise<Records> {
  const pool = openPool(server, limits)
  const name = serverName(server)
  const knownDays = new Set<number>()
  const reading: Reading = {
    db: new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) }),
    idValue: (id) => id,
    idText: String,
  }

  const guard = <T>(answer: Promise<T>): Promise<T> =>
    answer.catch((error: unknown) => {
      throw postgresError(error, name)
    })

  /** One connection for `work`; one on which it failed is not used again. */
  async function withClient<T>(work: (client: ClientBase) => Promise<T>): Promise<T> {
    const client = await pool.connect()
    // A connection that ends between two statements says so here as well; the next statement fails.
    const onEnd = (): void => undefined
    client.on('error', onEnd)
    try {
      const result = await work(client)
      client.removeListener('error', onEnd)
      client.release()
      return result
    } catch (error) {
      client.release(true)
      throw error
    }
  }

  async function makeDays(client: ClientBase, days: readonly number[]): Promise<void> {
    const missing = [...new Set(days)].filter((day) => !knownDays.has(day))
    if (missing.length === 0) return
    await makePartitions(client, missing)
    for (const day of missing) knownDays.add(day)
  }

  const today = (): number => Math.floor(now() / dayMs)
  const ahead = (): number[] => Array.from({ length: daysAhead + 1 }, (_, index) => today() + index)

  async function message(id: string): Promise<MessageRecord | undefined> {
    return isMessageId(id) ? (await keptMessages(reading, [id])).get(id.toLowerCase()) : undefined
  }

  const answers = answersOf(reading, now, guard)
  const generation = await withClient(async (client) => {
    const found = await prepareSchema(client)
    await makeDays(client, ahead())
    return found
  }).catch(async (error: unknown) => {
    await pool.end()
    throw postgresError(error, name)
  })

  return {
    generation,
    system: 'postgresql',
    append(events) {
      return guard(
        withClient(async (client) => {
          const { rows: stores } = await client.query<{ horizon: number }>('SELECT horizon FROM store')
          const horizonDay = Math.ceil((stores[0]?.horizon ?? 0) / dayMs)
          await makeDays(
            client,
            events.map(({ event }) => dayOfId(event.id)).filter((day) => day >= horizonDay),
          )
          await appendRows(client, events)
        }),
      )
    },
    positions: () =>
      guard(
        reading.db
          .selectFrom('positions')
          .selectAll()
          .execute()
          .then((rows) => new Map(rows.map(({ partition, offset }) => [partition, offset]))),
      ),
    message: (id) => guard(message(id)),
    ...answers,
    async state() {
      const edge = (order: 'asc' | 'desc') =>
        guard(reading.db.selectFrom('messages').select('id').orderBy('id', order).limit(1).executeTakeFirst())
      const [oldest, newest] = [await edge('asc'), await edge('desc')]
      const oldestAt = oldest ? messageIdTimeMs(String(oldest.id)) : null
      const counted = oldestAt === null ? undefined : await answers.statistics({ of: 'messages', by: [], since: oldestAt })
      const size = await guard(
        withClient((client) => client.query<{ bytes: number }>('SELECT pg_database_size(current_database()) AS bytes')),
      )
      return {
        store: 'postgresql',
        messages: counted?.rows[0]?.messages ?? 0,
        bytes: size.rows[0]?.bytes ?? 0,
        oldestAt,
        newestAt: newest ? messageIdTimeMs(String(newest.id)) : null,
      }
    },
    /** By whole days of UTC: a message is forgotten with the day that it came on. */
    prune: ({ messagesMs, rollupsMs }) =>
      guard(
        withClient(async (client) => {
          await makeDays(client, ahead())
          const day = Math.floor((now() - messagesMs) / dayMs)
          const countedDay = Math.floor((now() - Math.max(messagesMs, rollupsMs)) / dayMs)
          await client.query('UPDATE store SET horizon = greatest(horizon, $1)', [Math.max(0, day * dayMs)])
          const messages = await dropPartitions(client, day)
          for (const known of knownDays) if (known < day) knownDays.delete(known)
          await client.query('DELETE FROM attempt_groups WHERE first_id < $1', [messageIdBound(Math.max(0, day * dayMs))])
          await client.query('DELETE FROM daily_identities WHERE day < $1', [day])
          for (const kind of countKinds) {
            await client.query(`DELETE FROM hourly_${kind} WHERE hour < $1`, [countedDay * 24])
            await client.query(`DELETE FROM daily_${kind} WHERE day < $1`, [countedDay])
          }
          return messages
        }),
      ),
    close: () => pool.end(),
  }
}
