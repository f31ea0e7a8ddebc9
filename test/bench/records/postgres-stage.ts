/** Records in a PostgreSQL of its own, copied by SQL: ids get older, what they stand for stays. */
import { openPostgresRecords } from '@sallyport/records'
import { startPostgres } from '../../infra/postgres.ts'
import type { Stage } from '../records.ts'
import { message, recorded } from './day-of-mail.ts'

const dayMs = 86_400_000
const older = `CREATE OR REPLACE FUNCTION older(id uuid, ms bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
  SELECT (lpad(to_hex((('x' || substr(replace(id::text, '-', ''), 1, 12))::bit(48)::bigint - ms) & 281474976710655), 12, '0')
    || substr(replace(id::text, '-', ''), 13))::uuid $$`

export async function postgresStage(folder: string): Promise<Stage> {
  const words = ['shared_buffers=1GB', 'max_wal_size=4GB', 'maintenance_work_mem=512MB', 'effective_cache_size=4GB']
  const postgres = await startPostgres({ folder, isDurable: true, words: words.flatMap((word) => ['-c', word]) })
  const open = () => openPostgresRecords({ server: { ...postgres.server, tls: 'off' }, answerMs: 600_000 })
  return {
    open,
    async copy(copies, shiftMs, newestAt) {
      const ask = (sql: string) => postgres.ask(sql)
      ask(older)
      const tables = ['events', 'messages', 'recipients', 'senders', 'findings', 'attempt_groups'] as const
      for (const table of tables) ask(`CREATE TABLE base_${table} AS SELECT * FROM ${table}`)
      // A message of each day makes its partition.
      const records = await open()
      for (let day = 0; day <= 31; day++) {
        const { events } = message(900_000_000 + day, newestAt - day * dayMs)
        await records.append(events.map(recorded))
      }
      await records.close()
      for (const table of tables) {
        const columns = ask(
          `SELECT string_agg(attname, ',' ORDER BY attnum) FROM pg_attribute WHERE attrelid = '${table}'::regclass AND attnum > 0`,
        )
        for (let copy = copies - 1; copy >= 1; copy--) {
          const shifted = columns
            .trim()
            .split(',')
            .map((column) => (/^(id|first_id)$/.test(column) ? `older(${column}, ${copy * shiftMs})` : `"${column}"`))
          ask(`INSERT INTO ${table} SELECT ${shifted.join(', ')} FROM base_${table} ON CONFLICT DO NOTHING`)
        }
        ask(`DROP TABLE base_${table}`)
        console.error(`${table}: copied`)
      }
      copyRollUps(ask, copies, shiftMs)
      // The daily roll-ups are filled from these at the next opening, as those of a store of the version before them.
      for (const kind of ['messages', 'checks', 'violations']) ask(`DROP TABLE daily_${kind}`)
      ask('DELETE FROM schema_version; INSERT INTO schema_version VALUES (1)')
      ask('VACUUM ANALYZE')
    },
    stop: () => postgres.stop(),
  }
}

function copyRollUps(ask: (sql: string) => string, copies: number, shiftMs: number): void {
  const keys = {
    hourly_messages: [
      'application,hour,verdict',
      'messages,distinct_messages,accepted,would_refuse,recipients,delivered,failed,content_bytes',
      '',
    ],
    hourly_checks: ['application,hour,check_name,mode,outcome,action', 'messages,distinct_messages', ''],
    hourly_violations: ['application,hour,check_name,mode,action,rule,identity', 'messages,distinct_messages', ',sample_id'],
    daily_identities: ['application,day,kind,address', 'messages', ''],
  }
  for (const [table, [key = '', amounts = '', more = '']] of Object.entries(keys)) {
    ask(`CREATE TABLE base AS SELECT * FROM ${table}`)
    for (let copy = 1; copy < copies; copy++) {
      const unitMs = table === 'daily_identities' ? dayMs : dayMs / 24
      const shifted = key.replace(/\b(hour|day)\b/, `$1 - ${Math.round((copy * shiftMs) / unitMs)}`)
      const adds = amounts.split(',').map((column) => `${column} = ${table}.${column} + excluded.${column}`)
      ask(
        `INSERT INTO ${table} (${key},${amounts}${more}) SELECT ${shifted},${amounts}${more} FROM base ON CONFLICT (${key}) DO UPDATE SET ${adds.join(', ')}`,
      )
    }
    ask('DROP TABLE base')
  }
}
