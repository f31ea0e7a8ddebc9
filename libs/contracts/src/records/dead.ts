/** `mail.dead`: a record that could not be parsed, its bytes untouched, and where it came from. */
import Type, { type Static } from 'typebox'
import { codec } from '../codec.ts'
import { recordVersion } from './message.ts'

export const deadSchema = Type.Object({
  v: recordVersion,
  kind: Type.Literal('dead'),
  topic: Type.String(),
  partition: Type.Integer({ minimum: 0 }),
  offset: Type.Integer({ minimum: 0 }),
  key: Type.Union([Type.String(), Type.Null()]),
  group: Type.String(),
  reason: Type.String(),
  at: Type.Integer(),
})
export type Dead = Static<typeof deadSchema>
export const deadCodec = codec(deadSchema)
