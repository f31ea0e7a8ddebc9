/** The combined judgement on a message, and its way back to the ingress that waits for it. */
import Type, { type Static } from 'typebox'
import { codec } from '../codec.ts'
import { messageIdSchema, recordVersion } from './message.ts'

export const actionSchema = Type.Union([Type.Literal('relay'), Type.Literal('reject'), Type.Literal('defer'), Type.Literal('hold')])
export type Action = Static<typeof actionSchema>

export const modeSchema = Type.Union([Type.Literal('off'), Type.Literal('monitor'), Type.Literal('enforce')])
export type Mode = Static<typeof modeSchema>

/**
 * The limits that a message met, so that ingress can answer what would meet them again before its content comes. A message of
 * another cost conforms `intervalMs` sooner or later for each unit.
 */
export const waitsSchema = Type.Array(
  Type.Object({
    limit: Type.String({
      description: 'which limit, and whose bucket: 1000/h recipients per sender-domain example.com, burst 500',
    }),
    cost: Type.Number({ minimum: 0, description: 'units that this message counts' }),
    intervalMs: Type.Number({ minimum: 0, description: 'how long a unit takes to come back' }),
    waitMs: Type.Number({ minimum: 0, description: 'until this message conforms' }),
  }),
)
export type Waits = Static<typeof waitsSchema>

/** What one check contributed: its outcome, and the action that it stands for (or would, in monitor). */
export const contributionSchema = Type.Object({
  check: Type.String(),
  mode: modeSchema,
  outcome: Type.Union([Type.Literal('pass'), Type.Literal('fail'), Type.Literal('unavailable')]),
  action: actionSchema,
  score: Type.Optional(Type.Number()),
  rules: Type.Array(Type.String(), { description: 'ids of the reasons' }),
  text: Type.Optional(Type.String({ description: 'the first reason, for the reply' })),
})
export type Contribution = Static<typeof contributionSchema>

export const verdictSchema = Type.Object({
  action: actionSchema,
  decidedBy: Type.Array(Type.String(), { description: 'the enforced checks that stand for this action; empty for relay' }),
  wouldBe: Type.Object(
    { action: actionSchema, by: Type.Array(Type.String()) },
    { description: 'with every monitored check enforced' },
  ),
  contributions: Type.Array(contributionSchema),
  policyRevision: Type.Integer({ minimum: 0 }),
  waitMs: Type.Optional(Type.Number({ minimum: 0 })),
  waits: Type.Optional(waitsSchema),
  late: Type.Optional(Type.Boolean({ description: 'decided after acceptance' })),
  fault: Type.Optional(Type.String({ description: 'the defect that kept the message from being judged: it is held' })),
})
export type Verdict = Static<typeof verdictSchema>

/** The reply to the waiting ingress. Signed with the gateway's key; at most once. */
export const replySchema = Type.Object({
  v: recordVersion,
  id: messageIdSchema,
  verdict: verdictSchema,
  hmac: Type.String(),
})
export type Reply = Static<typeof replySchema>
export const replyCodec = codec(replySchema)
