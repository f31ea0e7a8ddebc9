/** A model without opinion, so that a test sees what the rules and the policy do: the trained one changes with every training. */
import { featureVersion } from './model/features.ts'
import type { SpamModel } from './model/spam-model.ts'

export const quietModel: SpamModel = {
  featureVersion,
  weights: { bucketBits: 8, buckets: new Int8Array(256), unit: 1, bias: 0 },
  calibration: { slope: 1, shift: -10 },
  origin: { date: '2026-01-01', sources: [], note: 'Says nothing.' },
}
