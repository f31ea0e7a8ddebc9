/** `mail.received`: ingress (or verdict, asking again) asks the checkers about one message. */
import Type, { type Static } from 'typebox'
import { codec } from '../codec.ts'
import { contentRefSchema, messageSchema, recordVersion } from './message.ts'

/** Where the verdict is to be sent: a random channel of one ingress process. */
export const replyToSchema = Type.Object({ channel: Type.String() })
export type ReplyTo = Static<typeof replyToSchema>

export const receivedSchema = Type.Object({
  v: recordVersion,
  kind: Type.Literal('received'),
  message: messageSchema,
  content: contentRefSchema,
  checks: Type.Array(Type.String(), { description: 'the checks that are not off for this application' }),
  budgetMs: Type.Integer({ minimum: 0, description: 'counted from when the record was published' }),
  annotateTo: Type.Object({ topic: Type.String(), partition: Type.Integer({ minimum: 0 }) }),
  again: Type.Optional(Type.Boolean({ description: 'asked again for an undecided message: published durably' })),
})
export type Received = Static<typeof receivedSchema>
export const receivedCodec = codec(receivedSchema)
