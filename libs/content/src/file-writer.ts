/** Writes one content: in memory until it is worth a system call, then into a temporary file. */
import { createHash, type Hash, hash } from 'node:crypto'
import { SallyportError } from '@sallyport/contracts'
import type { FileOperations } from './file-operations.ts'
import type { ContentWriter, StoredContent } from './port.ts'
import { storeError } from './store-error.ts'

/** What a writer keeps in memory before it writes. */
const bufferBytes = 256 * 1024
/** More chunks than this are not kept, however small: each costs memory of its own. */
const bufferChunks = 1_000

interface Surroundings {
  readonly files: FileOperations
  /** The store's folder, for messages. */
  readonly folder: string
  readonly temporaryPath: string
  /** Gives the synced temporary file its durable name; resolves with its key. */
  place(): Promise<string>
}

export class FileWriter implements ContentWriter {
  readonly #around: Surroundings
  readonly #signal: AbortSignal | undefined
  readonly #onAbort = (): void => void this.abort()
  /** Only once there is more than one write: content that is whole is hashed in one call. */
  #hash: Hash | undefined
  #buffered: Uint8Array[] = []
  #bufferedBytes = 0
  #contentBytes = 0
  #fd: number | undefined
  #hasTemporaryFile = false
  #state: 'open' | 'finishing' | 'ended' = 'open'
  /** One system call at a time. */
  #busy: Promise<unknown> = Promise.resolve()

  constructor(around: Surroundings, signal?: AbortSignal) {
    this.#around = around
    this.#signal = signal
    signal?.addEventListener('abort', this.#onAbort)
  }

  write(chunk: Uint8Array): Promise<void> {
    this.hold(chunk)
    const mayWait = this.#bufferedBytes < bufferBytes && this.#buffered.length < bufferChunks
    if (this.#state === 'open' && mayWait) return Promise.resolve()
    return this.#inTurn(() => this.#flush())
  }

  /** Takes bytes to be written by `finish`, however many. */
  hold(bytes: Uint8Array): void {
    this.#buffered.push(bytes)
    this.#bufferedBytes += bytes.byteLength
    this.#contentBytes += bytes.byteLength
  }

  async finish(): Promise<StoredContent> {
    const content = await this.#inTurn(async () => {
      this.#state = 'finishing'
      const sha256 = await this.#writeLast()
      if (this.#fd !== undefined) await this.#around.files.fdatasync(this.#fd)
      this.#closeFile()
      if (this.#isEnded()) throw ended()
      const key = await this.#around.place()
      this.#hasTemporaryFile = false
      return { key, sha256, contentBytes: this.#contentBytes }
    })
    this.#end()
    return content
  }

  async abort(): Promise<void> {
    if (this.#isEnded()) return
    this.#end()
    await this.#busy
    this.#closeFile()
    if (this.#hasTemporaryFile) await this.#around.files.unlink(this.#around.temporaryPath).catch(() => {})
    this.#hasTemporaryFile = false
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
      // After a failure what is in the file is unknown: nothing but `abort` may follow.
      await this.abort()
      throw storeError(error, 'storing content', this.#around.folder)
    }
  }

  async #flush(): Promise<void> {
    const chunks = this.#takeBuffered()
    this.#hash ??= createHash('sha256')
    for (const chunk of chunks) this.#hash.update(chunk)
    await this.#append(chunks)
  }

  /** Resolves with the SHA-256 of it all. */
  async #writeLast(): Promise<string> {
    const [only] = this.#buffered
    if (this.#buffered.length > 1 || this.#hash || !only) {
      await this.#flush()
      return this.#hash?.digest('hex') ?? ''
    }
    await this.#append(this.#takeBuffered())
    return hash('sha256', only, 'hex')
  }

  async #append(chunks: readonly Uint8Array[]): Promise<void> {
    if (this.#fd === undefined) {
      this.#fd = await this.#around.files.open(this.#around.temporaryPath, 'wx', 0o600)
      this.#hasTemporaryFile = true
    }
    if (chunks.length > 0) await this.#around.files.write(this.#fd, chunks)
  }

  #takeBuffered(): readonly Uint8Array[] {
    const chunks = this.#buffered
    this.#buffered = []
    this.#bufferedBytes = 0
    return chunks
  }

  /** Closing tells nothing that the sync did not tell: nobody waits for it. */
  #closeFile(): void {
    if (this.#fd !== undefined) this.#around.files.close(this.#fd).catch(() => {})
    this.#fd = undefined
  }

  /** Asked after a wait: `abort` may have come meanwhile. */
  #isEnded(): boolean {
    return this.#state === 'ended'
  }

  #end(): void {
    this.#state = 'ended'
    this.#buffered = []
    this.#signal?.removeEventListener('abort', this.#onAbort)
  }
}

const ended = (): SallyportError => new SallyportError('STORE_UNAVAILABLE', 'this content is finished or aborted already')
