/** `mail.traces` (table, by trace id): a trace that every process exports whatever the ratio says. Its row is deleted after a minute. */
import Type, { type Static } from 'typebox'
import { codec } from '../codec.ts'
import { recordVersion } from './message.ts'

export const keptTraceSchema = Type.Object({
  v: recordVersion,
  kind: Type.Literal('kept-trace'),
  instance: Type.String({ description: 'the process that keeps it' }),
  at: Type.Integer(),
})
export type KeptTrace = Static<typeof keptTraceSchema>
export const keptTraceCodec = codec(keptTraceSchema)
