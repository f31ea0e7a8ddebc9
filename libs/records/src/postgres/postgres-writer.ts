/** An append on PostgreSQL: one transaction, in which each table is written by one statement. */
import type { ClientBase } from 'pg'
import type { RecordedEvent } from '../port.ts'
import { AppendPlan, type Changes, isYoungEnough, type StoredEvent, storedEvents } from '../project/plan-append.ts'
import {
  type Cell,
  type ColumnType,
  conflictClause,
  quoted,
  type Row,
  specs,
  type TableSpec,
  type WrittenTable,
} from '../sql/tables.ts'
import { locks } from './postgres-schema.ts'

const arrayTypes: Readonly<Record<ColumnType, string>> = {
  uuid: 'uuid[]',
  text: 'text[]',
  int: 'integer[]',
  bigint: 'bigint[]',
  bytes: 'bytea[]',
}

/** Appends of several processes come one after the other, so that each sees what the others added. */
export async function appendRows(client: ClientBase, given: readonly RecordedEvent[]): Promise<void> {
  await client.query(`BEGIN; SELECT pg_advisory_xact_lock(${locks.append})`)
  const { rows: stores } = await client.query<{ horizon: number }>('SELECT horizon FROM store')
  const rows = given.filter(({ event }) => isYoungEnough(event.id, stores[0]?.horizon ?? 0))
  if (rows.length > 0) {
    const plan = new AppendPlan(rows, await knownEvents(client, [...new Set(rows.map(({ event }) => event.id))]))
    const ousted = plan.setLeaders(await firstOfGroups(client, plan.groups))
    await write(client, plan.finish(await knownEvents(client, ousted)))
  }
  await setPositions(client, given)
  await client.query('COMMIT')
}

async function knownEvents(client: ClientBase, ids: readonly string[]): Promise<Map<string, StoredEvent[]>> {
  const found = new Map<string, StoredEvent[]>()
  if (ids.length === 0) return found
  const { rows } = await client.query<{ id: string; json: Uint8Array }>({
    name: 'stored',
    text: 'SELECT id, json FROM events WHERE id = ANY ($1::uuid[])',
    values: [ids],
  })
  for (const { id, json } of rows) found.set(id, [...(found.get(id) ?? []), ...storedEvents(json)])
  return found
}

async function firstOfGroups(client: ClientBase, groups: readonly string[]): Promise<Map<string, string>> {
  if (groups.length === 0) return new Map()
  const { rows } = await client.query<{ id: string; first_id: string }>({
    name: 'groups',
    text: 'SELECT id, first_id FROM attempt_groups WHERE id = ANY ($1::uuid[])',
    values: [groups],
  })
  return new Map(rows.map(({ id, first_id }) => [id, first_id]))
}

async function write(client: ClientBase, { writes, gone, hasLosses }: Changes): Promise<void> {
  for (const [table, rows] of writes) if (rows.length > 0) await insert(client, table, rows)
  for (const { id, check } of gone) await client.query('DELETE FROM findings WHERE id = $1 AND check_name = $2', [id, check])
  if (hasLosses) await dropEmpty(client, writes)
}

async function insert(client: ClientBase, table: WrittenTable, rows: readonly Row[]): Promise<void> {
  const { columns }: TableSpec = specs[table]
  const names = Object.keys(columns)
  const arrays = Object.values(columns).map((type, index) => `$${index + 1}::${arrayTypes[type]}`)
  await client.query({
    name: `add ${table}`,
    text: `INSERT INTO ${quoted(table)} (${names.map(quoted).join(', ')})
      SELECT * FROM unnest(${arrays.join(', ')}) ${conflictClause(table)}`,
    values: names.map((name) => rows.map((row): Cell => row[name] ?? null)),
  })
}

async function dropEmpty(client: ClientBase, writes: Changes['writes']): Promise<void> {
  for (const [table, rows] of writes) {
    const { key, onConflict }: TableSpec = specs[table]
    if (onConflict !== 'add') continue
    const where = key.map((name, index) => `${quoted(name)} = $${index + 1}`).join(' AND ')
    for (const row of rows) {
      if (Number(row.messages) >= 0) continue
      await client.query(
        `DELETE FROM ${quoted(table)} WHERE ${where} AND messages <= 0`,
        key.map((name) => row[name] ?? null),
      )
    }
  }
}

async function setPositions(client: ClientBase, rows: readonly RecordedEvent[]): Promise<void> {
  const positions = new Map<number, number>()
  for (const { partition, offset } of rows) {
    if (partition !== null) positions.set(partition, Math.max(offset, positions.get(partition) ?? 0))
  }
  if (positions.size === 0) return
  await client.query({
    name: 'positions',
    text: `INSERT INTO positions (partition, "offset") SELECT * FROM unnest($1::integer[], $2::bigint[])
      ON CONFLICT (partition) DO UPDATE SET "offset" = greatest(positions."offset", excluded."offset")`,
    values: [[...positions.keys()], [...positions.values()]],
  })
}
