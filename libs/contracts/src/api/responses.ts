/** What the console's API answers, beside messages. */
import Type, { type Static } from 'typebox'
import { heldSchema } from '../records/held.ts'
import { messageIdSchema } from '../records/message.ts'
import { modeSchema } from '../records/verdict.ts'

export const faultSchema = Type.Object({
  path: Type.String({ description: 'JSON Pointer into the policy' }),
  line: Type.Optional(Type.Integer()),
  message: Type.String(),
  hint: Type.String(),
})
export type PolicyFault = Static<typeof faultSchema>

/** RFC 9457, with the faults and warnings of a policy where there are any. */
export const problemSchema = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  detail: Type.String({ description: 'what happened, and what to do' }),
  code: Type.String({ description: 'stable and greppable' }),
  faults: Type.Optional(Type.Array(faultSchema)),
  warnings: Type.Optional(Type.Array(faultSchema)),
  currentRevision: Type.Optional(Type.Integer()),
})
export type Problem = Static<typeof problemSchema>

/** The answer to `PUT /api/policy`. */
export const policyAppliedSchema = Type.Object({
  revision: Type.Integer({ description: 'the revision that holds now; with dryRun the one that it would get' }),
  changed: Type.Boolean({ description: 'false where the document is the current one already' }),
  dryRun: Type.Boolean(),
  warnings: Type.Array(faultSchema),
})
export type PolicyApplied = Static<typeof policyAppliedSchema>

export const policyRevisionsSchema = Type.Object({
  revisions: Type.Array(
    Type.Object({ revision: Type.Integer(), author: Type.String(), reason: Type.String(), at: Type.Integer() }),
    { description: 'newest first' },
  ),
})
export type PolicyRevisions = Static<typeof policyRevisionsSchema>

export const applicationsSchema = Type.Object({
  policyRevision: Type.Integer(),
  applications: Type.Array(
    Type.Object({ name: Type.String(), owner: Type.String(), checks: Type.Record(Type.String(), modeSchema) }),
  ),
})
export type Applications = Static<typeof applicationsSchema>

export const lagSchema = Type.Object({
  lag: Type.Array(
    Type.Object({
      group: Type.String(),
      topic: Type.String(),
      records: Type.Integer(),
      oldestAgeMs: Type.Number(),
      partitions: Type.Array(Type.Object({ partition: Type.Integer(), records: Type.Integer(), oldestAgeMs: Type.Number() }), {
        description: 'those that are behind',
      }),
    }),
  ),
})
export type LagResponse = Static<typeof lagSchema>

export const rolesSchema = Type.Object({
  roles: Type.Array(
    Type.Object({
      role: Type.String(),
      processes: Type.Integer({ description: 'that run it now' }),
      instances: Type.Array(Type.String()),
      lastSeenAt: Type.Union([Type.Integer(), Type.Null()], { description: 'when a process last said that it runs it' }),
      records: Type.Integer({ description: 'that wait for its groups' }),
      oldestAgeMs: Type.Number(),
    }),
  ),
  missing: Type.Array(
    Type.Object({
      role: Type.String(),
      why: Type.String({ description: 'who needs it, and what becomes of their mail' }),
      applications: Type.Array(Type.String(), { description: 'those that enforce its check' }),
    }),
    { description: 'what the policy needs and nobody runs' },
  ),
})
export type RolesResponse = Static<typeof rolesSchema>

const { cause, explanation, heldAt, expiresAt, onExpiry } = heldSchema.properties

export const quarantineSchema = Type.Object({
  held: Type.Array(
    Type.Object({
      id: messageIdSchema,
      application: Type.String(),
      sender: Type.String(),
      recipients: Type.Array(Type.String(), { description: 'those that remain' }),
      contentBytes: Type.Integer(),
      cause,
      explanation,
      heldAt,
      expiresAt,
      onExpiry,
    }),
    { description: 'the oldest first' },
  ),
  next: Type.Union([Type.String(), Type.Null()], { description: 'the cursor of the next page' }),
})
export type Quarantine = Static<typeof quarantineSchema>
export type HeldSummary = Quarantine['held'][number]

/** The answer to a release or drop: delivery acts upon it. */
export const commandAcceptedSchema = Type.Object({
  id: messageIdSchema,
  command: Type.Union([Type.Literal('release'), Type.Literal('drop')]),
})
export type CommandAccepted = Static<typeof commandAcceptedSchema>
