/** `mail.held` (table, by message id) and `mail.commands`: the quarantine, and what people do with it. */
import Type, { type Static } from 'typebox'
import { codec } from '../codec.ts'
import { verifiedSenderSchema } from './decided.ts'
import { contentRefSchema, messageIdSchema, messageSchema, recordVersion } from './message.ts'
import { verdictSchema } from './verdict.ts'

export const heldSchema = Type.Object({
  v: recordVersion,
  kind: Type.Literal('held'),
  message: messageSchema,
  content: contentRefSchema,
  cause: Type.Union([Type.Literal('verdict'), Type.Literal('late-reject'), Type.Literal('fault')]),
  explanation: Type.String(),
  verdict: Type.Union([verdictSchema, Type.Null()]),
  verifiedSender: verifiedSenderSchema,
  remaining: Type.Array(Type.Integer({ minimum: 0 })),
  heldAt: Type.Integer(),
  expiresAt: Type.Integer(),
  onExpiry: Type.Union([Type.Literal('release'), Type.Literal('drop'), Type.Literal('bounce')]),
})
export type Held = Static<typeof heldSchema>
export const heldCodec = codec(heldSchema)

export const commandSchema = Type.Object({
  v: recordVersion,
  kind: Type.Union([Type.Literal('release'), Type.Literal('drop')]),
  id: messageIdSchema,
  by: Type.String(),
  reason: Type.String(),
  at: Type.Integer(),
})
export type Command = Static<typeof commandSchema>
export const commandCodec = codec(commandSchema)
