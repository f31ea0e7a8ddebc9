/** What the content store needs of an object store. Keys are without the store's prefix. Each fails as the client does. */
import type { Readable } from 'node:stream'

export interface PartOfUpload {
  readonly key: string
  readonly uploadId: string
}

export interface S3Operations {
  /** `sha256` is that of the body in hex: it is signed, so that the store takes nothing else. */
  put(key: string, body: Uint8Array, sha256: string, signal?: AbortSignal): Promise<void>
  /** Resolves with the id of the upload. */
  beginUpload(key: string, signal?: AbortSignal): Promise<string>
  /** Resolves with the tag of the part; the first has the number 1. */
  uploadPart(upload: PartOfUpload, part: number, body: Uint8Array, signal?: AbortSignal): Promise<string>
  completeUpload(upload: PartOfUpload, tags: readonly string[], signal?: AbortSignal): Promise<void>
  abortUpload(upload: PartOfUpload): Promise<void>
  /** Bytes of an object, or undefined where there is none. */
  size(key: string): Promise<number | undefined>
  /** Resolves when the store answers; undefined where there is no such object. */
  get(key: string, signal?: AbortSignal): Promise<Readable | undefined>
  /** No error where there is none. */
  remove(key: string): Promise<void>
  /** Keys in their order, some hundreds at a time, after one. */
  list(after: string | undefined): Promise<readonly string[]>
  /** Uploads that are neither complete nor aborted. */
  uploads(): Promise<readonly PartOfUpload[]>
  close(): void
}
