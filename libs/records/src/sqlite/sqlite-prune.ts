/**
 * Forgets what is too old, in chunks: each is a short transaction, and appends go on between them. Counts go by whole days, so that
 * a day is always the sum of its hours.
 */
import type { DatabaseSync } from 'node:sqlite'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { dayMs } from '../project/tally.ts'
import { countKinds } from '../sql/tables.ts'

const chunk = 250

export interface Bounds {
  /** ms since the epoch. */
  readonly messagesBefore: number
  readonly rollupsBefore: number
  /** The id below which messages are too old. */
  readonly bound: Uint8Array
}

/** Resolves with how many messages it forgot. From the first step on their events are not taken again. */
export async function pruneSqlite(
  database: DatabaseSync,
  inTransaction: (change: () => void) => void,
  { messagesBefore, rollupsBefore, bound }: Bounds,
): Promise<number> {
  inTransaction(
    () => void database.prepare('UPDATE store SET horizon = max(horizon, ?)').run(Math.max(0, Math.floor(messagesBefore))),
  )
  const oldest = database.prepare('SELECT id FROM messages WHERE id < ? ORDER BY id LIMIT ?')
  const drops = ['events', 'recipients', 'senders', 'findings', 'messages'].map((table) =>
    database.prepare(`DELETE FROM ${table} WHERE id = ?`),
  )
  let count = 0
  for (let found = chunk; found === chunk; await nextTurn()) {
    const rows = oldest.all(bound, chunk)
    found = rows.length
    count += found
    inTransaction(() => {
      for (const { id } of rows) {
        if (id instanceof Uint8Array) for (const drop of drops) drop.run(id)
      }
    })
  }
  const day = Math.floor(rollupsBefore / dayMs)
  const inChunks: readonly (readonly [sql: string, bound: Uint8Array | number])[] = [
    ['DELETE FROM attempt_groups WHERE id IN (SELECT id FROM attempt_groups WHERE first_id < ? LIMIT ?)', bound],
    [rollupChunk('daily_identities', 'day'), Math.floor(messagesBefore / dayMs)],
    ...countKinds.flatMap((kind): [string, number][] => [
      [rollupChunk(`hourly_${kind}`, 'hour'), day * 24],
      [rollupChunk(`daily_${kind}`, 'day'), day],
    ]),
  ]
  for (const [sql, before] of inChunks) {
    const drop = database.prepare(sql)
    for (let dropped = chunk; dropped > 0; await nextTurn()) {
      inTransaction(() => {
        dropped = Number(drop.run(before, chunk).changes)
      })
    }
  }
  return count
}

/** One application after the other, by the key. */
const rollupChunk = (table: string, column: string): string => `
  DELETE FROM ${table} WHERE (application, ${column}) IN (
    SELECT DISTINCT application, ${column} FROM applications JOIN ${table} USING (application) WHERE ${column} < ? LIMIT ?
  )`
