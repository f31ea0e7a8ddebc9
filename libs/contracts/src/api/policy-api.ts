/** The policy: what holds, what held, what a change would change. */
import Type, { type Static } from 'typebox'
import type { Operation } from './operation.ts'
import { faultSchema } from './problem.ts'
import { orNull, reasonTextSchema, strict } from './words.ts'

/** The answer to every change of the policy. */
export const policyAppliedSchema = Type.Object({
  revision: Type.Integer({ description: 'the revision that holds now; with dryRun the one that it would get' }),
  changed: Type.Boolean({ description: 'false where the document is the current one already' }),
  dryRun: Type.Boolean(),
  warnings: Type.Array(faultSchema),
})
export type PolicyApplied = Static<typeof policyAppliedSchema>

const revisionSchema = Type.Object({
  revision: Type.Integer(),
  author: Type.String(),
  reason: Type.String(),
  at: Type.Integer(),
})

export const policyRevisionsSchema = Type.Object({
  revisions: Type.Array(revisionSchema, { description: 'those that are kept, newest first' }),
})
export type PolicyRevisions = Static<typeof policyRevisionsSchema>

export const policyRevisionSchema = Type.Object({ ...revisionSchema.properties, document: Type.Unknown() })
export type PolicyRevision = Static<typeof policyRevisionSchema>

export const policyChangeSchema = Type.Object({
  path: Type.String({
    description:
      'as a JSON Pointer, with the name of an application or user in place of its index: /applications/billing/checks/spam/mode',
  }),
  kind: Type.Union([Type.Literal('added'), Type.Literal('removed'), Type.Literal('changed')]),
  before: Type.Optional(Type.Unknown()),
  after: Type.Optional(Type.Unknown()),
})
export type PolicyChangeLine = Static<typeof policyChangeSchema>

export const policyDiffSchema = Type.Object({
  from: Type.Integer({ description: 'revision; 0 where there is none' }),
  to: orNull(Type.Integer({ description: 'revision; null for a document that is none' })),
  changes: Type.Array(policyChangeSchema),
})
export type PolicyDiff = Static<typeof policyDiffSchema>

/** Every fault at once. */
export const policyCheckedSchema = Type.Object({
  valid: Type.Boolean(),
  faults: Type.Array(faultSchema),
  warnings: Type.Array(faultSchema),
  from: Type.Integer({ description: 'the revision that it was compared with; 0 where there is none' }),
  changes: Type.Array(policyChangeSchema, { description: 'what applying it would change; empty where it has faults' }),
})
export type PolicyChecked = Static<typeof policyCheckedSchema>

const revisionNumber = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })
const yaml = 'application/yaml'

export const policyOperations = {
  getPolicy: {
    method: 'GET',
    path: '/api/policy',
    scope: 'viewer',
    summary: 'The policy that holds, as JSON, or as YAML where Accept asks for it; its ETag goes into If-Match',
    response: Type.Unknown(),
    problems: [404],
  },
  putPolicy: {
    method: 'PUT',
    path: '/api/policy',
    scope: 'admin',
    summary: 'Make a document, YAML or JSON, the policy',
    query: Type.Object(
      {
        dryRun: Type.Optional(Type.Boolean({ description: 'checks everything and changes nothing; needs no If-Match' })),
        reason: Type.Optional(Type.String({ maxLength: 1000 })),
      },
      strict,
    ),
    ifMatch: true,
    consumes: yaml,
    response: policyAppliedSchema,
    problems: [409, 412, 413, 422, 428],
  },
  checkPolicy: {
    method: 'POST',
    path: '/api/policy/check',
    scope: 'viewer',
    summary: 'Every fault and warning of a document, and what applying it would change; changes nothing',
    consumes: yaml,
    response: policyCheckedSchema,
    problems: [413],
  },
  getPolicySchema: {
    method: 'GET',
    path: '/api/policy/schema',
    scope: 'viewer',
    summary: 'The JSON Schema of the document, for editors',
    response: Type.Record(Type.String(), Type.Unknown()),
  },
  listRevisions: {
    method: 'GET',
    path: '/api/policy/revisions',
    scope: 'viewer',
    summary: 'Who changed the policy, when and why',
    response: policyRevisionsSchema,
  },
  getRevision: {
    method: 'GET',
    path: '/api/policy/revisions/{revision}',
    scope: 'viewer',
    summary: 'A revision with its document, while it is kept',
    params: Type.Object({ revision: revisionNumber }),
    response: policyRevisionSchema,
    problems: [404],
  },
  diffRevisions: {
    method: 'GET',
    path: '/api/policy/diff',
    scope: 'viewer',
    summary: 'What differs between two revisions',
    query: Type.Object(
      { from: revisionNumber, to: Type.Optional(Type.Integer({ ...revisionNumber, description: 'default the current one' })) },
      strict,
    ),
    response: policyDiffSchema,
    problems: [404],
  },
  rollbackPolicy: {
    method: 'POST',
    path: '/api/policy/rollback',
    scope: 'admin',
    summary: 'Make the document of an earlier revision the policy again, as a new revision',
    ifMatch: true,
    body: Type.Object({ revision: revisionNumber, reason: reasonTextSchema }, strict),
    response: policyAppliedSchema,
    problems: [404, 409, 412, 422, 428],
  },
} as const satisfies Record<string, Operation>
