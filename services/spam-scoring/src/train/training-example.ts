/** One message to learn from: its hashed features, apart from the message, which is not kept. */
import { type FeatureBag, featureKind } from '../model/feature-bag.ts'

export interface TrainingExample {
  readonly isSpam: boolean
  /** What was sent by the same sender: a feature counts only where it occurs in several groups, and folds never divide a group. */
  readonly group: string
  /** Where the example comes from, for the report. */
  readonly source: string
  /** How many examples it counts for. */
  readonly weight: number
  readonly words: Uint32Array
  readonly others: Uint32Array
}

/** What the bag holds, copied. */
export function trainingExample(
  bag: FeatureBag,
  about: Pick<TrainingExample, 'isSpam' | 'group' | 'source' | 'weight'>,
): TrainingExample {
  const words = new Uint32Array(bag.wordCount)
  const others = new Uint32Array(bag.size - bag.wordCount)
  let wordAt = 0
  let otherAt = 0
  for (let at = 0; at < bag.size; at++) {
    const hash = bag.hashes[at] ?? 0
    if ((bag.kinds[at] ?? 0) <= featureKind.subjectWord) words[wordAt++] = hash
    else others[otherAt++] = hash
  }
  return { ...about, words, others }
}
