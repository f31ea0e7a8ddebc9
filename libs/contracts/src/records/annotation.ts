/** What travels on `mail.annotations`: `opened`, annotations, `undecided` and `verdict`, all keyed by message id. */
import Type, { type Static } from 'typebox'
import { codec } from '../codec.ts'
import { contentRefSchema, messageIdSchema, messageSchema, recordVersion } from './message.ts'
import { replyToSchema } from './received.ts'
import { verdictSchema, waitsSchema } from './verdict.ts'

const rule = Type.String({ description: 'stable id, e.g. domain.envelope-not-authorized' })
const fix = Type.Optional(Type.String({ description: 'how to fix it' }))
const evidence = Type.Optional(
  Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Array(Type.String())])),
)

/** One finding. `rule` is stable and greppable; `evidence` is what was seen. */
export const reasonSchema = Type.Object({
  rule,
  text: Type.Optional(
    Type.String({
      description:
        'what is wrong, in the words of a developer who does not know mail; absent where the gateway has the words of the rule itself, as of the spam check',
    }),
  ),
  fix,
  evidence,
})
export type Reason = Static<typeof reasonSchema>

/** A finding in words, as people are shown it. */
export const toldReasonSchema = Type.Object({
  rule,
  text: Type.String({ description: 'what is wrong, in the words of a developer who does not know mail' }),
  fix,
  evidence,
})
export type ToldReason = Static<typeof toldReasonSchema>

/**
 * What one check found. `pass` and `fail` are findings; `unavailable` says that the check could not judge and why.
 * `score` belongs to scoring checks, `waitMs` and `costAboveBurst` to the throttle; the policy decides what they mean.
 */
const annotationFields = {
  v: recordVersion,
  kind: Type.Literal('annotation'),
  id: messageIdSchema,
  check: Type.String({ description: 'name of the check, as the policy names it' }),
  outcome: Type.Union([Type.Literal('pass'), Type.Literal('fail'), Type.Literal('unavailable')], {
    description: 'unavailable: the check could not judge the message; the policy says what that stands for',
  }),
  score: Type.Optional(Type.Number({ description: 'of a check that measures; holdAt and rejectAt of the policy draw the lines' })),
  waitMs: Type.Optional(Type.Number({ minimum: 0, description: 'the reservation conforms after this many ms' })),
  costAboveBurst: Type.Optional(Type.Boolean({ description: 'can never conform: reject' })),
  waits: Type.Optional(waitsSchema),
  policyRevision: Type.Integer({ minimum: 0, description: 'the revision by which it was judged: that of the message' }),
  directoryRevision: Type.Optional(Type.String({ description: 'the revision of the directory, where one was used' })),
  tookMs: Type.Number({ minimum: 0, description: 'how long the check took' }),
  application: Type.String({ description: 'that of the message' }),
}
const reasonsText = { description: 'the first one is what the sender is told' }
export const annotationSchema = Type.Object({ ...annotationFields, reasons: Type.Array(reasonSchema, reasonsText) })
export type Annotation = Static<typeof annotationSchema>

/** The same with its reasons in words. */
export const toldAnnotationSchema = Type.Object({ ...annotationFields, reasons: Type.Array(toldReasonSchema, reasonsText) })
export type ToldAnnotation = Static<typeof toldAnnotationSchema>

/** Annotations are kept with their message by verdict and console: more than this, encoded, is no explanation. */
export const maxAnnotationBytes = 32 * 1024
const maxReasons = 20
const maxReasonChars = 500

/** Its first reasons with words cut to 500 characters and without evidence. */
export function shortenedAnnotation(annotation: Annotation, reasonsKept = maxReasons): Annotation {
  const reasons = annotation.reasons.slice(0, reasonsKept).map(({ rule, text, fix }) => ({
    rule: rule.slice(0, maxReasonChars),
    ...(text === undefined ? {} : { text: text.slice(0, maxReasonChars) }),
    ...(fix === undefined ? {} : { fix: fix.slice(0, maxReasonChars) }),
  }))
  return { ...annotation, reasons }
}

/** Ingress opens the join. Self-contained: verdict needs nothing else to decide. Signed, so that checkers cannot make one. */
export const openedSchema = Type.Object({
  v: recordVersion,
  kind: Type.Literal('opened'),
  id: messageIdSchema,
  application: Type.String(),
  policyRevision: Type.Integer({ minimum: 0 }),
  traceparent: Type.String(),
  checks: Type.Array(Type.String(), { description: 'the checks that are not off: one annotation each is awaited' }),
  budgetMs: Type.Integer({ minimum: 0 }),
  replyTo: Type.Union([replyToSchema, Type.Null()], { description: 'null where nobody waits: the annotations only count' }),
  hmac: Type.String(),
})
export type Opened = Static<typeof openedSchema>

/** A message accepted without a verdict. Self-contained and durable; its content is in the content store. Signed. */
export const undecidedSchema = Type.Object({
  v: recordVersion,
  kind: Type.Literal('undecided'),
  id: messageIdSchema,
  message: messageSchema,
  content: contentRefSchema,
  checks: Type.Array(Type.String()),
  acceptedAt: Type.Integer(),
  hmac: Type.String(),
})
export type Undecided = Static<typeof undecidedSchema>

/** The late decision. The first in offset order is the decision. Signed. */
export const verdictRecordSchema = Type.Object({
  v: recordVersion,
  kind: Type.Literal('verdict'),
  id: messageIdSchema,
  verdict: verdictSchema,
  hmac: Type.String(),
})
export type VerdictRecord = Static<typeof verdictRecordSchema>

export const annotationTopicSchema = Type.Union([annotationSchema, openedSchema, undecidedSchema, verdictRecordSchema])
export type AnnotationTopicRecord = Static<typeof annotationTopicSchema>
export const annotationCodec = codec(annotationTopicSchema)
