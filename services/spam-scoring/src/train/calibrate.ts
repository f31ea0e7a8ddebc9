/** Platt scaling: what a margin means in log odds, learned on margins of examples that the weights have not seen. */
import type { Calibration } from '../model/spam-model.ts'
import { minimize } from './minimize.ts'
import type { Scored } from './rank.ts'

/** Counts for as many examples as its weight. */
export type WeightedScore = Scored & { readonly weight: number }

/** A slope is never negative: a model that is wrong throughout says nothing instead of the opposite. */
const leastSlope = 1e-3

/** Both classes count the same in all; targets are smoothed as Platt does, so that separable margins have a finite slope. */
export function calibrate(unseen: readonly WeightedScore[]): Calibration {
  const total = (wanted: boolean): number => unseen.reduce((sum, { isSpam, weight }) => sum + (isSpam === wanted ? weight : 0), 0)
  const spam = total(true)
  const ham = total(false)
  if (spam === 0 || ham === 0) return { slope: 1, shift: 0 }
  const point = Float64Array.of(1, 0)
  minimize(
    (at, gradient) => {
      let value = 0
      gradient.fill(0)
      for (const { isSpam, score, weight } of unseen) {
        const share = (0.5 * weight) / (isSpam ? spam : ham)
        const target = isSpam ? (spam + 1) / (spam + 2) : 1 / (ham + 2)
        const odds = (at[0] ?? 0) * score + (at[1] ?? 0)
        value += share * (softplus(odds) - target * odds)
        const slope = share * (1 / (1 + Math.exp(-odds)) - target)
        gradient[0] = (gradient[0] ?? 0) + slope * score
        gradient[1] = (gradient[1] ?? 0) + slope
      }
      return value
    },
    point,
    100,
  )
  return { slope: Math.max(leastSlope, point[0] ?? 1), shift: point[1] ?? 0 }
}

const softplus = (value: number): number => (value > 0 ? value + Math.log1p(Math.exp(-value)) : Math.log1p(Math.exp(value)))
