/** The content store in memory. */
import { createHash } from 'node:crypto'
import type { ContentStore, StoredContent } from '@sallyport/content'
import { SallyportError } from '@sallyport/contracts'

export interface MemoryContentFaults {
  /** An error fails `create` and `put`. */
  create?: ((messageId: string) => Error | undefined) | undefined
  /** An error fails this `write` of a chunk. */
  write?: ((chunk: Uint8Array) => Error | undefined) | undefined
  /** An error fails `finish` and `put`. */
  finish?: ((messageId: string) => Error | undefined) | undefined
  read?: ((key: string) => Error | undefined) | undefined
  /** What `freeBytes` says. Default null: no disk of ours. */
  freeBytes?: number | undefined
  /** `finish` and `put` take this long. */
  delayMs?: number | undefined
}

export interface MemoryContent extends ContentStore {
  readonly faults: MemoryContentFaults
  /** What is stored, by key. Change a byte to damage it. */
  readonly stored: ReadonlyMap<string, Uint8Array>
  /** Writers neither finished nor aborted. */
  openWriters(): number
}

/** `now`: the wall clock that `deleteOlderThan` goes by. `chunkBytes`: how `read` cuts (default 64 KiB). */
export function memoryContent(options: { readonly now?: () => number; readonly chunkBytes?: number } = {}): MemoryContent {
  const now = options.now ?? Date.now
  const chunkBytes = options.chunkBytes ?? 64 * 1024
  const faults: MemoryContentFaults = {}
  const stored = new Map<string, Uint8Array>()
  const madeAt = new Map<string, number>()
  let openWriters = 0
  let made = 0

  async function store(messageId: string, bytes: Uint8Array): Promise<StoredContent> {
    const fault = faults.finish?.(messageId)
    if (fault) throw fault
    if (faults.delayMs) await new Promise((resolve) => setTimeout(resolve, faults.delayMs))
    const key = `${messageId}.${++made}`
    stored.set(key, bytes)
    madeAt.set(key, now())
    return { key, sha256: hash(bytes), contentBytes: bytes.byteLength }
  }

  function begin(messageId: string): void {
    const fault = faults.create?.(messageId)
    if (fault) throw fault
  }

  return {
    faults,
    stored,
    openWriters: () => openWriters,
    async create(messageId, { signal } = {}) {
      signal?.throwIfAborted()
      begin(messageId)
      const chunks: Uint8Array[] = []
      let isOpen = true
      openWriters++
      const end = (): void => {
        if (isOpen) openWriters--
        isOpen = false
      }
      return {
        async write(chunk) {
          signal?.throwIfAborted()
          const fault = faults.write?.(chunk)
          if (fault) throw fault
          chunks.push(Uint8Array.from(chunk))
        },
        async finish() {
          signal?.throwIfAborted()
          if (!isOpen) throw new SallyportError('STORE_UNAVAILABLE', 'the writer is finished or aborted already')
          const content = await store(messageId, Buffer.concat(chunks))
          end()
          return content
        },
        async abort() {
          end()
        },
      }
    },
    async put(messageId, bytes) {
      begin(messageId)
      return await store(messageId, Uint8Array.from(bytes))
    },
    async *read({ key, sha256 }, { signal } = {}) {
      const fault = faults.read?.(key)
      if (fault) throw fault
      const bytes = stored.get(key)
      if (!bytes) throw new SallyportError('CONTENT_MISSING', `there is no content ${key}`)
      for (let at = 0; at < bytes.byteLength; at += chunkBytes) {
        signal?.throwIfAborted()
        yield bytes.subarray(at, at + chunkBytes)
      }
      if (hash(bytes) !== sha256) throw new SallyportError('CONTENT_DAMAGED', `content ${key} has another SHA-256`)
    },
    async delete(key) {
      stored.delete(key)
      madeAt.delete(key)
    },
    async deleteOlderThan(maxAgeMs) {
      const old = [...madeAt].filter(([, at]) => now() - at > maxAgeMs).map(([key]) => key)
      for (const key of old) {
        stored.delete(key)
        madeAt.delete(key)
      }
      return old.length
    },
    freeBytes: async () => faults.freeBytes ?? null,
    close: async () => {},
  }
}

const hash = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
