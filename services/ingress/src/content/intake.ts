/**
 * Takes the content of one message: what may travel inline in memory, more into the content store as it comes. Our header fields stand in
 * front of it in both. Once the message is known to be refused the rest is read and dropped, since the reply can only follow
 * its end.
 */
import type { ContentStore, ContentWriter } from '@sallyport/content'
import {
  type ContentRef,
  joinBehindRoom,
  maxHeaderBytes,
  SallyportError,
  maxInlineBytes as surelyInlineBytes,
} from '@sallyport/contracts'
import { countReceived, findHeaderEnd, type HeaderBlock, maxHeaderFields, readHeaderBlock } from '@sallyport/mail'
import type { SmtpReply } from '@sallyport/policy'
import { replies } from '../replies.ts'
import type { ContentMemory } from './content-memory.ts'

/** Received fields of a message before it counts as looping (RFC 5321 §6.3). */
const maxReceived = 50
/** Pieces of content that are held until they are made one. */
const maxChunks = 256
const nothing = Buffer.alloc(0)
const ownMemoryBytes = 4 * 1024

export interface IntakeOptions {
  readonly messageId: string
  readonly store: ContentStore
  readonly ourFields: Buffer
  readonly maxMessageBytes: number
  /** Content up to this size, our fields included, travels inline. */
  readonly maxInlineBytes: number
  /** What all messages have in memory: without room there, no more than 64 KiB travels inline. */
  readonly memory: ContentMemory
  /** Answers a bare CR or LF with a refusal. */
  readonly refuseBareLineEnds: boolean
}

export interface Taken {
  readonly content: ContentRef
  /** The whole content (inline) or its header block (stored), our fields included. */
  readonly bytes: Uint8Array
  /** Without our fields. */
  readonly header: HeaderBlock
}

export type TakenOrRefused =
  | { readonly kind: 'taken'; readonly taken: Taken }
  | { readonly kind: 'refused'; readonly reply: SmtpReply; readonly header: HeaderBlock | undefined }
  /** The store failed. */
  | { readonly kind: 'failed'; readonly error: unknown }

export class Intake {
  /** Of the client, without our fields. */
  receivedBytes = 0
  readonly #options: IntakeOptions
  #chunks: Buffer[] = []
  #heldBytes = 0
  /** Counted in `memory`. */
  #countedBytes = 0
  #writer: ContentWriter | undefined
  /** Known once the content goes to the store. */
  #headerBytes: Buffer | undefined
  #refusal: SmtpReply | undefined
  #failure: { readonly error: unknown } | undefined
  #isAborted = false

  constructor(options: IntakeOptions) {
    this.#options = options
  }

