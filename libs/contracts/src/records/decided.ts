/** `mail.decided`: the message is accepted, and this is what happens to it. Durable = acceptance. */
import Type, { type Static } from 'typebox'
import { codec } from '../codec.ts'
import { contentRefSchema, messageSchema, recordVersion } from './message.ts'
import { verdictSchema } from './verdict.ts'

/** Whether `domain` and `address` of this message passed for this application: only then may a DSN go to its sender. */
export const verifiedSenderSchema = Type.Union([Type.Literal('yes'), Type.Literal('no'), Type.Literal('unknown')])
export type VerifiedSender = Static<typeof verifiedSenderSchema>

export const decidedSchema = Type.Object({
  v: recordVersion,
  kind: Type.Literal('decided'),
  message: messageSchema,
  content: contentRefSchema,
  verdict: verdictSchema,
  verifiedSender: verifiedSenderSchema,
  acceptedAt: Type.Integer({ description: 'ms since the epoch' }),
  notBefore: Type.Optional(Type.Integer({ description: 'reserved ahead by the throttle: wait until then' })),
  origin: Type.Union([Type.Literal('ingress'), Type.Literal('verdict'), Type.Literal('delivery')], {
    description: 'delivery: a DSN of our own',
  }),
})
export type Decided = Static<typeof decidedSchema>
export const decidedCodec = codec(decidedSchema)
