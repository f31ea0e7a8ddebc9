/** From scores to the figures of the report. */

import type { Measured } from './measure.ts'
import { type Interval, recallAt, rocAucInterval, type Scores, shareAbove, thresholdAt } from './metrics.ts'
import type { Difference } from './paired.ts'
import type { Evaluation, Plan } from './plan.ts'
import type { Cost } from './score-store.ts'

/** One scorer on ham and spam. */
export interface Separation {
  readonly scorer: string
  readonly ham: number
  readonly spam: number
  readonly auc: Interval
  readonly recallAt1Percent: Interval
  /** Where there are fewer than 1,000 ham: the recall without any false positive. */
  readonly recallAt01Percent: Interval
  readonly ownThreshold: number
  readonly ownRecall: Interval
  readonly ownFalsePositives: Interval
}

/** One scorer on ham alone. */
export interface FalsePositives {
  readonly scorer: string
  readonly of: string
  readonly ham: number
  /** At the scorer's own threshold. */
  readonly own: Interval
  /** At the threshold that lets 1 % of the unseen lists through. */
  readonly atLists: Interval
}

/** What a scorer took, and when that was measured; no times where they were not. */
export interface ScorerCost extends Partial<Cost> {
  readonly scorer: string
  /** e.g. `2026-01-31`; of all figures of the scorer. */
  readonly date: string
}

/** Ours, *both*, less one peer on the same messages. */
export interface PeerDifference extends Difference {
  readonly of: string
  readonly peer: string
}

export interface Case {
  readonly name: string
  readonly rows: readonly Separation[]
}

export interface Figures {
  readonly costs: readonly ScorerCost[]
  readonly separations: readonly Case[]
  /** Of scorers that were asked in one run only. */
  readonly differences: readonly PeerDifference[]
  readonly synthetic: readonly { readonly name: string; readonly rows: readonly FalsePositives[] }[]
}

/** Undefined where the scorer has not scored every message of the evaluation. Of these sources only, when given. */
export function scoresOf(measured: Measured, evaluation: Evaluation, sources?: readonly string[]): Scores | undefined {
  const found: { ham: number[]; spam: number[] } = { ham: [], spam: [] }
  for (const example of evaluation.examples) {
    if (sources && !sources.includes(example.source)) continue
    const score = measured.scoreOf(evaluation, example)
    if (score === undefined) return undefined
    found[example.label].push(score)
  }
  return found
}

export function separation(measured: Measured, { ham, spam }: Scores): Separation {
  const threshold = measured.scorer.defaultThreshold
  return {
    scorer: measured.scorer.name,
    ham: ham.length,
    spam: spam.length,
    auc: rocAucInterval(ham, spam),
    recallAt1Percent: recallAt(ham, spam, 0.01),
    recallAt01Percent: recallAt(ham, spam, 0.001),
    ownThreshold: threshold,
    // reached is enough: that is how all of them call a message spam
    ownRecall: shareAbove(spam, threshold - 1e-9),
    ownFalsePositives: shareAbove(ham, threshold - 1e-9),
  }
}

/** Of all and of each group (language) of an evaluation that is ham only. */
export function falsePositives(
  measured: Measured,
  evaluation: Evaluation,
  lists: readonly number[],
): readonly FalsePositives[] | undefined {
  const byGroup = new Map<string, number[]>([['all', []]])
  for (const example of evaluation.examples) {
    const score = measured.scoreOf(evaluation, example)
    if (score === undefined) return undefined
    byGroup.get('all')?.push(score)
    byGroup.set(example.group, [...(byGroup.get(example.group) ?? []), score])
  }
  const threshold = thresholdAt(lists, 0.01)
  return [...byGroup].map(([of, scores]) => ({
    scorer: measured.scorer.name,
    of,
    ham: scores.length,
    own: shareAbove(scores, measured.scorer.defaultThreshold - 1e-9),
    atLists: shareAbove(scores, threshold),
  }))
}

export function evaluationNamed(plan: Plan, name: string): Evaluation {
  const found = plan.evaluations.find((one) => one.name === name)
  if (!found) throw new Error(`no evaluation is called ${name}`)
  return found
}
