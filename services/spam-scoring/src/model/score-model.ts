/** What a model says of one message: a score in points, and the strongest reasons in words. */
import type { Reason } from '@sallyport/contracts'
import { explain } from './explain.ts'
import { FeatureBag } from './feature-bag.ts'
import { extractFeatures, type ScoredMessage } from './features.ts'
import { modelPoints } from './points.ts'
import type { SpamModel } from './spam-model.ts'
import { marginOf } from './weights.ts'

export interface ModelScore {
  /**
   * From 0 to `maxModelPoints`, proportional to the log odds: 8 stands for a message 150 times as likely among spam as among other
   * mail, 0 for everything that is no more likely spam than not.
   */
  readonly points: number
  /** Calibrated log odds, in nats, for spam and other mail equally frequent: for measuring. */
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
  const points = modelPoints(logOdds)
  return { points, logOdds, reasons: points < explainFrom ? [] : explain(model, bag) }
}
