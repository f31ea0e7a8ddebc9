/** What every record knows about a message: its identity, its envelope (RFC 5321) and where its content is. */
import Type, { type Static } from 'typebox'

export const recordVersion = Type.Integer({ minimum: 1, description: 'version of this record; readers accept newer ones' })

export const messageIdSchema = Type.String({ minLength: 36, maxLength: 36, description: 'UUID of the message' })

/** A recipient as received. Its index (0 … n−1 as received) is its identity within the message. */
export const recipientSchema = Type.Object({
  index: Type.Integer({ minimum: 0 }),
  address: Type.String({ description: 'RCPT TO without angle brackets' }),
  notify: Type.Optional(Type.Array(Type.String(), { description: 'NOTIFY keywords (RFC 3461 §4.1)' })),
  originalRecipient: Type.Optional(Type.String({ description: 'ORCPT, decoded (RFC 3461 §4.2)' })),
})
export type Recipient = Static<typeof recipientSchema>

export const clientSchema = Type.Object({
  address: Type.String({ description: 'IP address of the client (behind PROXY: the one it reports)' }),
  helo: Type.String(),
  authIdentity: Type.Optional(Type.String()),
  certificate: Type.Optional(Type.String({ description: 'SHA-256 fingerprint, lower-case hex' })),
  tls: Type.Optional(Type.String({ description: 'protocol and cipher' })),
})
export type Client = Static<typeof clientSchema>

export const messageSchema = Type.Object({
  id: messageIdSchema,
  application: Type.String({ description: 'name in the policy, or `unregistered`' }),
  policyRevision: Type.Integer({ minimum: 0, description: 'the revision that ingress pinned for this message' }),
  traceparent: Type.String({ description: 'W3C trace context' }),
  receivedAt: Type.Integer({ description: 'end of DATA, ms since the epoch by the clock of ingress' }),
  client: clientSchema,
  sender: Type.String({ description: 'MAIL FROM without angle brackets; empty for the null sender' }),
  body: Type.Optional(Type.Union([Type.Literal('7BIT'), Type.Literal('8BITMIME')])),
  smtpUtf8: Type.Optional(Type.Boolean()),
  ret: Type.Optional(Type.Union([Type.Literal('FULL'), Type.Literal('HDRS')], { description: 'RFC 3461 §4.3' })),
  envelopeId: Type.Optional(Type.String({ description: 'ENVID, decoded (RFC 3461 §4.4)' })),
  recipients: Type.Array(recipientSchema, { minItems: 1 }),
})
export type Message = Static<typeof messageSchema>

/**
 * Where the content is. `inline`: the bytes beside the metadata are the whole content. `stored`: they are the header
 * block only (up to and including the empty line, at most 64 KiB), and the whole content is in the content store.
 */
export const contentRefSchema = Type.Union([
  Type.Object({
    kind: Type.Literal('inline'),
    contentBytes: Type.Integer({ minimum: 0 }),
    headerBytes: Type.Integer({ minimum: 0 }),
  }),
  Type.Object({
    kind: Type.Literal('stored'),
    key: Type.String(),
    sha256: Type.String({ description: 'lower-case hex' }),
    contentBytes: Type.Integer({ minimum: 0 }),
    headerBytes: Type.Integer({ minimum: 0 }),
  }),
])
export type ContentRef = Static<typeof contentRefSchema>

export const trafficClassSchema = Type.Union([Type.Literal('urgent'), Type.Literal('normal'), Type.Literal('bulk')])
export type TrafficClass = Static<typeof trafficClassSchema>
