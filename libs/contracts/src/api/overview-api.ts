/** What happens now: rates, what is wrong, and the stream that live views read. */
import Type, { type Static } from 'typebox'
import type { Operation } from './operation.ts'
import { lagSchema, rolesSchema } from './roles-api.ts'
import { countSchema, nameSchema, orNull, strict, timeSchema } from './words.ts'

const rate = (description: string) => Type.Number({ minimum: 0, description: `${description}, a second` })

export const overviewSchema = Type.Object({
  at: timeSchema('when this was'),
  policyRevision: orNull(Type.Integer()),
  rates: Type.Object(
    {
      received: rate('messages whose DATA ended'),
      accepted: rate('answered 250'),
      refused: rate('answered 4xx or 5xx'),
      violations: rate('messages with a violation, whatever the mode'),
      held: rate('put into quarantine'),
      delivered: rate('recipients delivered'),
      deferred: rate('recipients that a next hop put off'),
      failed: rate('recipients bounced, expired or dropped'),
    },
    { description: 'over the last 10 s' },
  ),
  stages: Type.Array(
    Type.Object({
      role: Type.String(),
      processes: countSchema('that run it'),
      waiting: countSchema('records that wait for it'),
      oldestAgeMs: Type.Number({ minimum: 0 }),
    }),
    { description: 'the flow of the mail, in its order' },
  ),
  queue: Type.Object({ messages: countSchema('accepted, waiting for delivery'), oldestAgeMs: Type.Number({ minimum: 0 }) }),
  held: countSchema('in quarantine'),
  problems: Type.Array(
    Type.Object({
      code: Type.String({ description: 'stable' }),
      severity: Type.Union([Type.Literal('error'), Type.Literal('warning')]),
      text: Type.String({ description: 'what is wrong' }),
      advice: Type.String({ description: 'what to do' }),
    }),
    { description: 'what is wrong now, errors first; empty where all is well' },
  ),
})
export type Overview = Static<typeof overviewSchema>

/**
 * A line of the live stream: `event: mail`. Events of one message come in the order in which the console heard of them. A reader
 * that is too slow misses some, and is told how many: `event: lost`, `data: {"count": n}`. `event: overview` comes every two
 * seconds with an overview.
 */
export const liveEventSchema = Type.Object({
  id: Type.String({ description: 'UUID of the message' }),
  kind: Type.Enum(['settled', 'judged', 'annotated', 'attempted', 'held', 'released', 'dropped', 'bounced'] as const),
  at: timeSchema('when'),
  application: Type.String(),
  text: Type.String({ description: 'in words: the reply, the verdict, the next hop and what it said' }),
  violations: Type.Array(Type.String(), { description: 'checks that found one' }),
})
export type LiveEvent = Static<typeof liveEventSchema>

export const overviewOperations = {
  getOverview: {
    method: 'GET',
    path: '/api/overview',
    scope: 'viewer',
    summary: 'Live rates, and what is wrong now',
    response: overviewSchema,
  },
  streamEvents: {
    method: 'GET',
    path: '/api/events',
    scope: 'viewer',
    summary: 'Server-sent events: mail (one per event), overview (every two seconds), lost (the reader was too slow)',
    query: Type.Object({ application: Type.Optional(nameSchema('only its events')) }, strict),
    produces: 'text/event-stream',
  },
  getRoles: {
    method: 'GET',
    path: '/api/roles',
    scope: 'viewer',
    summary: 'Who runs what, how far it is behind, and what is missing',
    response: rolesSchema,
    problems: [404],
  },
  getLag: {
    method: 'GET',
    path: '/api/lag',
    scope: 'viewer',
    summary: 'How far each group of readers is behind',
    response: lagSchema,
    problems: [404],
  },
} as const satisfies Record<string, Operation>
