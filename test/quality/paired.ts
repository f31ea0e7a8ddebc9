/** Two scorers on the same messages: whether one is better, or the sample too small to tell. */
import { type Interval, recallAt, rocAuc, type Scores } from './metrics.ts'
import { seededRandom } from './transactional/random.ts'

/** One scorer less the other. An interval that holds 0 tells of no difference. */
export interface Difference {
  readonly auc: Interval
  readonly recallAt1Percent: Interval
}

const resamples = 2_000

/**
 * By the bootstrap (Efron, Annals of Statistics 7, 1979): messages are drawn again with replacement, ham and spam apart, each with both of its
 * scores, and the middle 95 % of the differences is the interval. `left` and `right` hold the same messages in the same order; throws where
 * they cannot. The same scores always give the same interval.
 */
export function pairedDifference(left: Scores, right: Scores): Difference {
  if (left.ham.length !== right.ham.length || left.spam.length !== right.spam.length) {
    throw new Error('a paired difference needs the scores of both scorers for each message')
  }
  const random = seededRandom(1)
  const draw = (length: number): number[] => Array.from({ length }, () => random.between(0, length - 1))
  const drawn = Array.from({ length: resamples }, () => {
    const ham = draw(left.ham.length)
    const spam = draw(left.spam.length)
    return compared(taken(left, ham, spam), taken(right, ham, spam))
  })
  const { auc, recallAt1Percent } = compared(left, right)
  return {
    auc: middle(
      auc,
      drawn.map((one) => one.auc),
    ),
    recallAt1Percent: middle(
      recallAt1Percent,
      drawn.map((one) => one.recallAt1Percent),
    ),
  }
}

const compared = (left: Scores, right: Scores): { readonly auc: number; readonly recallAt1Percent: number } => ({
  auc: rocAuc(left.ham, left.spam) - rocAuc(right.ham, right.spam),
  recallAt1Percent: recallAt(left.ham, left.spam, 0.01).value - recallAt(right.ham, right.spam, 0.01).value,
})

const taken = ({ ham, spam }: Scores, hamAt: readonly number[], spamAt: readonly number[]): Scores => ({
  ham: hamAt.map((at) => ham[at] ?? 0),
  spam: spamAt.map((at) => spam[at] ?? 0),
})

function middle(value: number, drawn: readonly number[]): Interval {
  const sorted = [...drawn].sort((a, b) => a - b)
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] ?? value
  return { value, low: at(0.025), high: at(0.975) }
}
