/** The audit log: every change, who made it, and what stood before and after. Nothing can change it. */
import Type, { type Static } from 'typebox'
import { type Operation, scopes } from './operation.ts'
import { nextSchema, orNull, pageQuery, strict, timeSchema } from './words.ts'

export const auditActions = [
  'policy.apply',
  'policy.switch',
  'policy.rollback',
  'policy.restore',
  'quarantine.release',
  'quarantine.drop',
  'queue.pause',
  'queue.resume',
  'queue.retry',
  'queue.cancel',
  'queue.export',
  'content.read',
  'records.backup',
  'records.restore',
  'limits.change',
  'log-level.change',
] as const
export type AuditAction = (typeof auditActions)[number]

export const auditEntrySchema = Type.Object({
  id: Type.String({ description: 'grows with time' }),
  at: timeSchema('when'),
  who: Type.String({ description: 'the name that the caller gave, else that of the token' }),
  token: Type.String({ description: 'name of the token; file: the policy file changed' }),
  scope: Type.Enum(scopes),
  action: Type.Enum(auditActions),
  subject: Type.String({ description: 'what was changed: a message, an application and check, a destination, a revision' }),
  reason: Type.String(),
  before: orNull(Type.Unknown()),
  after: orNull(Type.Unknown()),
})
export type AuditEntry = Static<typeof auditEntrySchema>

export const auditPageSchema = Type.Object({
  entries: Type.Array(auditEntrySchema, { description: 'the newest first' }),
  next: nextSchema,
})
export type AuditPage = Static<typeof auditPageSchema>

export const auditOperations = {
  listAudit: {
    method: 'GET',
    path: '/api/audit',
    scope: 'viewer',
    summary: 'Every change: who, when, what, why, before and after',
    query: Type.Object(
      {
        who: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'the whole, or its beginning' })),
        action: Type.Optional(Type.Enum(auditActions)),
        subject: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'the whole, or its beginning' })),
        since: Type.Optional(timeSchema('at this time or later')),
        until: Type.Optional(timeSchema('before this time')),
        ...pageQuery(500, 100),
      },
      strict,
    ),
    response: auditPageSchema,
  },
} as const satisfies Record<string, Operation>
