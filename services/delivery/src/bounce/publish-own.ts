/** Accepts a message that the gateway wrote itself: it takes the road of every other from here on. */
import type { Bus } from '@sallyport/bus'
import { type Decided, decidedCodec, type Message, topics } from '@sallyport/contracts'

export interface OwnMessage {
  readonly message: Message
  readonly content: Uint8Array
  readonly headerBytes: number
}

/** Durable when it resolves. Published again it is the same message: the first split of an id wins. */
export async function publishOwn(bus: Bus, own: OwnMessage): Promise<void> {
  const { message, content, headerBytes } = own
  const decided: Decided = {
    v: 1,
    kind: 'decided',
    message,
    content: { kind: 'inline', contentBytes: content.byteLength, headerBytes },
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
  await bus.publish(
    {
      topic: topics.decided.name,
      key: message.id,
      headers: { traceparent: message.traceparent },
      value: decidedCodec.encode(decided, content),
    },
    { durable: true },
  )
}
