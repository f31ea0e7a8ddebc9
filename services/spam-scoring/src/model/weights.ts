/** The sum that a model makes of the features of a message: logistic regression over hashed features. */
import { type FeatureBag, featureKind } from './feature-bag.ts'

/** Few words weigh no more than they would in a text of this many features. */
const fewWords = 80
/** The scale of what is no word, against words whose scales have a Euclidean norm of 1. */
export const otherScale = 0.1

/** What a feature's weight is multiplied by: words are normalized by how many there are, so that long texts do not outweigh. */
export const wordScale = (wordCount: number): number => 1 / Math.sqrt(Math.max(fewWords, wordCount))
export const scaleOf = (kind: number, scaleOfWords: number): number =>
  kind === featureKind.word || kind === featureKind.subjectWord ? scaleOfWords : otherScale

/** Weights in 8 bits, one per bucket; a hash falls into the bucket of its upper `bucketBits` bits. */
export interface Weights {
  readonly bucketBits: number
  readonly buckets: Int8Array
  /** What 1 of the 8 bits is worth. */
  readonly unit: number
  readonly bias: number
}

/** Log odds, not calibrated yet, of the message in the bag. */
export function marginOf(weights: Weights, bag: FeatureBag): number {
  const { buckets, unit } = weights
  const shift = 32 - weights.bucketBits
  let words = 0
  let others = 0
  for (let at = 0; at < bag.size; at++) {
    const weight = buckets[(bag.hashes[at] ?? 0) >>> shift] ?? 0
    if (weight === 0) continue
    if ((bag.kinds[at] ?? 0) <= featureKind.subjectWord) words += weight
    else others += weight
  }
  return weights.bias + unit * (words * wordScale(bag.wordCount) + others * otherScale)
}
