/** The answers of several engines as one. */
import type { Reason } from '@sallyport/contracts'
import { EngineUnavailable } from './engine-unavailable.ts'
import type { EngineAnswer } from './port.ts'

export interface AskedEngine {
  readonly name: string
  readonly weight: number
  readonly isRequired: boolean
  readonly answer: PromiseSettledResult<EngineAnswer>
}

export type EnginesAnswer =
  | {
      readonly kind: 'scored'
      /** Σ weight · score; at least what a virus counts where one was found. */
      readonly score: number
      /** The strongest first; `evidence.points` as they count in the score. */
      readonly reasons: readonly Reason[]
      readonly hasVirus: boolean
    }
  /** The decisive reason first: which engine, and why. */
  | { readonly kind: 'unavailable'; readonly reasons: readonly Reason[] }

/** Throws what an engine failed with, where it was not the engine: then the content could not be read. */
export function combine(asked: readonly AskedEngine[]): EnginesAnswer {
  const found: Reason[] = []
  const missed: Reason[] = []
  const notes: Reason[] = []
  let score = 0
  let virusScore: number | undefined
  let isDecided = true
  for (const { name, weight, isRequired, answer } of asked) {
    if (answer.status === 'rejected') {
      if (!(answer.reason instanceof EngineUnavailable)) throw answer.reason
      if (isRequired) isDecided = false
      missed.push(isRequired ? unavailableReason(name, answer.reason) : absentReason(name, answer.reason))
      continue
    }
    const { value } = answer
    const isVirus = value.virus !== undefined
    if (isVirus) virusScore = Math.max(virusScore ?? 0, value.score)
    else score += weight * value.score
    found.push(...weighted(name, value, isVirus ? 1 : weight))
    if (value.isPartial) notes.push(partialReason(name))
  }
  if (!isDecided && virusScore === undefined) return { kind: 'unavailable', reasons: requiredFirst(missed) }
  // What a ham rule of another engine takes off does not make a virus less of one.
  const counted = virusScore === undefined ? score : virusScore + Math.max(0, score)
  found.sort((left, right) => Number(isVirusReason(right)) - Number(isVirusReason(left)) || pointsOf(right) - pointsOf(left))
  return {
    kind: 'scored',
    score: rounded(counted),
    reasons: [...found, ...requiredFirst(missed), ...notes],
    hasVirus: virusScore !== undefined,
  }
}

/** Where an engine gives points and no reasons, that is the reason. */
function weighted(name: string, { score, reasons }: EngineAnswer, weight: number): Reason[] {
  if (reasons.length === 0 && score > 0) {
    const evidence = { engine: name, points: rounded(weight * score) }
    return [{ rule: 'spam.engine-score', text: `${name} gives the message ${rounded(score)} points and says no more.`, evidence }]
  }
  return reasons.map((reason) => ({ ...reason, evidence: { ...reason.evidence, points: rounded(weight * pointsOf(reason)) } }))
}

const unavailableReason = (name: string, error: EngineUnavailable): Reason => ({
  rule: 'spam.engine-unavailable',
  text: `The engine "${name}" gave no answer (${error.why}), and without it the message is not judged.`,
  evidence: { engine: name, why: error.why, error: error.message.slice(0, 200) },
})

const absentReason = (name: string, error: EngineUnavailable): Reason => ({
  rule: 'spam.engine-absent',
  text: `The engine "${name}" gave no answer (${error.why}); the message is judged without it.`,
  evidence: { engine: name, why: error.why, error: error.message.slice(0, 200), points: 0 },
})

const partialReason = (name: string): Reason => ({
  rule: 'spam.engine-read-partly',
  text: `The engine "${name}" read only the beginning of the message.`,
  evidence: { engine: name, points: 0 },
})

const requiredFirst = (missed: readonly Reason[]): Reason[] => [
  ...missed.filter(({ rule }) => rule === 'spam.engine-unavailable'),
  ...missed.filter(({ rule }) => rule !== 'spam.engine-unavailable'),
]

const isVirusReason = ({ rule }: Reason): boolean => rule === 'spam.virus'
const rounded = (points: number): number => Math.round(points * 1000) / 1000

function pointsOf({ evidence }: Reason): number {
  const points = evidence?.points
  return typeof points === 'number' ? points : 0
}
