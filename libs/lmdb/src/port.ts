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
  range(options: {
    from?: Uint8Array
    to?: Uint8Array
    limit?: number
    reverse?: boolean
  }): Iterable<{ key: Uint8Array; value: Uint8Array }>
}

/** Valid only inside `write`. */
export interface WriteTransaction {
  get(table: KeyValueTable, key: Uint8Array): Uint8Array | undefined
  put(table: KeyValueTable, key: Uint8Array, value: Uint8Array): void
  delete(table: KeyValueTable, key: Uint8Array): void
}

export interface Environment {
  /** Grows by one with each start after an unclean end. */
  readonly epoch: number
  table(name: string): KeyValueTable
  /**
   * Runs `change` in a write transaction shared with the other calls of the moment (group commit), in call order.
   * Resolves with its result at commit, or with `durable` when the commit is flushed to disk. If `change` throws, only
   * its own call fails, and it must not have written before it threw. Fails with STORE_FULL when the disk is full.
   */
  write<T>(change: (transaction: WriteTransaction) => T, options?: { readonly durable?: boolean }): Promise<T>
  /** Figures for metrics. */
  statistics(): {
    readonly fileBytes: number
    readonly usedBytes: number
    readonly freeDiskBytes: number
    readonly oldestReaderTransactions: number
  }
  close(): Promise<void>
}
