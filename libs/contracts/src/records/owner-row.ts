/**
 * `console.owners` (table): what owners of applications are still to be told, and what they were told, so that neither a kill nor a
 * restart loses or repeats it.
 *
 * failure/<message>/<attempt>/<recipient>  mail that failed and whose sender may not be told
 * refusal/<application>                    the first refusal after a quiet day, to be told at once
 * told/<what>/<application or owner>       until when the owner knows
 */
import Type, { type Static } from 'typebox'
import { codec } from '../codec.ts'
import { messageIdSchema, recordVersion } from './message.ts'

const head = { v: recordVersion, application: Type.String(), at: Type.Integer({ description: 'ms since the epoch' }) }

export const ownerFailureSchema = Type.Object({
  ...head,
  kind: Type.Literal('failure'),
  id: messageIdSchema,
  sender: Type.String(),
  recipients: Type.Array(Type.String()),
  reply: Type.String(),
  cause: Type.String(),
})
export type OwnerFailure = Static<typeof ownerFailureSchema>

export const ownerRefusalSchema = Type.Object({
  ...head,
  kind: Type.Literal('refusal'),
  id: messageIdSchema,
  reply: Type.String(),
})
export type OwnerRefusal = Static<typeof ownerRefusalSchema>

export const ownerToldSchema = Type.Object({
  ...head,
  kind: Type.Literal('told'),
  until: Type.Integer({ description: 'what happened before this moment was told, ms since the epoch' }),
})
export type OwnerTold = Static<typeof ownerToldSchema>

export const ownerRowCodec = codec(Type.Union([ownerFailureSchema, ownerRefusalSchema, ownerToldSchema]))
