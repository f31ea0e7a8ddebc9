/** The stores, loaded when they are opened: what asks SQL takes 26 MB, and a thread that has its records in another has no use for it. */
import type { Records } from './port.ts'
import type { PostgresRecordsOptions } from './postgres/postgres-records.ts'
import type { SqliteRecords, SqliteRecordsOptions } from './sqlite/sqlite-records.ts'

/** The records on PostgreSQL: see `postgres/postgres-records.ts`. */
export async function openPostgresRecords(options: PostgresRecordsOptions): Promise<Records> {
  const { openPostgresRecords: open } = await import('./postgres/postgres-records.ts')
  return open(options)
}

/** The records on SQLite in this thread: see `sqlite/sqlite-records.ts`. */
export async function openSqliteRecords(options: SqliteRecordsOptions): Promise<SqliteRecords> {
  const { openSqliteRecords: open } = await import('./sqlite/sqlite-records.ts')
  return open(options)
}
