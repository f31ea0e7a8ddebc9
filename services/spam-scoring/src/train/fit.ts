/** Logistic regression on hashed features, with a penalty on the squared distance from a prior (zero, or an earlier model). */
import { otherScale, type Weights, wordScale } from '../model/weights.ts'
import { minimize } from './minimize.ts'
import type { TrainingExample } from './training-example.ts'

export interface FitOptions {
  readonly bucketBits: number
  /** A feature that occurs in fewer groups is left out: it would name somebody rather than say something. */
  readonly minGroups: number
  /** The larger, the nearer the weights stay to the prior; each feature's is also by how it divides the classes. */
  readonly penalty: number
  readonly maxIterations: number
  /** Where to begin, and what not to go far from. */
  readonly prior?: Weights | undefined
}

export interface Fitted {
  /** By bucket; 0 for what was left out. */
  readonly weights: Map<number, number>
  readonly bias: number
  /** Features that occur in enough groups. */
  readonly keptFeatures: number
}

/**
 * The weights that minimize the logistic loss, both classes counting the same in all. Deterministic: the same examples in the
 * same order give the same weights to the last bit. Keep the examples of one group in one training set.
 */
export function fit(examples: readonly TrainingExample[], options: FitOptions): Fitted {
  const shift = 32 - options.bucketBits
  const columns = columnsOf(examples, shift, options)
  const rows = rowsOf(examples, shift, columns)
  const priorBuckets = options.prior?.bucketBits === options.bucketBits ? options.prior : undefined
  const prior = new Float64Array(columns.size + 1)
  if (priorBuckets) {
    for (const [bucket, column] of columns) prior[column] = (priorBuckets.buckets[bucket] ?? 0) * priorBuckets.unit
    prior[columns.size] = priorBuckets.bias
  }
  // What an earlier model says by features that are not learned here.
  const offsets = examples.map((example) => (priorBuckets ? unlearned(example, shift, columns, priorBuckets) : 0))
  const spamWeight = 2 * weightOf(examples, true)
  const hamWeight = 2 * weightOf(examples, false)
  const penalties = penaltiesOf(examples, rows, columns.size, options.penalty)
  const point = Float64Array.from(prior)
  minimize(
    (at, gradient) => {
      let value = 0
      for (let column = 0; column < columns.size; column++) {
        const distance = (at[column] ?? 0) - (prior[column] ?? 0)
        const penalty = penalties[column] ?? 0
        value += 0.5 * penalty * distance * distance
        gradient[column] = penalty * distance
      }
      gradient[columns.size] = 0
      for (const [index, row] of rows.entries()) {
        const { isSpam = false, weight = 1 } = examples[index] ?? {}
        let words = 0
        let others = 0
        for (const column of row.words) words += at[column] ?? 0
        for (const column of row.others) others += at[column] ?? 0
        const margin = (offsets[index] ?? 0) + (at[columns.size] ?? 0) + row.wordScale * words + otherScale * others
        const signed = isSpam ? margin : -margin
        const share = weight / (isSpam ? spamWeight : hamWeight)
        value += share * (signed > 0 ? Math.log1p(Math.exp(-signed)) : Math.log1p(Math.exp(signed)) - signed)
        const slope = ((isSpam ? -1 : 1) * share) / (1 + Math.exp(signed))
        const wordSlope = slope * row.wordScale
        const otherSlope = slope * otherScale
        for (const column of row.words) gradient[column] = (gradient[column] ?? 0) + wordSlope
        for (const column of row.others) gradient[column] = (gradient[column] ?? 0) + otherSlope
        gradient[columns.size] = (gradient[columns.size] ?? 0) + slope
      }
      return value
    },
    point,
    options.maxIterations,
  )
  const weights = new Map<number, number>()
  priorBuckets?.buckets.forEach((weight, bucket) => {
    if (weight !== 0) weights.set(bucket, weight * priorBuckets.unit)
  })
  for (const [bucket, column] of columns) weights.set(bucket, point[column] ?? 0)
  return { weights, bias: point[columns.size] ?? 0, keptFeatures: columns.size }
}

