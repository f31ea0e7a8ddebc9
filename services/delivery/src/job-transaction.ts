/** From a job to what a next hop is given. */
import { isAscii } from 'node:buffer'
import type { ContentStore } from '@sallyport/content'
import type { ContentRef, Job, Recipient } from '@sallyport/contracts'
import type { Transaction } from './next-hop/next-hop.ts'

/** The recipients of a job that remain to be tried, by index. */
export function recipientsOf(job: Job, indexes: readonly number[]): Recipient[] {
  const all = job.message.recipients
  return indexes.flatMap((index) => {
    // Recipients stand at their index unless a producer reordered them.
    const recipient = all[index]?.index === index ? all[index] : all.find((candidate) => candidate.index === index)
    return recipient ? [recipient] : []
  })
}

export function transactionOf(job: Job, bytes: Uint8Array, recipients: readonly Recipient[], store: ContentStore): Transaction {
  const { message, content } = job
  return {
    sender: message.sender,
    recipients,
    contentBytes: content.contentBytes,
    content: contentSource(content, bytes, store),
    is8Bit: message.body === '8BITMIME' || !isAscii(bytes) || (content.kind === 'inline' ? false : undefined),
    needsSmtpUtf8: needsSmtpUtf8(job, bytes, recipients),
    ...(message.ret === undefined ? {} : { ret: message.ret }),
    ...(message.envelopeId === undefined ? {} : { envelopeId: message.envelopeId }),
  }
}

export function contentSource(
  content: ContentRef,
  bytes: Uint8Array,
  store: ContentStore,
): () => Uint8Array | AsyncIterable<Uint8Array> {
  return content.kind === 'inline' ? () => bytes : () => store.read(content)
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: the range is that of ASCII.
export const isAsciiText = (text: string): boolean => /^[\u0000-\u007f]*$/.test(text)

/** A client that declares SMTPUTF8 for a message that is ASCII throughout must not make it undeliverable (RFC 6531 §3.5). */
function needsSmtpUtf8(job: Job, bytes: Uint8Array, recipients: readonly Recipient[]): boolean {
  if (!isAsciiText(job.message.sender)) return true
  if (recipients.some((recipient) => !isAsciiText(recipient.address))) return true
  return job.message.smtpUtf8 === true && !isAscii(bytes.subarray(0, job.content.headerBytes))
}
