/**
 * The embedded store: one LMDB environment that bus, ledger and limiter share, so that recovery shows a prefix of what
 * they wrote in the order in which they wrote it.
 */

export interface EnvironmentOptions {
  /** Folder of the environment; made when missing. */
  readonly path: string
  /** Address space reserved for the map (sparse). Default 256 GiB. */
  readonly mapBytes?: number
}

/** Sorted binary keys to binary values. Reads are synchronous and see the last commit of any thread. */
export interface KeyValueTable {
  get(key: Uint8Array): Uint8Array | undefined
  /** `from` inclusive, `to` exclusive. */
  range(options: RangeOptions): Iterable<{ key: Uint8Array; value: Uint8Array }>
  /** The keys alone: values are not read. */
  keys(options: RangeOptions): Iterable<Uint8Array>
}

export interface RangeOptions {
  readonly from?: Uint8Array
  readonly to?: Uint8Array
  readonly limit?: number
  /** From the last before `to` downwards. */
  readonly reverse?: boolean
}

/** Valid only inside `write`. */
export interface WriteTransaction {
  get(table: KeyValueTable, key: Uint8Array): Uint8Array | undefined
  put(table: KeyValueTable, key: Uint8Array, value: Uint8Array): void
  delete(table: KeyValueTable, key: Uint8Array): void
}

export interface WriteOptions {
  readonly durable?: boolean
  /** Called at commit, in call order, before any promise of this commit resolves; for a durable call that is before the flush. */
  readonly onCommit?: () => void
  /** Called before `onCommit`, and also where the call or its commit failed. */
  readonly onEnd?: () => void
}

export interface Environment {
  /** Grows by one with each start after an unclean end. */
  readonly epoch: number
  /** `isReadInWrites` false promises that no write reads this table (`WriteTransaction.get`): cheaper. Default true. */
  table(name: string, options?: { readonly isReadInWrites?: boolean }): KeyValueTable
  /**
   * Runs `change` in a write transaction shared with the other calls of the moment (group commit), in call order.
   * Resolves with its result at commit, or with `durable` when the commit is flushed to disk. If `change` throws, only
   * its own call fails, and it must not have written before it threw. Fails with STORE_FULL when the disk is full.
   */
  write<T>(change: (transaction: WriteTransaction) => T, options?: WriteOptions): Promise<T>
  /** Figures for metrics. */
  statistics(): {
    readonly fileBytes: number
    readonly usedBytes: number
    readonly freeDiskBytes: number
    readonly oldestReaderTransactions: number
  }
  close(): Promise<void>
}