function weightOf(examples: readonly TrainingExample[], isSpam: boolean): number {
  return examples.reduce((sum, example) => sum + (example.isSpam === isSpam ? example.weight : 0), 0)
}

/** The least log ratio of shares that makes a difference to a penalty. */
const leastRatio = 0.05

/**
 * By column. What occurs in one class more than in the other may weigh more: the penalty is divided by the root of the log ratio
 * of its shares among spam and among ham, one of each added. A gentle form of what Wang and Manning do with features (ACL 2012, NBSVM).
 */
function penaltiesOf(
  examples: readonly TrainingExample[],
  rows: readonly Row[],
  columnCount: number,
  penalty: number,
): Float64Array {
  const [spam, ham] = [new Float64Array(columnCount), new Float64Array(columnCount)]
  for (const [index, { words, others }] of rows.entries()) {
    const { isSpam = false, weight = 1 } = examples[index] ?? {}
    const counts = isSpam ? spam : ham
    for (const column of words) counts[column] = (counts[column] ?? 0) + weight
    for (const column of others) counts[column] = (counts[column] ?? 0) + weight
  }
  const ofAll = Math.log((weightOf(examples, false) + 2) / (weightOf(examples, true) + 2))
  return spam.map((count, column) => {
    const ratio = Math.abs(Math.log((count + 1) / ((ham[column] ?? 0) + 1)) + ofAll)
    return penalty / Math.sqrt(Math.max(leastRatio, ratio))
  })
}

/** A column for each bucket whose features occur in enough groups, in the order of first sight. */
function columnsOf(
  examples: readonly TrainingExample[],
  shift: number,
  { minGroups, bucketBits }: FitOptions,
): Map<number, number> {
  const groupNumbers = new Map<string, number>()
  // The last group that was counted for a bucket is not counted again: groups come one after the other.
  const lastGroup = new Int32Array(2 ** bucketBits).fill(-1)
  const groupCounts = new Uint16Array(2 ** bucketBits)
  const columns = new Map<number, number>()
  const byGroup = examples.toSorted((left, right) => (left.group < right.group ? -1 : left.group > right.group ? 1 : 0))
  for (const example of byGroup) {
    const group = groupNumbers.get(example.group) ?? groupNumbers.size
    groupNumbers.set(example.group, group)
    for (const hashes of [example.words, example.others]) {
      for (const hash of hashes) {
        const bucket = hash >>> shift
        if (lastGroup[bucket] === group) continue
        lastGroup[bucket] = group
        const count = Math.min(0xffff, (groupCounts[bucket] ?? 0) + 1)
        groupCounts[bucket] = count
        if (count === minGroups) columns.set(bucket, columns.size)
      }
    }
  }
  return columns
}

interface Row {
  readonly words: Int32Array
  readonly others: Int32Array
  readonly wordScale: number
}

function rowsOf(examples: readonly TrainingExample[], shift: number, columns: ReadonlyMap<number, number>): Row[] {
  const pick = (hashes: Uint32Array): Int32Array => {
    const picked: number[] = []
    for (const hash of hashes) {
      const column = columns.get(hash >>> shift)
      if (column !== undefined) picked.push(column)
    }
    return Int32Array.from(picked)
  }
  return examples.map(({ words, others }) => ({ words: pick(words), others: pick(others), wordScale: wordScale(words.length) }))
}

function unlearned(example: TrainingExample, shift: number, columns: ReadonlyMap<number, number>, prior: Weights): number {
  const sum = (hashes: Uint32Array): number => {
    let total = 0
    for (const hash of hashes) if (!columns.has(hash >>> shift)) total += prior.buckets[hash >>> shift] ?? 0
    return total
  }
  return prior.unit * (sum(example.words) * wordScale(example.words.length) + sum(example.others) * otherScale)
}
