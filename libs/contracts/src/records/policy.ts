/** `policy` (table): the document by slot (revision mod 16), pointers to directory snapshots, and how much is logged. */
import Type, { type Static } from 'typebox'
import { codec } from '../codec.ts'
import { logLevelSchema } from './log-level.ts'
import { recordVersion } from './message.ts'

export * from './log-level.ts'

/** How many revisions every role keeps, so that a message pinned to an older one is still judged by it. */
export const keptRevisions = 16

export const policyRecordSchema = Type.Object({
  v: recordVersion,
  kind: Type.Literal('policy'),
  revision: Type.Integer({ minimum: 1 }),
  author: Type.String(),
  reason: Type.String(),
  at: Type.Integer(),
  document: Type.Unknown({ description: 'the policy document; @sallyport/policy has its schema' }),
  packed: Type.Optional(
    Type.Literal('deflate-raw', { description: 'document is null: its JSON stands beside the record, compressed (RFC 1951)' }),
  ),
})
export type PolicyRecord = Static<typeof policyRecordSchema>

export const directoryPointerSchema = Type.Object({
  v: recordVersion,
  kind: Type.Literal('directory'),
  name: Type.String(),
  revision: Type.String(),
  snapshot: Type.String({ description: 'key in the content store' }),
  entries: Type.Integer({ minimum: 0 }),
  at: Type.Integer(),
})
export type DirectoryPointer = Static<typeof directoryPointerSchema>

export const policyTopicCodec = codec(Type.Union([policyRecordSchema, directoryPointerSchema, logLevelSchema]))

/** The key of a revision's row. */
export const policyKey = (revision: number): string => `document/${revision % keptRevisions}`
/** The key of a directory's row. */
export const directoryKey = (name: string): string => `directory/${name}`
