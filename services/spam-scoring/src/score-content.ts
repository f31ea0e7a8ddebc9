/** What the built-in scorer says of one message: the lint's points and the model's, and the strongest reasons of both. */
import type { Reason } from '@sallyport/contracts'
import { type LintFinding, lint, lintInput, readMime } from '@sallyport/mail'
import { combinedPoints } from './combined-points.ts'
import { scoreModel } from './model/score-model.ts'
import type { SpamModel } from './model/spam-model.ts'

export interface ContentToScore {
  /** The whole message, or its beginning and what stands for the rest. */
  readonly content: Uint8Array
  /** Of the whole message. */
  readonly contentBytes: number
  /** RFC 5321 MAIL FROM, empty for the null sender. */
  readonly sender: string
  readonly recipients: readonly string[]
  readonly isBulk: boolean
  readonly isSmtpUtf8: boolean
  /** Ms since the epoch. */
  readonly receivedAt: number
}

export interface ContentScore {
  /** From 0 on, without limit. */
  readonly points: number
  /** The strongest first, at most `maxReasons`; `evidence.points` is what each adds. */
  readonly reasons: readonly Reason[]
}

/** As many are told of one message. */
export const maxReasons = 10

/** Time and memory are bounded by the bytes given, whatever they are. What a rule throws is thrown: it is no pass. */
export function scoreContent(model: SpamModel, message: ContentToScore): ContentScore {
  const mime = readMime(message.content, { contentBytes: message.contentBytes })
  const { sender, recipients, isBulk, isSmtpUtf8, receivedAt } = message
  const input = lintInput({ mime, sender, recipients, isBulk, isSmtpUtf8, receivedAt })
  const findings = lint(input)
  const modelled = scoreModel(model, input)
  const rulePoints = findings.map(({ rule }) => rule.points)
  return {
    points: combinedPoints(modelled.logOdds, rulePoints),
    reasons: strongestFirst([...findings.map(lintReason), ...modelled.reasons]).slice(0, maxReasons),
  }
}

const lintReason = ({ rule, evidence }: LintFinding): Reason => ({
  rule: rule.id,
  evidence: { ...evidence, points: rule.points },
})

/** By `evidence.points`; what has none is only worth knowing. */
export const strongestFirst = (reasons: readonly Reason[]): Reason[] =>
  reasons.toSorted((left, right) => pointsOf(right) - pointsOf(left))

export function pointsOf({ evidence }: Reason): number {
  const points = evidence?.points
  return typeof points === 'number' ? points : 0
}
