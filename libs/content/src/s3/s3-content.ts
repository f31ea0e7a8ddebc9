/** The content store on an S3-compatible object store, shared by every process of the gateway. */
import { createHash } from 'node:crypto'
import type { ContentStore } from '../port.ts'
import { isContentKey, newContentKey } from './content-keys.ts'
import { deleteOlder } from './old-objects.ts'
import { readObject } from './read-object.ts'
import { type S3Bucket, s3Operations } from './s3-client.ts'
import type { S3Operations } from './s3-operations.ts'
import { s3StoreError } from './s3-store-error.ts'
import { S3Writer } from './s3-writer.ts'
import { UploadMemory } from './upload-memory.ts'

export interface S3ContentOptions extends S3Bucket {
  /** What is uploaded at once of a large content, and what a writer keeps in memory: at least 5 MiB (a rule of S3). Default 8 MiB. */
  readonly partBytes?: number
  /** Memory of all writers together; who finds none waits for its turn. Default 128 MiB. */
  readonly uploadBytes?: number
  /** How long a writer waits for memory at most, ms, before it fails with STORE_UNAVAILABLE. Default 120,000. */
  readonly uploadWaitMs?: number
  /** Wall clock, for the age of content. Default the machine's. */
  readonly now?: () => number
}

const mib = 1024 * 1024
const defaultPartBytes = 8 * mib
const defaultUploadBytes = 128 * mib
const defaultUploadWaitMs = 120_000
/** Most of what does not travel inline fits half of it, and takes no more. */
const mostSmallBytes = mib

/** Opens without asking the store, which need not be there yet. */
export async function openS3Content(options: S3ContentOptions): Promise<ContentStore> {
  return openS3ContentOn(await s3Operations(options), options)
}

/** The same on given operations, for tests. */
export function openS3ContentOn(
  operations: S3Operations,
  options: Pick<S3ContentOptions, 'endpoint' | 'bucket' | 'partBytes' | 'uploadBytes' | 'uploadWaitMs' | 'answerTimeoutMs' | 'now'>,
): ContentStore {
  const { partBytes = defaultPartBytes, answerTimeoutMs: silenceMs = 5_000, now = Date.now } = options
  const memory = new UploadMemory({
    totalBytes: options.uploadBytes ?? defaultUploadBytes,
    smallBytes: Math.min(mostSmallBytes, partBytes),
    partBytes,
    waitMs: options.uploadWaitMs ?? defaultUploadWaitMs,
  })
  const store = `the bucket ${options.bucket} at ${new URL(options.endpoint).host}`
  const guarded = async <T>(doing: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (error) {
      throw s3StoreError(error, doing, store)
    }
  }
  return {
    async create(messageId, { signal } = {}) {
      signal?.throwIfAborted()
      return new S3Writer({ operations, store, partBytes, memory, key: newContentKey(messageId, now()) }, signal)
    },
    put(messageId, bytes) {
      return guarded('storing content', async () => {
        const key = newContentKey(messageId, now())
        const sha256 = createHash('sha256').update(bytes).digest('hex')
        await operations.put(key, bytes, sha256)
        return { key, sha256, contentBytes: bytes.byteLength }
      })
    },
    read: ({ key, sha256 }, { signal } = {}) => readObject(operations, { store, key, sha256, signal, silenceMs }),
    async delete(key) {
      if (isContentKey(key)) await guarded('deleting content', () => operations.remove(key))
    },
    deleteOlderThan: (maxAgeMs) => guarded('deleting old content', () => deleteOlder(operations, now() - maxAgeMs)),
    async freeBytes() {
      return null
    },
    async close() {
      operations.close()
    },
  }
}
