/** The records that ingress publishes, made from one message. */
import type { OutgoingRecord } from '@sallyport/bus'
import {
  annotationCodec,
  type ContentRef,
  decidedCodec,
  type Message,
  type Opened,
  receivedCodec,
  topics,
  type Undecided,
  type Verdict,
} from '@sallyport/contracts'
import { type CompiledApplication, verifiedSender } from '@sallyport/policy'
import type { Signer } from '@sallyport/runtime'

/** One message on its way to a reply. */
export interface Candidate {
  readonly message: Message
  readonly application: CompiledApplication
  readonly content: ContentRef
  /** The whole content (inline) or its header block (stored). */
  readonly bytes: Uint8Array
  /** Of `mail.annotations`. */
  readonly partition: number
}

export function openedRecord(candidate: Candidate, budgetMs: number, channel: string | undefined, signer: Signer): OutgoingRecord {
  const { message, application, partition } = candidate
  const opened: Opened = signer.sign({
    v: 1,
    kind: 'opened' as const,
    id: message.id,
    application: message.application,
    policyRevision: message.policyRevision,
    traceparent: message.traceparent,
    checks: [...application.checks],
    budgetMs,
    replyTo: channel === undefined ? null : { channel },
  })
  return { ...head(topics.annotations.name, message), partition, value: annotationCodec.encode(opened) }
}

export function receivedRecord(candidate: Candidate, budgetMs: number): OutgoingRecord {
  const { message, application, content, partition } = candidate
  const apart = receivedCodec.encodeApart(
    {
      v: 1,
      kind: 'received',
      message,
      content,
      checks: [...application.checks],
      budgetMs,
      annotateTo: { topic: topics.annotations.name, partition },
    },
    candidate.bytes,
  )
  return { ...head(topics.received.name, message), ...apart }
}

export function decidedRecord(
  candidate: Candidate,
  verdict: Verdict,
  acceptedAt: number,
  notBefore: number | undefined,
): OutgoingRecord {
  const { message, content } = candidate
  const apart = decidedCodec.encodeApart(
    {
      v: 1,
      kind: 'decided',
      message,
      content,
      verdict,
      verifiedSender: verifiedSender(verdict),
      acceptedAt,
      ...(notBefore === undefined ? {} : { notBefore }),
      origin: 'ingress',
    },
    candidate.bytes,
  )
  return { ...head(topics.decided.name, message), ...apart }
}

/** `content` is that of the store, `header` the header block. */
export function undecidedRecord(
  candidate: Candidate,
  content: ContentRef,
  header: Uint8Array,
  acceptedAt: number,
  signer: Signer,
): OutgoingRecord {
  const { message, application, partition } = candidate
  const undecided: Undecided = signer.sign({
    v: 1,
    kind: 'undecided' as const,
    id: message.id,
    message,
    content,
    checks: [...application.checks],
    acceptedAt,
  })
  return { ...head(topics.annotations.name, message), partition, value: annotationCodec.encode(undecided, header) }
}

const head = (topic: string, message: Message): Pick<OutgoingRecord, 'topic' | 'key' | 'headers'> => ({
  topic,
  key: message.id,
  headers: { traceparent: message.traceparent },
})
