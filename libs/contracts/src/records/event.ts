/**
 * `mail.events`: what happened to a message, without content. Unique by (id, kind, subject, attempt): a repeat is the
 * same event.
 */
import Type, { type Static } from 'typebox'
import { codec } from '../codec.ts'
import { annotationSchema } from './annotation.ts'
import { clientSchema, messageIdSchema, recordVersion } from './message.ts'
import { actionSchema, verdictSchema } from './verdict.ts'

const head = {
  v: recordVersion,
  id: messageIdSchema,
  application: Type.String(),
  traceparent: Type.String(),
  at: Type.Integer({ description: 'ms since the epoch by the clock of the role that says it' }),
}

/** What ingress did: once per DATA. `accepted` false: nothing is ours. */
export const settledEventSchema = Type.Object({
  ...head,
  kind: Type.Literal('settled'),
  accepted: Type.Boolean(),
  outcome: Type.Union([actionSchema, Type.Literal('undecided'), Type.Literal('abandoned'), Type.Literal('failed')]),
  reply: Type.String({ description: 'the whole SMTP reply; empty where the client was gone' }),
  client: clientSchema,
  sender: Type.String(),
  recipients: Type.Array(Type.String()),
  headerFrom: Type.Array(Type.String()),
  subject: Type.Optional(Type.String()),
  messageId: Type.Optional(Type.String({ description: 'the Message-ID header field' })),
  contentBytes: Type.Integer({ minimum: 0 }),
  policyRevision: Type.Integer({ minimum: 0 }),
  tookMs: Type.Number({ minimum: 0, description: 'from end of DATA to the reply' }),
})

/** All annotations of a join and the verdict that they gave. `replied`: an ingress waited for it. */
export const judgedEventSchema = Type.Object({
  ...head,
  kind: Type.Literal('judged'),
  annotations: Type.Array(annotationSchema),
  missing: Type.Array(Type.String()),
  verdict: verdictSchema,
  replied: Type.Boolean(),
  late: Type.Boolean(),
  tookMs: Type.Number({ minimum: 0 }),
})

/** An annotation that came after its join was closed. */
export const annotatedEventSchema = Type.Object({ ...head, kind: Type.Literal('annotated'), annotation: annotationSchema })

export const recipientResultSchema = Type.Object({
  index: Type.Integer({ minimum: 0 }),
  address: Type.String(),
  result: Type.Union([
    Type.Literal('delivered'),
    Type.Literal('deferred'),
    Type.Literal('bounced'),
    Type.Literal('expired'),
    Type.Literal('dropped'),
  ]),
  reply: Type.String(),
})
export type RecipientResult = Static<typeof recipientResultSchema>

/** One delivery attempt for one destination: how each recipient of it ended. */
export const attemptedEventSchema = Type.Object({
  ...head,
  kind: Type.Literal('attempted'),
  attempt: Type.Integer({ minimum: 1 }),
  destination: Type.String(),
  nextHop: Type.String({ description: 'host:port that answered; empty where none did' }),
  tls: Type.Optional(Type.String()),
  recipients: Type.Array(recipientResultSchema),
  part: Type.Optional(
    Type.Integer({ minimum: 1, description: 'of an event with too many recipients for one record: the second part is 1' }),
  ),
  nextAttemptAt: Type.Optional(Type.Integer()),
  tookMs: Type.Number({ minimum: 0 }),
})

/** Delivery held a message, or a person or the expiry ended a hold. */
export const heldEventSchema = Type.Object({
  ...head,
  kind: Type.Union([Type.Literal('held'), Type.Literal('released'), Type.Literal('dropped')]),
  cause: Type.String(),
  by: Type.String({ description: 'a person, or the role' }),
})

/** A DSN was made, or not: `dsnId` is null where none may be sent and the owner gets a digest instead. */
export const bouncedEventSchema = Type.Object({
  ...head,
  kind: Type.Literal('bounced'),
  attempt: Type.Integer({ minimum: 0 }),
  dsnId: Type.Union([messageIdSchema, Type.Null()]),
  cause: Type.String(),
  recipients: Type.Array(recipientResultSchema),
  tellOwner: Type.Optional(Type.Boolean({ description: 'the owner of the application is to be told instead of the sender' })),
  part: Type.Optional(
    Type.Integer({ minimum: 1, description: 'of an event with too many recipients for one record: the second part is 1' }),
  ),
})

export const eventSchema = Type.Union([
  settledEventSchema,
  judgedEventSchema,
  annotatedEventSchema,
  attemptedEventSchema,
  heldEventSchema,
  bouncedEventSchema,
])
export type MailEvent = Static<typeof eventSchema>
export const eventCodec = codec(eventSchema)
