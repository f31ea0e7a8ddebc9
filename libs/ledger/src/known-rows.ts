/**
 * The rows that were read or written last, as they are in the store. A message's row is asked for three times within milliseconds (was it
 * split, mark it, who is at it), and each time the store's pages must be looked up, which on some machines takes longer than all else about it.
 */
import type { LedgerRow } from './ledger-row.ts'

/** So many rows at least, and twice as many at most. */
const maxRows = 2_048

export class KnownRows {
  #young = new Map<string, LedgerRow>()
  #old = new Map<string, LedgerRow>()

  /** Not to be changed. */
  get(messageId: string): LedgerRow | undefined {
    return this.#young.get(messageId) ?? this.#old.get(messageId)
  }

  set(messageId: string, row: LedgerRow): void {
    if (this.#young.size >= maxRows) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(messageId, row)
  }

  clear(): void {
    this.#young.clear()
    this.#old.clear()
  }
}
