/** The content store: message bodies over 64 KiB and held mail. What `finish` acknowledged survives a crash. */

export interface StoredContent {
  readonly key: string
  /** Lower-case hex. */
  readonly sha256: string
  readonly contentBytes: number
}

export interface ContentWriter {
  /** Resolves when the writer can take more (bounded memory). The chunk is kept for a while: it must not be changed afterwards. */
  write(chunk: Uint8Array): Promise<void>
  /** Durable when it resolves: file and folder are synced (embedded), the upload is complete (S3). */
  finish(): Promise<StoredContent>
  /** Removes what was written. Never throws. */
  abort(): Promise<void>
}

export interface ContentStore {
  /** Starts writing the content of a message. Fails with STORE_FULL or STORE_UNAVAILABLE, also from `write`. */
  create(messageId: string, options?: { readonly signal?: AbortSignal }): Promise<ContentWriter>
  /** Stores content that is whole in memory: as `create`, `write` and `finish`, in fewer steps. `bytes` must not change until it resolves. */
  put(messageId: string, bytes: Uint8Array): Promise<StoredContent>
  /** The content in chunks. SHA-256 is verified at the end: CONTENT_DAMAGED; CONTENT_MISSING where there is none. */
  read(
    content: { readonly key: string; readonly sha256: string },
    options?: { readonly signal?: AbortSignal },
  ): AsyncIterable<Uint8Array>
  /** No error where it is gone already. */
  delete(key: string): Promise<void>
  /** Deletes what is older than `maxAgeMs`, by the time it was made. Resolves with how many. */
  deleteOlderThan(maxAgeMs: number): Promise<number>
  /** Free bytes where the store is a disk of ours; null where it is not. */
  freeBytes(): Promise<number | null>
  close(): Promise<void>
}