  /** Never rejects; a promise asks to wait. */
  take(chunk: Buffer): Promise<void> | undefined {
    this.receivedBytes += chunk.length
    if (this.#refusal || this.#failure || this.#isAborted) return undefined
    if (this.receivedBytes > this.#options.maxMessageBytes) return this.#refuse(replies.tooLarge(this.#options.maxMessageBytes))
    if (this.#writer) return this.#write([chunk])
    this.#chunks.push(chunk)
    // A client that sends byte by byte: a Buffer weighs more than its byte.
    if (this.#chunks.length === maxChunks) this.#chunks = [Buffer.concat(this.#chunks)]
    this.#heldBytes += chunk.length
    this.#countedBytes += chunk.length
    this.#options.memory.take(chunk.length)
    return this.#isTooMuch() ? this.#spill() : undefined
  }

  #isTooMuch(): boolean {
    const { ourFields, maxInlineBytes, memory } = this.#options
    const bytes = ourFields.length + this.#heldBytes
    return bytes > maxInlineBytes || (bytes > surelyInlineBytes && !memory.hasRoom)
  }

  /** The message is settled, or its content dropped or stored: it counts no more. Idempotent. */
  release(): void {
    this.#options.memory.give(this.#countedBytes)
    this.#countedBytes = 0
  }

  async finish(hasBareLineEnd: boolean): Promise<TakenOrRefused> {
    if (hasBareLineEnd && this.#options.refuseBareLineEnds) void this.#refuse(replies.bareLineEndInContent())
    const { ourFields } = this.#options
    // One copy of what travels inline, however many pieces it came in, and none where it is written.
    const inline =
      this.#headerBytes === undefined ? join([ourFields, ...this.#chunks], ourFields.length + this.#heldBytes) : undefined
    const header = readHeaderBlock(this.#headerBytes ?? inline?.subarray(ourFields.length) ?? nothing)
    if (!this.#refusal) {
      const refusal = headerRefusal(header, ourFields.length)
      if (refusal) void this.#refuse(refusal)
    }
    if (this.#refusal) return { kind: 'refused', reply: this.#refusal, header }
    if (this.#failure) return { kind: 'failed', error: this.#failure.error }
    const headerBytes = ourFields.length + header.headerBytes
    if (inline && !this.#isAborted) {
      const content = { kind: 'inline' as const, contentBytes: inline.length, headerBytes }
      return { kind: 'taken', taken: { content, bytes: inline, header } }
    }
    if (!this.#writer) return { kind: 'failed', error: new SallyportError('STORE_UNAVAILABLE', 'the content was dropped') }
    try {
      const { key, sha256, contentBytes } = await this.#writer.finish()
      const bytes = Buffer.concat([ourFields, header.bytes.subarray(0, header.headerBytes)])
      return { kind: 'taken', taken: { content: { kind: 'stored', key, sha256, contentBytes, headerBytes }, bytes, header } }
    } catch (error) {
      this.abort()
      return { kind: 'failed', error }
    }
  }

  /** Drops what there is, and whatever still comes. */
  abort(): void {
    this.#isAborted = true
    this.#chunks = []
    this.release()
    const writer = this.#writer
    this.#writer = undefined
    void writer?.abort()
  }

  #refuse(reply: SmtpReply): undefined {
    this.#refusal ??= reply
    this.abort()
    return undefined
  }

  /** From memory to the store, once there is more than travels inline. */
  async #spill(): Promise<void> {
    const { ourFields, store, messageId } = this.#options
    const held = Buffer.concat(this.#chunks)
    const end = findHeaderEnd(held)
    if (end === -1 || ourFields.length + end > maxHeaderBytes) return this.#refuse(replies.headerTooLong(maxHeaderBytes))
    this.#headerBytes = Buffer.from(held.subarray(0, end))
    this.#chunks = []
    try {
      const writer = await store.create(messageId)
      if (this.#isAborted) {
        await writer.abort()
        return
      }
      this.#writer = writer
    } catch (error) {
      this.#failure = { error }
      this.release()
      return
    }
    await this.#write([ourFields, held])
    this.release()
  }

  async #write(chunks: readonly Buffer[]): Promise<void> {
    try {
      for (const chunk of chunks) await this.#writer?.write(chunk)
    } catch (error) {
      this.#failure ??= { error }
      this.abort()
    }
  }
}

/** What a header must not be. The faults that checkers judge are none of ours. */
function headerRefusal(header: HeaderBlock, ourBytes: number): SmtpReply | undefined {
  if (ourBytes + header.headerBytes > maxHeaderBytes || header.faults.includes('too-long'))
    return replies.headerTooLong(maxHeaderBytes)
  // It would continue our last field.
  if (header.bytes[0] === 0x20 || header.bytes[0] === 0x09) return replies.headerBeginsBlank()
  // Checkers read no further: a From behind them would be judged by nobody.
  if (header.faults.includes('too-many-fields')) return replies.tooManyFields(maxHeaderFields)
  return countReceived(header) > maxReceived ? replies.loop() : undefined
}

/** Small content is copied once more sooner than given memory of its own. */
const join = (pieces: readonly Buffer[], bytes: number): Buffer =>
  bytes < ownMemoryBytes ? Buffer.concat(pieces) : joinBehindRoom(pieces)
