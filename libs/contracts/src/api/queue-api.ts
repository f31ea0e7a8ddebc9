/** The queue: what was accepted and waits for delivery, and the standing orders about it. */
import Type, { type Static } from 'typebox'
import { messageIdSchema } from '../records/message.ts'
import type { Operation } from './operation.ts'
import { countSchema, nameSchema, nextSchema, orNull, pageQuery, reasonTextSchema, strict, timeSchema } from './words.ts'

export const queueOrderSchema = Type.Object({
  orderId: Type.String(),
  kind: Type.Enum(['pause', 'cancel', 're-route', 'suspend', 'retry'] as const),
  destination: orNull(Type.String()),
  application: orNull(Type.String()),
  message: orNull(Type.String()),
  by: Type.String(),
  reason: Type.String(),
  at: timeSchema('given'),
  expiresAt: timeSchema('ends by itself'),
})
export type QueueOrder = Static<typeof queueOrderSchema>

export const queueDestinationSchema = Type.Object({
  destination: Type.String({ description: 'name of the route' }),
  messages: countSchema('that wait, now or for a further attempt'),
  recipients: countSchema('of them that remain'),
  deferred: countSchema('of them, put off by the next hop at least once'),
  ages: Type.Object(
    {
      minute: countSchema('younger than a minute'),
      hour: countSchema('younger than an hour'),
      day: countSchema('younger than a day'),
      older: countSchema('older'),
    },
    { description: 'messages by age' },
  ),
  oldestAt: orNull(timeSchema('when the oldest was accepted')),
  lastReply: orNull(Type.String({ description: 'what its next hop said last to one that was put off' })),
  lastReplyAt: orNull(timeSchema('when')),
  nextAttemptAt: orNull(timeSchema('the first attempt that is due')),
  isPaused: Type.Boolean(),
})
export type QueueDestination = Static<typeof queueDestinationSchema>

export const queueSchema = Type.Object({
  destinations: Type.Array(queueDestinationSchema, { description: 'every route of the policy, and those that still have mail' }),
  orders: Type.Array(queueOrderSchema, { description: 'that stand, the newest first' }),
  messages: countSchema('that wait, in all'),
  oldestAgeMs: Type.Number({ minimum: 0 }),
})
export type Queue = Static<typeof queueSchema>

const filterProperties = {
  destination: Type.Optional(nameSchema('of the route')),
  application: Type.Optional(nameSchema('of the application')),
}

export const queuedMessageSchema = Type.Object({
  id: messageIdSchema,
  application: Type.String(),
  sender: Type.String(),
  recipients: Type.Array(Type.String(), { description: 'those that remain' }),
  destination: Type.String(),
  acceptedAt: timeSchema('accepted'),
  attempts: countSchema('that were made'),
  lastReply: orNull(Type.String()),
  nextAttemptAt: orNull(timeSchema('due')),
})
export type QueuedMessage = Static<typeof queuedMessageSchema>

export const queuePageSchema = Type.Object({
  messages: Type.Array(queuedMessageSchema, { description: 'the oldest first' }),
  next: nextSchema,
})
export type QueuePage = Static<typeof queuePageSchema>

/** What an order is about: everything that is given must match. */
const aboutProperties = {
  ...filterProperties,
  message: Type.Optional(Type.String({ minLength: 36, maxLength: 36, description: 'id of a message' })),
}
const about = { ...strict, minProperties: 2, description: 'beside the reason at least one of destination, application, message' }

export const orderBodySchema = Type.Object({ ...aboutProperties, reason: reasonTextSchema }, about)
export const pauseBodySchema = Type.Object(
  {
    ...filterProperties,
    reason: reasonTextSchema,
    forMs: Type.Optional(
      Type.Integer({ minimum: 1000, maximum: 30 * 86_400_000, default: 86_400_000, description: 'it ends by itself then, ms' }),
    ),
  },
  { ...strict, minProperties: 2, description: 'beside the reason at least one of destination and application' },
)

export const queueOperations = {
  getQueue: {
    method: 'GET',
    path: '/api/queue',
    scope: 'viewer',
    summary: 'What waits for delivery, by destination, and the orders that stand',
    response: queueSchema,
    problems: [404],
  },
  listQueued: {
    method: 'GET',
    path: '/api/queue/messages',
    scope: 'viewer',
    summary: 'Messages that wait, the oldest first',
    query: Type.Object({ ...filterProperties, ...pageQuery(500, 100) }, strict),
    response: queuePageSchema,
  },
  pauseQueue: {
    method: 'POST',
    path: '/api/queue/pause',
    scope: 'operator',
    summary: 'Send nothing to a destination, or of an application, until it is resumed. Accepted mail waits',
    body: pauseBodySchema,
    response: queueOrderSchema,
    status: 202,
    problems: [404],
  },
  resumeQueue: {
    method: 'POST',
    path: '/api/queue/resume',
    scope: 'operator',
    summary: 'End every pause of exactly this destination and application, and send at once',
    body: Type.Object({ ...filterProperties, reason: reasonTextSchema }, { ...strict, minProperties: 2 }),
    response: Type.Object({ ended: Type.Array(queueOrderSchema) }),
    status: 202,
    problems: [404],
  },
  retryQueue: {
    method: 'POST',
    path: '/api/queue/retry',
    scope: 'operator',
    summary: 'Try at once what waits for a further attempt',
    body: orderBodySchema,
    response: queueOrderSchema,
    status: 202,
    problems: [404],
  },
  cancelQueue: {
    method: 'POST',
    path: '/api/queue/cancel',
    scope: 'operator',
    summary: 'Drop what was accepted up to now and still waits; its senders are not told',
    body: orderBodySchema,
    response: queueOrderSchema,
    status: 202,
    problems: [404],
  },
  exportQueue: {
    method: 'GET',
    path: '/api/queue/export',
    scope: 'admin',
    summary: 'The way out: every accepted message that has not left, as a tar archive of ID.eml with its envelope ID.json',
    produces: 'application/x-tar',
  },
} as const satisfies Record<string, Operation>
