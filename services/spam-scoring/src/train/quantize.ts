/** Fitted weights in 8 bits. */
import type { Weights } from '../model/weights.ts'
import type { Fitted } from './fit.ts'

/** This share of the weights that are largest is cut to the largest that 8 bits hold, so that the many small ones keep their digits. */
const cutShare = 0.0005

/** Weights that round to 0 are dropped. */
export function quantize(fitted: Fitted, bucketBits: number): Weights {
  const sizes = [...fitted.weights.values()].map(Math.abs).sort((left, right) => right - left)
  const largest = sizes[Math.floor(cutShare * sizes.length)] ?? 0
  const unit = largest > 0 ? largest / 127 : 1
  const buckets = new Int8Array(2 ** bucketBits)
  for (const [bucket, weight] of fitted.weights) buckets[bucket] = Math.max(-127, Math.min(127, Math.round(weight / unit)))
  return { bucketBits, unit, bias: fitted.bias, buckets }
}
