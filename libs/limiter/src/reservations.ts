/** The reservations of an embedded limiter: the youngest in memory, all of the last 20 minutes as rows. */
import { messageIdTimeMs } from '@sallyport/contracts'
import type { KeyValueTable, WriteTransaction } from '@sallyport/lmdb'
import {
  bufferOf,
  decodeReservation,
  encodeReservation,
  isTimed,
  keyKinds,
  keyTimeMs,
  type ReservationRow,
  reservationKey,
  reservedAt,
  timedKeyAt,
} from './limiter-rows.ts'

/** How long a reservation is remembered. */
export const rememberedMs = 20 * 60_000
/** Rows that a call of `prune` looks at, of each kind of id. */
const prunedRows = 500

const timeKey = Uint8Array.of(keyKinds.time)

export class Reservations {
  readonly #table: KeyValueTable
  readonly #maxInMemory: number
  readonly #inMemory = new Map<string, ReservationRow>()
  /** What is to be written; undefined where it is to be deleted. */
  #changed = new Map<string, ReservationRow | undefined>()
  /** Ids made later than this are in memory, if they are known at all, so that a new message costs no look at the rows. */
  #onlyRowsUntilMs = -1
  /** The same for ids that carry no time. */
  #hasUntimedRows = true

  constructor(table: KeyValueTable, maxInMemory: number) {
    this.#table = table
    this.#maxInMemory = maxInMemory
    const [last] = table.keys({ to: Uint8Array.of(keyKinds.untimed), reverse: true, limit: 1 })
    if (last) this.#onlyRowsUntilMs = keyTimeMs(last)
  }

  get hasChanges(): boolean {
    return this.#changed.size > 0
  }

  get unwritten(): number {
    return this.#changed.size
  }

  /** Fails with a RangeError where it is no message id. */
  find(messageId: string, nowUs: number): ReservationRow | undefined {
    const row = this.#inMemory.get(messageId) ?? this.#readRow(messageId)
    return row !== undefined && isYoung(row.atUs, nowUs) ? row : undefined
  }

  add(messageId: string, row: ReservationRow): void {
    this.#inMemory.set(messageId, row)
    this.#changed.set(messageId, row)
    this.#shrink()
  }

  forget(messageId: string): void {
    this.#inMemory.delete(messageId)
    this.#changed.set(messageId, undefined)
  }

  /** Writes what changed, and the limiter's time. Called only when the write before has ended. Returns what it wrote, for `takeBack`. */
  write(transaction: WriteTransaction, nowUs: number): ReadonlyMap<string, ReservationRow | undefined> {
    const changed = this.#changed
    this.#changed = new Map()
    for (const [messageId, row] of changed) {
      const key = reservationKey(messageId)
      if (row) transaction.put(this.#table, key, encodeReservation(row))
      else transaction.delete(this.#table, key)
    }
    const time = Buffer.allocUnsafe(8)
    time.writeDoubleLE(nowUs)
    transaction.put(this.#table, timeKey, time)
    return changed
  }

  /** The write of these failed: they are still to be written, but for what changed since. */
  takeBack(written: ReadonlyMap<string, ReservationRow | undefined>): void {
    this.#changed = new Map([...written, ...this.#changed])
  }

  /** Deletes rows that are remembered no longer. */
  prune(transaction: WriteTransaction, nowUs: number, nowMs: number): void {
    const ranges = [
      { to: timedKeyAt(nowMs - rememberedMs) },
      { from: Uint8Array.of(keyKinds.untimed), to: Uint8Array.of(keyKinds.untimed + 1) },
    ]
    for (const range of ranges) {
      for (const { key, value } of this.#table.range({ ...range, limit: prunedRows })) {
        if (!isYoung(reservedAt(value), nowUs)) transaction.delete(this.#table, Uint8Array.from(key))
      }
    }
  }

  #readRow(messageId: string): ReservationRow | undefined {
    const key = reservationKey(messageId)
    const mayHaveRow = isTimed(messageId) ? messageIdTimeMs(messageId) <= this.#onlyRowsUntilMs : this.#hasUntimedRows
    // A reservation that was forgotten may still have its row.
    if (!mayHaveRow || this.#changed.has(messageId)) return undefined
    return decodeReservation(this.#table.get(key))
  }

  #shrink(): void {
    while (this.#inMemory.size > this.#maxInMemory) {
      const [oldest] = this.#inMemory.keys()
      // What has no row yet stays.
      if (oldest === undefined || this.#changed.has(oldest)) return
      this.#inMemory.delete(oldest)
      if (isTimed(oldest)) this.#onlyRowsUntilMs = Math.max(this.#onlyRowsUntilMs, messageIdTimeMs(oldest))
      else this.#hasUntimedRows = true
    }
  }
}

/** The limiter's time as it was written last; 0 before the first. */
export function lastTimeUs(table: KeyValueTable): number {
  const value = table.get(timeKey)
  return value?.byteLength === 8 ? bufferOf(value).readDoubleLE(0) : 0
}

const isYoung = (atUs: number, nowUs: number): boolean => nowUs - atUs < rememberedMs * 1000
