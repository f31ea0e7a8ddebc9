/**
 * Writes one content: kept in memory until it fills a part, and what never fills one is put whole. So a writer takes at most a
 * part, a small share and the chunk that came last, however large the content is, and all writers together what `UploadMemory` has.
 */
import { createHash } from 'node:crypto'
import { SallyportError } from '@sallyport/contracts'
import type { ContentWriter, StoredContent } from '../port.ts'
import { PartBuffer } from './part-buffer.ts'
import type { PartOfUpload, S3Operations } from './s3-operations.ts'
import { isUploadGone, s3StoreError } from './s3-store-error.ts'
import type { UploadMemory } from './upload-memory.ts'

interface Surroundings {
  readonly operations: S3Operations
  /** The store's name, for messages. */
  readonly store: string
  readonly key: string
  readonly partBytes: number
  readonly memory: UploadMemory
}

export class S3Writer implements ContentWriter {
  readonly #around: Surroundings
  readonly #signal: AbortSignal | undefined
  readonly #onAbort = (): void => void this.abort()
  readonly #hash = createHash('sha256')
  /** Ends what is under way when it is aborted. */
  readonly #stop = new AbortController()
  readonly #buffer: PartBuffer
  #contentBytes = 0
  #upload: PartOfUpload | undefined
  readonly #tags: string[] = []
  #state: 'open' | 'finishing' | 'ended' = 'open'
  /** One request at a time. */
  #busy: Promise<unknown> = Promise.resolve()
  #turns = 0

  constructor(around: Surroundings, signal?: AbortSignal) {
    this.#around = around
    this.#buffer = new PartBuffer(around.memory, around.partBytes, this.#stop.signal)
    this.#signal = signal
    signal?.addEventListener('abort', this.#onAbort)
  }

  write(chunk: Uint8Array): Promise<void> {
    if (this.#state === 'open' && this.#turns === 0 && this.#buffer.fits(chunk)) {
      this.#count(chunk)
      this.#buffer.add(chunk)
      return Promise.resolve()
    }
    return this.#inTurn(() => this.#writeInParts(chunk))
  }

  async finish(): Promise<StoredContent> {
    const content = await this.#inTurn(async () => {
      this.#state = 'finishing'
      const { key } = this.#around
      const sha256 = this.#hash.digest('hex')
      if (this.#upload) await this.#complete(this.#upload)
      else await this.#around.operations.put(key, this.#buffer.bytes(), sha256, this.#stop.signal)
      if (this.#isEnded()) throw ended()
      return { key, sha256, contentBytes: this.#contentBytes }
    })
    this.#upload = undefined
    this.#end()
    this.#buffer.free()
    return content
  }

  async abort(): Promise<void> {
    if (this.#isEnded()) return
    this.#end()
    this.#stop.abort()
    await this.#busy
    this.#buffer.free()
    const upload = this.#upload
    this.#upload = undefined
    // What cannot be removed now is removed by its age.
    if (upload) await this.#around.operations.abortUpload(upload).catch(() => {})
  }

  async #inTurn<T>(step: () => Promise<T>): Promise<T> {
    this.#turns++
    const turn = this.#busy.then(() => {
      this.#signal?.throwIfAborted()
      if (this.#state !== 'open') throw ended()
      return step()
    })
    this.#busy = turn.then(
      () => void this.#turns--,
      () => void this.#turns--,
    )
    try {
      return await turn
    } catch (error) {
      // After a failure what the store has is unknown: nothing but `abort` may follow.
      await this.abort()
      this.#signal?.throwIfAborted()
      throw s3StoreError(error, 'storing content', this.#around.store)
    }
  }

  #count(chunk: Uint8Array): void {
    this.#hash.update(chunk)
    this.#contentBytes += chunk.byteLength
  }

  async #writeInParts(chunk: Uint8Array): Promise<void> {
    this.#count(chunk)
    for (let rest = chunk; rest.byteLength > 0; ) {
      rest = await this.#buffer.fill(rest)
      if (!this.#buffer.isPart) continue
      await this.#uploadPart(this.#buffer.bytes())
      this.#buffer.empty()
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
    const rest = this.#buffer.bytes()
    if (rest.byteLength > 0) await this.#uploadPart(rest)
    try {
      await operations.completeUpload(upload, this.#tags, this.#stop.signal)
    } catch (error) {
      // The answer to an earlier attempt may have been lost.
      if (!isUploadGone(error) || (await operations.size(key)) !== this.#contentBytes) throw error
    }
  }

  /** Asked after a wait: `abort` may have come meanwhile. */
  #isEnded(): boolean {
    return this.#state === 'ended'
  }

  #end(): void {
    this.#state = 'ended'
    this.#signal?.removeEventListener('abort', this.#onAbort)
  }
}

const ended = (): SallyportError => new SallyportError('STORE_UNAVAILABLE', 'this content is finished or aborted already')
