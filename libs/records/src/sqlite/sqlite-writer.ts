/** Reads and writes of an append on SQLite: synchronous, within one transaction, each statement prepared once. */
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { RecordedEvent } from '../port.ts'
import { AppendPlan, type Changes, isYoungEnough, type StoredEvent, storedEvents } from '../project/plan-append.ts'
import { conflictClause, quoted, specs, type TableSpec, type WrittenTable } from '../sql/tables.ts'
import { idBytes, idText } from './id-bytes.ts'

export interface SqliteWriter {
  /** Adds events and all that follows from them, within the caller's transaction. */
  append(events: readonly RecordedEvent[]): void
  setPosition(partition: number, offset: number): void
}

export function sqliteWriter(database: DatabaseSync): SqliteWriter {
  const inserts = new Map<WrittenTable, StatementSync>()
  const eventsOf = database.prepare('SELECT json FROM events WHERE id = ?')
  const firstOf = database.prepare('SELECT first_id FROM attempt_groups WHERE id = ?')
  const dropFinding = database.prepare('DELETE FROM findings WHERE id = ? AND check_name = ?')
  const horizonOf = database.prepare('SELECT horizon FROM store')
  const setPosition = database.prepare(
    `INSERT INTO positions (partition, "offset") VALUES (?, ?)
     ON CONFLICT (partition) DO UPDATE SET "offset" = excluded."offset" WHERE excluded."offset" > "offset"`,
  )

  function insertOf(table: WrittenTable): StatementSync {
    let statement = inserts.get(table)
    if (!statement) {
      const columns = Object.keys(specs[table].columns)
      const marks = columns.map(() => '?').join(', ')
      statement = database.prepare(
        `INSERT INTO ${quoted(table)} (${columns.map(quoted).join(', ')}) VALUES (${marks}) ${conflictClause(table)}`,
      )
      inserts.set(table, statement)
    }
    return statement
  }

  function known(ids: Iterable<string>): Map<string, readonly StoredEvent[]> {
    const found = new Map<string, readonly StoredEvent[]>()
    for (const id of ids) {
      const rows = eventsOf.all(idBytes(id))
      if (rows.length > 0)
        found.set(
          id,
          rows.flatMap(({ json }) => storedEvents(json as Uint8Array)),
        )
    }
    return found
  }

  function write({ writes, gone, hasLosses }: Changes): void {
    for (const [table, rows] of writes) {
      if (rows.length === 0) continue
      const { columns }: TableSpec = specs[table]
      const names = Object.entries(columns)
      const insert = insertOf(table)
      for (const row of rows) {
        insert.run(...names.map(([name, type]) => (type === 'uuid' ? idBytes(String(row[name])) : (row[name] ?? null))))
      }
    }
    for (const { id, check } of gone) dropFinding.run(idBytes(id), check)
    if (hasLosses) dropEmpty(writes)
  }

  function dropEmpty(writes: Changes['writes']): void {
    for (const [table, rows] of writes) {
      const { key, onConflict }: TableSpec = specs[table]
      if (onConflict !== 'add') continue
      const lost = rows.filter((row) => Number(row.messages) < 0)
      if (lost.length === 0) continue
      const where = key.map((name) => `${quoted(name)} = ?`).join(' AND ')
      const drop = database.prepare(`DELETE FROM ${quoted(table)} WHERE ${where} AND messages <= 0`)
      for (const row of lost) drop.run(...key.map((name) => row[name] ?? null))
    }
  }

  return {
    append(given) {
      const horizon = Number(horizonOf.get()?.horizon ?? 0)
      const rows = given.filter(({ event }) => isYoungEnough(event.id, horizon))
      if (rows.length === 0) return
      const plan = new AppendPlan(rows, known(new Set(rows.map(({ event }) => event.id))))
      const leaders = new Map<string, string>()
      for (const group of plan.groups) {
        const first = firstOf.get(idBytes(group))?.first_id
        if (first instanceof Uint8Array) leaders.set(group, idText(first))
      }
      write(plan.finish(known(plan.setLeaders(leaders))))
    },
    setPosition(partition, offset) {
      setPosition.run(partition, offset)
    },
  }
}
