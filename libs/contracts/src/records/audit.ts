/** `console.audit` (table, by entry id): every change that was made through the console. A row is never changed. */
import Type, { type Static } from 'typebox'
import { auditEntrySchema } from '../api/audit-api.ts'
import { codec } from '../codec.ts'
import { recordVersion } from './message.ts'

export const auditRecordSchema = Type.Object({ v: recordVersion, kind: Type.Literal('audit'), ...auditEntrySchema.properties })
export type AuditRecord = Static<typeof auditRecordSchema>
export const auditCodec = codec(auditRecordSchema)
