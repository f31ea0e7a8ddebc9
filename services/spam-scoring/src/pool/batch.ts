/** What goes to a scoring thread and back: many messages at a time, their contents in one buffer that changes hands. */
import type { ContentScore, ContentToScore } from '../score-content.ts'

export interface NumberedMessage {
  readonly number: number
  readonly message: ContentToScore
}

interface PackedMessage extends Omit<ContentToScore, 'content'> {
  readonly number: number
  readonly start: number
  readonly end: number
}

export interface Batch {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly messages: readonly PackedMessage[]
}

/** One copy of each content: what they are views of stays with its owner. */
export function packBatch(messages: readonly NumberedMessage[]): Batch {
  const bytes = Buffer.allocUnsafeSlow(messages.reduce((sum, { message }) => sum + message.content.byteLength, 0))
  let start = 0
  const packed = messages.map(({ number, message }): PackedMessage => {
    const { content, ...rest } = message
    bytes.set(content, start)
    const at = start
    start += content.byteLength
    return { number, start: at, end: start, ...rest }
  })
  return { bytes, messages: packed }
}

/** The content as a Buffer: its search for a byte is many times that of any other array of bytes, and lines are looked for by it. */
export const unpackMessage = ({ bytes }: Batch, { number, start, end, ...rest }: PackedMessage): NumberedMessage => ({
  number,
  message: { ...rest, content: Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start) },
})

/** The score, or in words why there is none. */
export interface Scored {
  readonly number: number
  readonly score: ContentScore | string
}

/** First `ready` once, or `refused` where the model cannot be used; then scores. */
export type FromThread =
  | { readonly kind: 'ready' }
  | { readonly kind: 'refused'; readonly code: string | undefined; readonly message: string }
  | { readonly kind: 'scored'; readonly scores: readonly Scored[] }
