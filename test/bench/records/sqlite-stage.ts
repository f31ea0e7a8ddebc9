/** Records in a SQLite file, copied by SQL: ids get older, what they stand for stays. */
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { openThreadedRecords } from '@sallyport/records'
import type { Stage } from '../records.ts'

const hourMs = 3_600_000

export function sqliteStage(folder: string): Stage {
  const path = join(folder, 'records.sqlite')
  return {
    open: () => openThreadedRecords({ path }),
    async copy(copies, shiftMs) {
      const database = new DatabaseSync(path)
      database.exec('PRAGMA synchronous = OFF; PRAGMA cache_size = -1000000; PRAGMA wal_autocheckpoint = 20000')
      database.function('older', { deterministic: true }, (id, ms) => {
        const bytes = Buffer.from(id as Uint8Array)
        const time = bytes.readUIntBE(0, 6) - Number(ms)
        bytes.writeUIntBE(time < 0 ? time + 2 ** 48 : time, 0, 6)
        return bytes
      })
      const indexes = database.prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL").all()
      for (const { name } of indexes) database.exec(`DROP INDEX ${name}`)
      const columns = (table: string): string[] =>
        database
          .prepare(`PRAGMA table_info(${table})`)
          .all()
          .map(({ name }) => String(name))
      for (const table of ['events', 'messages', 'recipients', 'senders', 'findings', 'attempt_groups']) {
        const base = `base_${table}`
        database.exec(`CREATE TEMP TABLE ${base} AS SELECT * FROM ${table}`)
        // The oldest first, so that each copy is written in the order of its keys.
        for (let copy = copies - 1; copy >= 1; copy--) {
          const shifted = columns(table).map((column) =>
            /^(id|first_id)$/.test(column) ? `older(${column}, ${copy * shiftMs})` : `"${column}"`,
          )
          database.exec(`INSERT INTO ${table} SELECT ${shifted.join(', ')} FROM ${base}`)
        }
        database.exec(`DROP TABLE ${base}`)
        console.error(`${table}: copied`)
      }
      copyRollUps(database, copies, shiftMs, columns)
      // The daily roll-ups are filled from these at the next opening, as those of a store of the version before them.
      for (const kind of ['messages', 'checks', 'violations']) database.exec(`DROP TABLE daily_${kind}`)
      database.exec('PRAGMA user_version = 2')
      for (const { sql } of indexes) database.exec(String(sql))
      database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
      database.close()
    },
    async stop() {},
  }
}

function copyRollUps(database: DatabaseSync, copies: number, shiftMs: number, columns: (table: string) => string[]): void {
  const units = { hourly_messages: hourMs, hourly_checks: hourMs, hourly_violations: hourMs, daily_identities: 24 * hourMs }
  for (const [table, unitMs] of Object.entries(units)) {
    database.exec(`CREATE TEMP TABLE base AS SELECT * FROM ${table}`)
    const amounts = [
      'messages',
      'distinct_messages',
      'accepted',
      'would_refuse',
      'recipients',
      'delivered',
      'failed',
      'content_bytes',
    ]
    const keys = columns(table).filter((column) => !amounts.includes(column) && column !== 'sample_id')
    const sets = columns(table).filter((column) => amounts.includes(column))
    for (let copy = 1; copy < copies; copy++) {
      const shift = Math.round((copy * shiftMs) / unitMs)
      const shifted = columns(table).map((column) => (/^(hour|day)$/.test(column) ? `"${column}" - ${shift}` : `"${column}"`))
      const adds = sets.map((column) => `${column} = ${table}.${column} + excluded.${column}`)
      database.exec(
        `INSERT INTO ${table} SELECT ${shifted.join(', ')} FROM base WHERE true ON CONFLICT (${keys.join(', ')}) DO UPDATE SET ${adds.join(', ')}`,
      )
    }
    database.exec('DROP TABLE base')
  }
}
