/** How many DSNs went to an address for an application within the last hour: a row of (dsn id, when) for each pair. */
import { hash } from 'node:crypto'
import { isMessageId } from '@sallyport/contracts'
import type { KeyValueTable, WriteTransaction } from '@sallyport/lmdb'

const hourMs = 3_600_000
const idBytes = 16
const entryBytes = idBytes + 6

export const dsnKey = (application: string, address: string): Uint8Array =>
  hash('sha256', `${application}\0${address.toLowerCase()}`, 'buffer').subarray(0, 16)

/** False when `perHour` others were counted within the last hour; true, and counted once, otherwise. */
export function countDsn(
  transaction: WriteTransaction,
  table: KeyValueTable,
  key: Uint8Array,
  dsn: { readonly id: string; readonly perHour: number; readonly nowMs: number },
): boolean {
  if (!isMessageId(dsn.id)) throw new RangeError(`not a message id: ${dsn.id}`)
  const id = Buffer.from(dsn.id.replaceAll('-', ''), 'hex')
  const recent = recentEntries(transaction.get(table, key), dsn.nowMs)
  if (recent.some((entry) => id.equals(entry.subarray(0, idBytes)))) return true
  if (recent.length >= dsn.perHour) return false
  const entry = Buffer.allocUnsafe(entryBytes)
  id.copy(entry)
  entry.writeUIntBE(dsn.nowMs, idBytes, 6)
  transaction.put(table, key, Buffer.concat([...recent, entry]))
  return true
}

/** True when nothing in the row counts any more. */
export const isDsnRowOver = (value: Uint8Array, nowMs: number): boolean => recentEntries(value, nowMs).length === 0

function recentEntries(value: Uint8Array | undefined, nowMs: number): readonly Buffer[] {
  if (value === undefined) return []
  const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength)
  const recent: Buffer[] = []
  for (let at = 0; at + entryBytes <= bytes.byteLength; at += entryBytes) {
    // The distance both ways: a clock that was set back must not count the past for ever.
    if (Math.abs(nowMs - bytes.readUIntBE(at + idBytes, 6)) < hourMs) recent.push(bytes.subarray(at, at + entryBytes))
  }
  return recent
}
