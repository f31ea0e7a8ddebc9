/** One `mail.received` record as a check sees it. */
import type { ContentStore } from '@sallyport/content'
import { type ContentRef, type Message, type Received, SallyportError } from '@sallyport/contracts'
import { type HeaderBlock, type HeaderIdentities, readHeaderBlock, recentIdentities } from '@sallyport/mail'
import type { CheckInput } from './definition.ts'

export class MessageInput implements CheckInput {
  readonly message: Message
  readonly content: ContentRef
  readonly #bytes: Uint8Array
  readonly #store: ContentStore | undefined
  readonly #signal: () => AbortSignal
  #headerBlock: HeaderBlock | undefined

  /** `bytes` are those beside the record. `signal` ends reading from the store. */
  constructor(received: Received, bytes: Uint8Array, store: ContentStore | undefined, signal: () => AbortSignal) {
    this.message = received.message
    this.content = received.content
    this.#bytes = bytes
    this.#store = store
    this.#signal = signal
  }

  get headerBytes(): Uint8Array {
    return this.#bytes.subarray(0, this.content.headerBytes)
  }

  get headerBlock(): HeaderBlock {
    this.#headerBlock ??= readHeaderBlock(this.headerBytes)
    return this.#headerBlock
  }

  get identities(): HeaderIdentities {
    return recentIdentities(this.message.id, () => this.headerBlock)
  }

  get inlineContent(): Uint8Array | undefined {
    return this.content.kind === 'inline' ? this.#bytes : undefined
  }

  async *readContent(): AsyncIterable<Uint8Array> {
    if (this.content.kind === 'inline') yield this.#bytes
    else if (this.#store) yield* this.#store.read(this.content, { signal: this.#signal() })
    else throw new SallyportError('STORE_UNAVAILABLE', 'this checker was started without a content store')
  }
}
