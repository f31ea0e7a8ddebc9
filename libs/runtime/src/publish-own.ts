/** Accepts a message that the gateway wrote itself: it takes the road of every other from here on. */
import type { Bus } from '@sallyport/bus'
import { type ContentRef, type Decided, decidedCodec, type Message, maxInlineBytes, topics } from '@sallyport/contracts'

export interface OwnMessage {
  readonly message: Message
  readonly content: Uint8Array
  readonly headerBytes: number
}

export interface OwnRoad {
  readonly bus: Bus
  /** A notification about a thousand recipients is larger than a record. */
  readonly content: {
    put(messageId: string, bytes: Uint8Array): Promise<{ readonly key: string; readonly sha256: string }>
  }
}

/** Durable when it resolves. Published again it is the same message: the first split of an id wins. Rejects as bus and store do. */
export async function publishOwn(road: OwnRoad, own: OwnMessage): Promise<void> {
  const { message } = own
  const { content, bytes } = await placed(road.content, own)
  const decided: Decided = {
    v: 1,
    kind: 'decided',
    message,
    content,
    verdict: {
      action: 'relay',
      decidedBy: [],
      wouldBe: { action: 'relay', by: [] },
      contributions: [],
      policyRevision: message.policyRevision,
    },
    verifiedSender: 'no',
    acceptedAt: message.receivedAt,
    origin: 'delivery',
  }
  await road.bus.publish(
    {
      topic: topics.decided.name,
      key: message.id,
      headers: { traceparent: message.traceparent },
      value: decidedCodec.encode(decided, bytes),
    },
    { durable: true },
  )
}

/** What of it goes beside the record, and how. */
async function placed(
  store: OwnRoad['content'],
  own: OwnMessage,
): Promise<{ readonly content: ContentRef; readonly bytes: Uint8Array }> {
  const { message, content, headerBytes } = own
  const contentBytes = content.byteLength
  if (contentBytes <= maxInlineBytes) return { content: { kind: 'inline', contentBytes, headerBytes }, bytes: content }
  const { key, sha256 } = await store.put(message.id, content)
  return { content: { kind: 'stored', key, sha256, contentBytes, headerBytes }, bytes: content.subarray(0, headerBytes) }
}
