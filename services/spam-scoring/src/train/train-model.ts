/** Trains a model: folds of whole groups to learn what margins mean, then once more on everything. */
import { featureVersion } from '../model/features.ts'
import { hashText } from '../model/hash.ts'
import type { ModelOrigin, SpamModel } from '../model/spam-model.ts'
import { otherScale, type Weights, wordScale } from '../model/weights.ts'
import { calibrate } from './calibrate.ts'
import { type FitOptions, fit } from './fit.ts'
import { quantize } from './quantize.ts'
import type { Scored } from './rank.ts'
import type { TrainingExample } from './training-example.ts'

export const defaultFitOptions: FitOptions = { bucketBits: 20, minGroups: 3, penalty: 1e-5, maxIterations: 60 }
const foldCount = 5

export type FoldScore = Scored & { readonly source: string }

export interface Trained {
  readonly model: SpamModel
  readonly groupCount: number
  readonly keptFeatures: number
  readonly weightsKept: number
  /** By fold: what a model that has seen none of its groups says of it, as calibrated log odds. */
  readonly folds: readonly (readonly FoldScore[])[]
}

/** Deterministic, whatever order the examples come in is part of the input. Needs both classes. */
export function trainModel(
  examples: readonly TrainingExample[],
  about: Pick<ModelOrigin, 'date' | 'note'>,
  options: FitOptions = defaultFitOptions,
): Trained {
  const foldOf = examples.map(({ group }) => hashText(group, 7) % foldCount)
  const margins = Array.from({ length: foldCount }, (_, fold) => {
    const weights = quantize(
      fit(
        examples.filter((_, at) => foldOf[at] !== fold),
        options,
      ),
      options.bucketBits,
    )
    return examples
      .filter((_, at) => foldOf[at] === fold)
      .map((example) => ({
        isSpam: example.isSpam,
        source: example.source,
        weight: example.weight,
        score: exampleMargin(weights, example),
      }))
  })
  const calibration = calibrate(margins.flat())
  const fitted = fit(examples, options)
  const weights = quantize(fitted, options.bucketBits)
  return {
    model: { featureVersion, weights, calibration, origin: { ...about, sources: counts(examples) } },
    groupCount: new Set(examples.map(({ group }) => group)).size,
    keptFeatures: fitted.keptFeatures,
    weightsKept: weights.buckets.reduce((sum, weight) => sum + (weight === 0 ? 0 : 1), 0),
    folds: margins.map((fold) => fold.map((one) => ({ ...one, score: calibration.slope * one.score + calibration.shift }))),
  }
}

/** As `marginOf` does for a message in a bag. */
export function exampleMargin(weights: Weights, example: TrainingExample): number {
  const sum = (hashes: Uint32Array): number => {
    let total = 0
    for (const hash of hashes) total += weights.buckets[hash >>> (32 - weights.bucketBits)] ?? 0
    return total
  }
  return weights.bias + weights.unit * (sum(example.words) * wordScale(example.words.length) + sum(example.others) * otherScale)
}

function counts(examples: readonly TrainingExample[]): ModelOrigin['sources'] {
  const bySource = new Map<string, { name: string; ham: number; spam: number }>()
  for (const { source, isSpam } of examples) {
    const count = bySource.get(source) ?? { name: source, ham: 0, spam: 0 }
    count[isSpam ? 'spam' : 'ham']++
    bySource.set(source, count)
  }
  return [...bySource.values()].sort((left, right) => (left.name < right.name ? -1 : 1))
}
