/** Applications: who they are, how much they send, what of it is wrong, and whether a check is safe to enforce. */
import Type, { type Static } from 'typebox'
import { modeSchema } from '../records/verdict.ts'
import type { Operation } from './operation.ts'
import { policyAppliedSchema } from './policy-api.ts'
import { countSchema, nameSchema, orNull, reasonTextSchema, strict, timeSchema } from './words.ts'

export const nameParams = Type.Object({ name: nameSchema('of the application, or `unregistered`') })
export const sinceQuery = Type.Object(
  { since: Type.Optional(timeSchema('default 7 days ago')), until: Type.Optional(timeSchema('default now')) },
  strict,
)

const modesSchema = Type.Record(Type.String(), modeSchema, { description: 'the mode of every check that the policy names' })

const volumeProperties = {
  messages: countSchema('that came'),
  refused: countSchema('of them, refused: 4xx and 5xx'),
  held: countSchema('of them, put into quarantine'),
  wouldRefuse: countSchema('of them, left, and with every check enforced they would not have'),
}
export const volumeSchema = Type.Object(volumeProperties)
export type Volume = Static<typeof volumeSchema>

export const applicationsSchema = Type.Object({
  policyRevision: Type.Integer(),
  since: timeSchema('since when volume and violations are counted'),
  applications: Type.Array(
    Type.Object({
      name: Type.String(),
      owner: Type.String(),
      checks: modesSchema,
      volume: volumeSchema,
      violations: Type.Record(Type.String(), Type.Integer(), { description: 'by check: messages on which it found one' }),
      lastSeenAt: orNull(timeSchema('the last message')),
    }),
  ),
})
export type Applications = Static<typeof applicationsSchema>

export const violationSchema = Type.Object({
  check: Type.String(),
  rule: Type.String({ description: 'stable id' }),
  text: Type.String({ description: 'what is wrong' }),
  fix: orNull(Type.String({ description: 'how to fix it' })),
  messages: countSchema('messages with it'),
  firstAt: timeSchema('the first'),
  lastAt: timeSchema('the last'),
  samples: Type.Array(Type.String(), { description: 'ids of some of them, the newest first' }),
})
export type Violation = Static<typeof violationSchema>

export const applicationDetailSchema = Type.Object({
  name: Type.String(),
  owner: orNull(Type.String({ description: 'null for `unregistered`' })),
  policyRevision: Type.Integer(),
  checks: modesSchema,
  settings: Type.Record(Type.String(), Type.Unknown(), { description: 'by check: its settings with defaults filled in' }),
  from: Type.Object(
    { networks: Type.Array(Type.String()), auth: Type.Array(Type.String()), certificates: Type.Array(Type.String()) },
    { description: 'how it is recognized' },
  ),
  senders: Type.Object(
    { domains: Type.Array(Type.String()), addresses: Type.Array(Type.String()), directories: Type.Array(Type.String()) },
    { description: 'what it may send as; domains are its own and those of the organization' },
  ),
  route: Type.String(),
  since: timeSchema('since when'),
  until: timeSchema('until when'),
  volume: volumeSchema,
  perDay: Type.Array(Type.Object({ day: timeSchema('its start (UTC)'), ...volumeProperties })),
  violations: Type.Array(violationSchema, { description: 'the most frequent first' }),
  identities: Type.Array(
    Type.Object({
      kind: Type.Union([Type.Literal('envelope'), Type.Literal('header')], { description: 'MAIL FROM, or header From' }),
      address: Type.String({ description: 'empty for the null sender' }),
      messages: countSchema('sent as it'),
      lastAt: timeSchema('the last'),
    }),
    { description: 'what it sends as, the most frequent first' },
  ),
})
export type ApplicationDetail = Static<typeof applicationDetailSchema>

const sufferedProperties = {
  messages: countSchema('that the check judged'),
  wouldReject: countSchema('that would have been rejected, or were'),
  wouldHold: countSchema('that would have been held, or were'),
  wouldDefer: countSchema('that would have waited, or did'),
}

export const checkReadinessSchema = Type.Object({
  check: Type.String(),
  mode: modeSchema,
  watchedSince: orNull(timeSchema('the first message that it judged')),
  daysWatched: Type.Integer({ minimum: 0, description: 'days (UTC) within the time asked for on which it judged a message' }),
  ...sufferedProperties,
  unavailable: countSchema('that it could not judge'),
  perDay: Type.Array(Type.Object({ day: timeSchema('its start (UTC)'), ...sufferedProperties })),
  violations: Type.Array(violationSchema, { description: 'distinct ones, the most frequent first' }),
  isSafe: Type.Boolean({ description: 'watched long enough, and nothing would have suffered' }),
  advice: Type.String({ description: 'whether to enforce it, and what to do before' }),
})
export type CheckReadiness = Static<typeof checkReadinessSchema>

export const readinessSchema = Type.Object({
  application: Type.String(),
  owner: orNull(Type.String()),
  policyRevision: Type.Integer(),
  since: timeSchema('since when'),
  until: timeSchema('until when'),
  checks: Type.Array(checkReadinessSchema),
})
export type ApplicationReadiness = Static<typeof readinessSchema>

export const switchCheckSchema = Type.Object({ mode: modeSchema, reason: reasonTextSchema }, strict)

export const applicationOperations = {
  listApplications: {
    method: 'GET',
    path: '/api/applications',
    scope: 'viewer',
    summary: 'Every application with its modes, volume and violations',
    query: sinceQuery,
    response: applicationsSchema,
    problems: [404],
  },
  getApplication: {
    method: 'GET',
    path: '/api/applications/{name}',
    scope: 'viewer',
    summary: 'One application: owner, volume, violations, what it sends as',
    params: nameParams,
    query: sinceQuery,
    response: applicationDetailSchema,
    problems: [404],
  },
  getReadiness: {
    method: 'GET',
    path: '/api/applications/{name}/readiness',
    scope: 'viewer',
    summary: 'What enforcing each check would have done to the mail of the time asked for',
    params: nameParams,
    query: sinceQuery,
    response: readinessSchema,
    problems: [404],
  },
  switchCheck: {
    method: 'POST',
    path: '/api/applications/{name}/checks/{check}',
    scope: 'admin',
    summary: 'Switch one check of one application; makes a revision of the policy',
    params: Type.Object({ name: nameSchema('of the application'), check: nameSchema('of the check') }),
    ifMatch: true,
    body: switchCheckSchema,
    response: policyAppliedSchema,
    problems: [404, 409, 412, 422, 428],
  },
} as const satisfies Record<string, Operation>
