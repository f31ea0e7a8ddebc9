/** `mail.roles` (table, by instance): each process says again and again which roles it runs, so that one that is missing is seen. */
import Type, { type Static } from 'typebox'
import { codec } from '../codec.ts'
import { recordVersion } from './message.ts'

export const processSchema = Type.Object({
  v: recordVersion,
  kind: Type.Literal('process'),
  instance: Type.String({ description: 'unique to the process; another after each start' }),
  roles: Type.Array(Type.String()),
  startedAt: Type.Integer(),
  at: Type.Integer({ description: 'of this announcement' }),
  everyMs: Type.Integer({ minimum: 1, description: 'the next one comes after this; who misses several is gone' }),
})
export type Process = Static<typeof processSchema>
export const processCodec = codec(processSchema)
