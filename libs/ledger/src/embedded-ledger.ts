/**
 * The ledger in the environment of the bus. Since recovery shows a prefix of what both wrote, only outcomes are awaited to
 * the disk: a split mark or a verified sender can only be lost together with every record that followed from it.
 */
import { SallyportError } from '@sallyport/contracts'
import type { Environment, KeyValueTable, WriteTransaction } from '@sallyport/lmdb'
import { Claims } from './claims.ts'
import { countDsn, dsnKey, isDsnRowOver } from './dsn-counts.ts'
import { KnownRows } from './known-rows.ts'
import { keyOf, rangesBefore } from './ledger-key.ts'
import { decodeRow, encodeRow, type LedgerRow, merge, touchedAt } from './ledger-row.ts'
import type { Ledger, LedgerEntry } from './port.ts'

export interface EmbeddedLedgerOptions {
  readonly environment: Environment
  /** `now` (ms since the epoch) for ages, `elapsed` (monotonic ms) for leases. */
  readonly clock: { now(): number; elapsed(): number }
}

/** Rows in one write transaction of `prune`. */
const pruneRows = 500
const none: ReadonlyMap<number, LedgerEntry> = new Map()

/**
 * One for an environment: claims are in the memory of the thread that opened it (see Claims), and so are rows that were read or written last.
 * Fails as the environment does, or with LEDGER_UNAVAILABLE.
 */
export async function openEmbeddedLedger({ environment, clock }: EmbeddedLedgerOptions): Promise<Ledger> {
  const messages = environment.table('ledger')
  const dsns = environment.table('ledger-dsn')
  const claims = new Claims(() => clock.elapsed())
  const known = new KnownRows()

  function read(messageId: string, recipients: readonly number[]): ReadonlyMap<number, LedgerEntry> {
    const row = readRow(messageId)
    if (row.entries.size === 0) return none
    const found = new Map<number, LedgerEntry>()
    for (const recipient of recipients) {
      const entry = row.entries.get(recipient)
      if (entry) found.set(recipient, entry)
    }
    return found
  }

  function readRow(messageId: string): LedgerRow {
    let row = known.get(messageId)
    if (!row) {
      row = decodeRow(guard(() => messages.get(keyOf(messageId))))
      known.set(messageId, row)
    }
    return row
  }

  /** Changes a message's row; `change` says whether there is anything to write. */
  function update(messageId: string, durable: boolean, change: (row: LedgerRow) => boolean): Promise<void> {
    const key = keyOf(messageId)
    let row: LedgerRow | undefined
    return guardWrite(() =>
      environment.write(
        (transaction) => {
          row = decodeRow(transaction.get(messages, key))
          if (change(row)) transaction.put(messages, key, encodeRow(row, clock.now()))
        },
        { durable, onCommit: () => row && known.set(messageId, row) },
      ),
    )
  }

  async function pruneRange(
    table: KeyValueTable,
    range: { from?: Uint8Array; to?: Uint8Array },
    isOver: (value: Uint8Array) => boolean,
  ): Promise<number> {
    let deleted = 0
    let { from } = range
    for (;;) {
      const rows = guard(() => Array.from(table.range({ ...range, ...(from ? { from } : {}), limit: pruneRows })))
      const over = rows.filter(({ value }) => isOver(value)).map(({ key }) => Uint8Array.from(key))
      if (over.length > 0) deleted += await guardWrite(() => environment.write(deleteWhereOver(table, over, isOver)))
      const last = rows.at(-1)
      if (!last || rows.length < pruneRows) return deleted
      from = Uint8Array.from([...last.key, 0])
    }
  }

  return {
    async claim(messageId, recipients, owner, leaseMs) {
      const heldForMs = claims.take(messageId, recipients, owner, leaseMs)
      if (heldForMs > 0) return { claimed: false, heldForMs }
      try {
        return { claimed: true, entries: read(messageId, recipients) }
      } catch (error) {
        claims.letGo(messageId, recipients, owner)
        throw error
      }
    },
    async renew(messageId, recipients, owner, leaseMs) {
      return claims.renew(messageId, recipients, owner, leaseMs)
    },
    async finish(messageId, owner, finished, isSplit = false) {
      await update(messageId, true, (row) => {
        const isNews = merge(row, finished) || (isSplit && !row.isSplit)
        row.isSplit ||= isSplit
        return isNews
      })
      for (const { recipient } of finished) claims.letGoOne(messageId, recipient, owner)
    },
    async release(messageId, recipients, owner) {
      claims.letGo(messageId, recipients, owner)
    },
    async entries(messageId, recipients) {
      return read(messageId, recipients)
    },
    async wasSplit(messageId) {
      return readRow(messageId).isSplit
    },
    async markSplit(messageId) {
      // As a rule its job has ended by then.
      if (readRow(messageId).isSplit) return
      await update(messageId, false, (row) => {
        const isNews = !row.isSplit
        row.isSplit = true
        return isNews
      })
    },
    async recordVerifiedSender(messageId, verified) {
      await update(messageId, false, (row) => {
        const isNews = row.verifiedSender !== verified
        row.verifiedSender = verified
        return isNews
      })
    },
    async verifiedSender(messageId) {
      return readRow(messageId).verifiedSender
    },
    async countDsn(application, address, dsnId, perHour) {
      const key = dsnKey(application, address)
      return await guardWrite(() =>
        environment.write((transaction) => countDsn(transaction, dsns, key, { id: dsnId, perHour, nowMs: clock.now() })),
      )
    },
    async prune(maxAgeMs) {
      const touchedBefore = clock.now() - maxAgeMs
      let deleted = 0
      for (const range of rangesBefore(touchedBefore)) {
        deleted += await pruneRange(messages, range, (value) => touchedAt(value) < touchedBefore)
      }
      await pruneRange(dsns, {}, (value) => isDsnRowOver(value, clock.now()))
      known.clear()
      return deleted
    },
    async close() {
      // The environment is its opener's to close.
    },
  }
}

/** A row may have been touched between the look and the transaction. */
function deleteWhereOver(table: KeyValueTable, keys: readonly Uint8Array[], isOver: (value: Uint8Array) => boolean) {
  return (transaction: WriteTransaction): number => {
    let deleted = 0
    for (const key of keys) {
      const value = transaction.get(table, key)
      if (value === undefined || !isOver(value)) continue
      transaction.delete(table, key)
      deleted++
    }
    return deleted
  }
}

function guard<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw ledgerError(error)
  }
}

async function guardWrite<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw ledgerError(error)
  }
}

function ledgerError(error: unknown): unknown {
  if (error instanceof SallyportError || error instanceof RangeError) return error
  return new SallyportError(
    'LEDGER_UNAVAILABLE',
    `the ledger cannot be reached: ${error instanceof Error ? error.message : error}`,
    {
      cause: error,
    },
  )
}
