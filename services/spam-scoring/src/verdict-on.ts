/** The annotation of the spam check from what the built-in scorer and the engines said. */
import { type CheckContext, type CheckResult, unavailable } from '@sallyport/checker'
import type { Reason } from '@sallyport/contracts'
import type { EngineUnavailable } from './engines/engine-unavailable.ts'
import type { EnginesAnswer } from './engines/engines.ts'
import { type ContentScore, maxReasons, pointsOf, strongestFirst } from './score-content.ts'

export interface Said {
  /** The built-in scorer's. */
  readonly own: ContentScore | EngineUnavailable
  /** Undefined where none is configured. */
  readonly others: EnginesAnswer | undefined
  readonly scoreBytes: number
  readonly contentBytes: number
  readonly settings: Pick<CheckContext['settings'], 'holdAt' | 'rejectAt'>
}

/** As many are kept of a message that passes: enough to improve it. */
const maxReasonsOfPass = 5

/**
 * `fail` from the lowest threshold of the policy on, otherwise `pass`, both with the score and the strongest reasons. Where the scorer
 * or a required engine gave no answer nothing is judged, unless another engine found a virus: that stands whatever else is.
 */
export function verdictOn({ own, others, scoreBytes, contentBytes, settings }: Said): CheckResult {
  const hasVirus = others?.kind === 'scored' && others.hasVirus
  if (others?.kind === 'unavailable') return { outcome: 'unavailable', reasons: others.reasons }
  const isScored = !(own instanceof Error)
  if (!isScored && !hasVirus) {
    const text = `The message could not be scored (${own.why}).`
    return unavailable('spam', 'not-scored', text, { why: own.why, error: own.message.slice(0, 200) })
  }
  const ownReasons = isScored ? own.reasons : []
  const score = Math.round(((isScored ? own.points : 0) + (others?.score ?? 0)) * 100) / 100
  const reasons = strongestFirst([...(others?.reasons ?? []), ...ownReasons])
  const notes = reasons.filter((reason) => isNote(reason))
  const findings = reasons.filter((reason) => !isNote(reason) && pointsOf(reason) >= 0)
  if (isScored && contentBytes > scoreBytes) notes.push(scoredPartly(scoreBytes, contentBytes))
  const { holdAt = Number.POSITIVE_INFINITY, rejectAt = Number.POSITIVE_INFINITY } = settings
  const limit = Math.min(holdAt, rejectAt)
  if (!(score >= limit)) return { outcome: 'pass', score, reasons: [...findings.slice(0, maxReasonsOfPass), ...notes] }
  // What counts nothing is no reason for a refusal.
  const counting = findings.filter((reason) => pointsOf(reason) > 0)
  const told = counting.length > 0 ? counting : [reached(score, limit), ...findings]
  return { outcome: 'fail', score, reasons: [...told.slice(0, maxReasons), ...notes] }
}

/** How the message was judged, rather than what was found in it: said whatever else is. */
const noteRules = new Set(['spam.engine-absent', 'spam.engine-unavailable', 'spam.engine-read-partly'])
const isNote = ({ rule }: Reason): boolean => noteRules.has(rule)

const scoredPartly = (scoreBytes: number, contentBytes: number): Reason => ({
  rule: 'spam.scored-partly',
  text: `The message has ${contentBytes} bytes: it was scored on the first ${scoreBytes} and on the structure of the rest.`,
  evidence: { scoredBytes: scoreBytes, contentBytes, points: 0 },
})

const reached = (score: number, limit: number): Reason => ({
  rule: 'spam.score',
  text: `The message scores ${score}, and mail from ${limit} on is stopped here, though no single thing weighs much.`,
  fix: 'Improve what the reasons below name, or ask the mail team whether the limit fits this application.',
  evidence: { points: score },
})
