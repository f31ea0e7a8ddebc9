/** Puts a message into quarantine: its content into the store, then its row into `mail.held`, then the event. */
import type { Bus } from '@sallyport/bus'
import type { ContentStore } from '@sallyport/content'
import {
  type ContentRef,
  type Held,
  heldCodec,
  type Message,
  topics,
  type Verdict,
  type VerifiedSender,
} from '@sallyport/contracts'
import type { RolePorts } from '@sallyport/runtime'

export interface HoldRequest {
  readonly message: Message
  readonly content: ContentRef
  readonly bytes: Uint8Array
  readonly cause: Held['cause']
  readonly explanation: string
  readonly verdict: Verdict | null
  readonly verifiedSender: VerifiedSender
  readonly remaining: readonly number[]
}

/** It may be what some library threw, and its row and its event are one record each. */
const maxExplanationChars = 1_000

export type Hold = (request: HoldRequest) => Promise<void>

/** Idempotent by message id. Durable when it resolves; fails with what the store or the bus fails with. */
export function holder(ports: Pick<RolePorts, 'bus' | 'clock' | 'events' | 'policy'> & { content: ContentStore }): Hold {
  return async (request) => {
    const { message, bytes } = request
    const policy = ports.policy.current()
    const content = await storedContent(ports.content, message.id, request.content, bytes)
    const heldAt = ports.clock.now()
    const explanation = request.explanation.slice(0, maxExplanationChars)
    const held: Held = {
      v: 1,
      kind: 'held',
      message,
      content,
      cause: request.cause,
      explanation,
      verdict: request.verdict,
      verifiedSender: request.verifiedSender,
      remaining: [...request.remaining],
      heldAt,
      expiresAt: heldAt + policy.holdMs,
      onExpiry: policy.onHoldExpiry,
    }
    const headers = { traceparent: message.traceparent }
    const value = heldCodec.encode(held, bytes.subarray(0, content.headerBytes))
    await ports.bus.publish({ topic: topics.held.name, key: message.id, headers, value }, { durable: true })
    await ports.events.publish({
      v: 1,
      kind: 'held',
      id: message.id,
      application: message.application,
      traceparent: message.traceparent,
      at: heldAt,
      cause: `${request.cause}: ${explanation}`,
      by: 'delivery',
    })
  }
}

/** Ends a hold: the row goes, durably. */
export async function deleteHeldRow(bus: Bus, messageId: string): Promise<void> {
  await bus.publish({ topic: topics.held.name, key: messageId, value: null }, { durable: true })
}

async function storedContent(store: ContentStore, messageId: string, content: ContentRef, bytes: Uint8Array): Promise<ContentRef> {
  if (content.kind === 'stored') return content
  const { key, sha256, contentBytes } = await store.put(messageId, bytes)
  return { kind: 'stored', key, sha256, contentBytes, headerBytes: content.headerBytes }
}
