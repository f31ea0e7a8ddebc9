/** `GET /api/messages/{id}`: everything that is known of one message, put together from its events. */
import Type, { type Static } from 'typebox'
import { toldAnnotationSchema } from '../records/annotation.ts'
import { attemptedEventSchema, bouncedEventSchema } from '../records/event.ts'
import { clientSchema, messageIdSchema } from '../records/message.ts'
import { actionSchema, verdictSchema } from '../records/verdict.ts'
import { nextSchema, orNull } from './words.ts'

const time = (description: string) => Type.Integer({ description: `${description}, ms since the epoch` })
const { attempt, destination, nextHop, tls, recipients, nextAttemptAt, tookMs } = attemptedEventSchema.properties
const { dsnId, cause } = bouncedEventSchema.properties

/**
 * refused    not accepted: nothing is ours
 * received   seen by a role, but not (yet) settled
 * undecided  accepted without a verdict
 * queued     accepted, on its way
 * deferred   a next hop put off at least one recipient that remains
 * held       in quarantine
 * delivered  every recipient is delivered
 * failed     every recipient has ended, at least one of them not delivered
 */
export const messageStatuses = ['refused', 'received', 'undecided', 'queued', 'deferred', 'held', 'delivered', 'failed'] as const
export type MessageStatus = (typeof messageStatuses)[number]
const statusSchema = Type.Enum(messageStatuses)

/**
 * What was decided of a message: the action of the verdict, `undecided` until a message accepted without one is judged,
 * `abandoned` where the client had gone, `failed` where it could not be taken, `none` where nothing is decided (yet) and for our
 * own messages.
 */
export const messageVerdicts = ['relay', 'reject', 'defer', 'hold', 'undecided', 'abandoned', 'failed', 'none'] as const
export type MessageVerdict = (typeof messageVerdicts)[number]

/** How a recipient ended, or where it stands. */
export const dispositions = ['delivered', 'bounced', 'expired', 'dropped', 'deferred', 'waiting', 'held', 'refused'] as const
export type RecipientDisposition = (typeof dispositions)[number]

const envelopeSchema = Type.Object({
  client: clientSchema,
  sender: Type.String(),
  recipients: Type.Array(Type.String()),
  headerFrom: Type.Array(Type.String()),
  subject: Type.Optional(Type.String()),
  messageId: Type.Optional(Type.String()),
  contentBytes: Type.Integer(),
  policyRevision: Type.Integer(),
})

const settledSchema = Type.Object({
  at: time('when ingress settled it'),
  accepted: Type.Boolean(),
  outcome: Type.String(),
  tookMs: Type.Number({ description: 'from end of DATA to the reply' }),
})

const judgementSchema = Type.Object({
  at: time('when it was judged'),
  verdict: verdictSchema,
  missing: Type.Array(Type.String(), { description: 'checks that had not answered' }),
  replied: Type.Boolean({ description: 'an ingress waited for it' }),
  late: Type.Boolean({ description: 'judged after acceptance' }),
  tookMs: Type.Number(),
})

export const messageRecordSchema = Type.Object({
  id: messageIdSchema,
  application: Type.String(),
  traceparent: Type.String(),
  traceUrl: Type.Optional(Type.String({ description: 'its trace in Jaeger, where console.tracesUrl is set' })),
  firstSeenAt: time('the earliest event'),
  status: statusSchema,
  envelope: Type.Union([envelopeSchema, Type.Null()], { description: 'null until ingress settled it, and for our own DSNs' }),
  settled: Type.Union([settledSchema, Type.Null()]),
  reply: Type.Union([Type.String(), Type.Null()], { description: 'the whole SMTP reply to the end of DATA' }),
  annotations: Type.Array(toldAnnotationSchema, {
    description: 'one per check: the one that counted, else the one that came late',
  }),
  verdict: Type.Union([verdictSchema, Type.Null()], { description: 'the late one where there is one, else the first' }),
  judgements: Type.Array(judgementSchema),
  attempts: Type.Array(
    Type.Object({ at: time('when it ended'), attempt, destination, nextHop, tls, recipients, nextAttemptAt, tookMs }),
  ),
  recipients: Type.Array(
    Type.Object({
      index: Type.Integer({ minimum: 0 }),
      address: Type.String(),
      disposition: Type.Enum(dispositions),
      attempt: Type.Integer({ minimum: 0, description: 'the last one; 0 before the first' }),
      reply: Type.String({ description: 'what the next hop said last' }),
    }),
  ),
  holds: Type.Array(
    Type.Object({
      kind: Type.Union([Type.Literal('held'), Type.Literal('released'), Type.Literal('dropped')]),
      at: time('when'),
      cause: Type.String(),
      by: Type.String(),
    }),
  ),
  bounces: Type.Array(Type.Object({ at: time('when'), attempt: bouncedEventSchema.properties.attempt, dsnId, cause, recipients })),
})
export type MessageRecord = Static<typeof messageRecordSchema>

/** A line of `GET /api/messages`. */
export const messageSummarySchema = Type.Object({
  id: messageIdSchema,
  application: Type.String(),
  firstSeenAt: time('the earliest event'),
  status: statusSchema,
  sender: Type.String(),
  recipients: Type.Array(Type.String(), { description: 'the first 20, in lower case' }),
  recipientCount: Type.Integer({ minimum: 0 }),
  subject: Type.Optional(Type.String()),
  verdict: Type.Enum(messageVerdicts),
  action: orNull(actionSchema),
  wouldBe: orNull(actionSchema),
  violations: Type.Array(Type.String(), { description: 'checks that found one, whatever their mode' }),
})
export type MessageSummary = Static<typeof messageSummarySchema>

export const messagePageSchema = Type.Object({
  messages: Type.Array(messageSummarySchema),
  next: nextSchema,
})
export type MessagePage = Static<typeof messagePageSchema>
