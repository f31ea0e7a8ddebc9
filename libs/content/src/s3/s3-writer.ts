/**
 * Writes one content: kept in memory until it fills a part, and what never fills one is put whole. So a writer takes at most a
 * part and the chunk that came last, however large the content is.
 */
import { createHash } from 'node:crypto'
import { SallyportError } from '@sallyport/contracts'
import type { ContentWriter, StoredContent } from '../port.ts'
import type { PartOfUpload, S3Operations } from './s3-operations.ts'
import { isUploadGone, s3StoreError } from './s3-store-error.ts'

interface Surroundings {
  readonly operations: S3Operations
  /** The store's name, for messages. */
  readonly store: string
  readonly key: string
  readonly partBytes: number
}

/** More chunks than this become one, however small: each costs memory of its own. */
const bufferChunks = 1_000

export class S3Writer implements ContentWriter {
  readonly #around: Surroundings
  readonly #signal: AbortSignal | undefined
  readonly #onAbort = (): void => void this.abort()
  readonly #hash = createHash('sha256')
  /** Ends what is under way when it is aborted. */
  readonly #stop = new AbortController()
  #buffered: Uint8Array[] = []
  #bufferedBytes = 0
  #contentBytes = 0
  #upload: PartOfUpload | undefined
  readonly #tags: string[] = []
  #state: 'open' | 'finishing' | 'ended' = 'open'
  /** One request at a time. */
  #busy: Promise<unknown> = Promise.resolve()

  constructor(around: Surroundings, signal?: AbortSignal) {
    this.#around = around
    this.#signal = signal
    signal?.addEventListener('abort', this.#onAbort)
  }

  write(chunk: Uint8Array): Promise<void> {
    if (this.#state === 'open') {
      this.#hash.update(chunk)
      this.#contentBytes += chunk.byteLength
      this.#hold(chunk)
      if (this.#bufferedBytes < this.#around.partBytes) return Promise.resolve()
    }
    return this.#inTurn(() => this.#uploadParts())
  }

  async finish(): Promise<StoredContent> {
    const content = await this.#inTurn(async () => {
      this.#state = 'finishing'
      const { key } = this.#around
      const sha256 = this.#hash.digest('hex')
      if (this.#upload) await this.#complete(this.#upload)
      else await this.#around.operations.put(key, joined(this.#takeBuffered()), sha256, this.#stop.signal)
      if (this.#isEnded()) throw ended()
      return { key, sha256, contentBytes: this.#contentBytes }
    })
    this.#upload = undefined
    this.#end()
    return content
  }

  async abort(): Promise<void> {
    if (this.#isEnded()) return
    this.#end()
    this.#stop.abort()
    await this.#busy
    const upload = this.#upload
    this.#upload = undefined
    // What cannot be removed now is removed by its age.
    if (upload) await this.#around.operations.abortUpload(upload).catch(() => {})
  }

  async #inTurn<T>(step: () => Promise<T>): Promise<T> {
    const turn = this.#busy.then(() => {
      this.#signal?.throwIfAborted()
      if (this.#state !== 'open') throw ended()
      return step()
    })
    this.#busy = turn.catch(() => {})
    try {
      return await turn
    } catch (error) {
      // After a failure what the store has is unknown: nothing but `abort` may follow.
      await this.abort()
      this.#signal?.throwIfAborted()
      throw s3StoreError(error, 'storing content', this.#around.store)
    }
  }

  async #uploadParts(): Promise<void> {
    while (this.#bufferedBytes >= this.#around.partBytes) {
      const bytes = joined(this.#takeBuffered())
      const part = bytes.subarray(0, this.#around.partBytes)
      if (part.byteLength < bytes.byteLength) this.#hold(bytes.subarray(part.byteLength))
      await this.#uploadPart(part)
    }
  }

  async #uploadPart(body: Uint8Array): Promise<void> {
    const { operations, key } = this.#around
    const { signal } = this.#stop
    this.#upload ??= { key, uploadId: await operations.beginUpload(key, signal) }
    this.#tags.push(await operations.uploadPart(this.#upload, this.#tags.length + 1, body, signal))
  }

  async #complete(upload: PartOfUpload): Promise<void> {
    const { operations, key } = this.#around
    if (this.#bufferedBytes > 0) await this.#uploadPart(joined(this.#takeBuffered()))
    try {
      await operations.completeUpload(upload, this.#tags, this.#stop.signal)
    } catch (error) {
      // The answer to an earlier attempt may have been lost.
      if (!isUploadGone(error) || (await operations.size(key)) !== this.#contentBytes) throw error
    }
  }

  #hold(bytes: Uint8Array): void {
    this.#buffered.push(bytes)
    this.#bufferedBytes += bytes.byteLength
    if (this.#buffered.length > bufferChunks) this.#buffered = [joined(this.#buffered)]
  }

  #takeBuffered(): readonly Uint8Array[] {
    const chunks = this.#buffered
    this.#buffered = []
    this.#bufferedBytes = 0
    return chunks
  }

  /** Asked after a wait: `abort` may have come meanwhile. */
  #isEnded(): boolean {
    return this.#state === 'ended'
  }

  #end(): void {
    this.#state = 'ended'
    this.#buffered = []
    this.#bufferedBytes = 0
    this.#signal?.removeEventListener('abort', this.#onAbort)
  }
}

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const [only] = chunks
  return only && chunks.length === 1 ? only : Buffer.concat(chunks)
}

const ended = (): SallyportError => new SallyportError('STORE_UNAVAILABLE', 'this content is finished or aborted already')
