/** `mail.outbound.<class>` and `mail.deferred.<tier>`: one attempt for one destination. */
import Type, { type Static } from 'typebox'
import { codec } from '../codec.ts'
import { verifiedSenderSchema } from './decided.ts'
import { contentRefSchema, messageSchema, recordVersion, trafficClassSchema } from './message.ts'

export const jobSchema = Type.Object({
  v: recordVersion,
  kind: Type.Literal('job'),
  message: messageSchema,
  content: contentRefSchema,
  verifiedSender: verifiedSenderSchema,
  class: trafficClassSchema,
  destination: Type.String({ description: 'the route by name, or the destination domain' }),
  remaining: Type.Array(Type.Integer({ minimum: 0 }), { minItems: 1, description: 'indexes of the recipients that remain' }),
  attempt: Type.Integer({ minimum: 1 }),
  acceptedAt: Type.Integer(),
  expiresAt: Type.Integer(),
  dueAt: Type.Optional(Type.Integer({ description: 'in a deferred tier: when to try again, ms since the epoch' })),
  lastReply: Type.Optional(Type.String({ description: 'what the next hop said last' })),
  isDsn: Type.Optional(Type.Boolean()),
  delayNotified: Type.Optional(Type.Boolean()),
})
export type Job = Static<typeof jobSchema>
export const jobCodec = codec(jobSchema)
