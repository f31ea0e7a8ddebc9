/** What a model says of one message: a score in points, and the strongest reasons in words. */
import type { Reason } from '@sallyport/contracts'
import { explain } from './explain.ts'
import { FeatureBag } from './feature-bag.ts'
import { extractFeatures, type ScoredMessage } from './features.ts'
import type { SpamModel } from './spam-model.ts'
import { marginOf } from './weights.ts'

/** The score never exceeds this, however sure the model is: the rest is for rules. */
export const maxModelPoints = 20

export interface ModelScore {
  /**
   * From 0 to `maxModelPoints`. A score of n means that a message like this is e^n times as likely among spam as among other mail
   * (so 8 ≈ 3,000 times); 0 stands for everything that is no more likely spam than not.
   */
  readonly points: number
  /** The same without limits, in nats: for measuring. */
  readonly logOdds: number
  /** At most five, the strongest first; none where the score is under `explainFrom`. */
  readonly reasons: readonly Reason[]
}

/** A score under this is not worth a word. */
const explainFrom = 1

// One message at a time is scored, so that one bag of 400 KB does for the thread.
const bag = new FeatureBag()

/** Never throws on what a message holds; time and memory are bounded whatever it holds. */
export function scoreModel(model: SpamModel, message: ScoredMessage): ModelScore {
  extractFeatures(message, bag)
  const logOdds = model.calibration.slope * marginOf(model.weights, bag) + model.calibration.shift
  const points = Math.round(100 * Math.max(0, Math.min(maxModelPoints, logOdds))) / 100
  return { points, logOdds, reasons: points < explainFrom ? [] : explain(model, bag) }
}
