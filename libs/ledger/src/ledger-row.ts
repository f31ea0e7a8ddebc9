/**
 * One message's row: everything that the ledger keeps of it, in a dozen bytes for one recipient.
 *
 *   0       1            7
 *   +-------+------------+---------------------------------------------------+
 *   | flags | touched at | recipient, attempt (LEB128), outcome (1) … each   |
 *   +-------+------------+---------------------------------------------------+
 *
 * `touched at`: ms since the epoch, 48 bits.
 */
import { SallyportError } from '@sallyport/contracts'
import type { AttemptOutcome, Finished, LedgerEntry } from './port.ts'

export interface LedgerRow {
  isSplit: boolean
  verifiedSender: boolean | undefined
  readonly entries: Map<number, LedgerEntry>
}

/** In the order of their numbers on disk: only append. */
const outcomes: readonly AttemptOutcome[] = ['deferred', 'delivered', 'bounced', 'expired', 'dropped']
const splitFlag = 1
const verifiedKnownFlag = 2
const verifiedFlag = 4
const headBytes = 7
/** Two LEB128 numbers of up to 32 bits, and the outcome. */
const maxEntryBytes = 11

export function decodeRow(value: Uint8Array | undefined): LedgerRow {
  const row: LedgerRow = { isSplit: false, verifiedSender: undefined, entries: new Map() }
  if (value === undefined) return row
  if (value.byteLength < headBytes) throw damaged()
  const flags = value[0] ?? 0
  row.isSplit = (flags & splitFlag) !== 0
  if (flags & verifiedKnownFlag) row.verifiedSender = (flags & verifiedFlag) !== 0
  let at = headBytes
  const number = (): number => {
    let result = 0
    for (let shift = 0; ; shift += 7) {
      const byte = value[at++]
      if (byte === undefined || shift > 28) throw damaged()
      result += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) return result
    }
  }
  while (at < value.byteLength) {
    const recipient = number()
    const attempt = number()
    const outcome = outcomes[value[at++] ?? outcomes.length]
    if (outcome === undefined) throw damaged()
    row.entries.set(recipient, { attempt, outcome })
  }
  return row
}

export function encodeRow(row: LedgerRow, touchedAt: number): Uint8Array {
  const value = Buffer.allocUnsafe(headBytes + row.entries.size * maxEntryBytes)
  value[0] =
    (row.isSplit ? splitFlag : 0) |
    (row.verifiedSender === undefined ? 0 : verifiedKnownFlag) |
    (row.verifiedSender ? verifiedFlag : 0)
  value.writeUIntBE(touchedAt, 1, 6)
  let at = headBytes
  for (const [recipient, { attempt, outcome }] of row.entries) {
    at = writeNumber(value, at, recipient)
    at = writeNumber(value, at, attempt)
    value[at++] = outcomes.indexOf(outcome)
  }
  return value.subarray(0, at)
}

/** When the row was last written, without reading the rest. */
export function touchedAt(value: Uint8Array): number {
  if (value.byteLength < headBytes) throw damaged()
  return Buffer.from(value.buffer, value.byteOffset, headBytes).readUIntBE(1, 6)
}

/**
 * Takes the outcomes that are news into the row: an older or equal attempt never replaces, and a final outcome is
 * final. True when anything changed.
 */
export function merge(row: LedgerRow, finished: readonly Finished[]): boolean {
  let isChanged = false
  for (const { recipient, attempt, outcome } of finished) {
    const before = row.entries.get(recipient)
    if (before && (before.outcome !== 'deferred' || attempt <= before.attempt)) continue
    row.entries.set(recipient, { attempt, outcome })
    isChanged = true
  }
  return isChanged
}

function writeNumber(value: Buffer, at: number, number: number): number {
  for (; number >= 0x80; number >>>= 7) value[at++] = (number & 0x7f) | 0x80
  value[at++] = number
  return at
}

const damaged = (): SallyportError =>
  new SallyportError('DATA_FOLDER_CORRUPT', 'a row of the ledger is damaged: the disk is unsound, restore the data folder')
