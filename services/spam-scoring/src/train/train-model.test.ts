import assert from 'node:assert/strict'
import { test } from 'node:test'
import { writeModel } from '../model/model-file.ts'
import { calibrate } from './calibrate.ts'
import { fit } from './fit.ts'
import { minimize } from './minimize.ts'
import { quantize } from './quantize.ts'
import { areaUnderCurve, recallAt, shareFrom } from './rank.ts'
import { trainingReport } from './report.ts'
import { defaultFitOptions, exampleMargin, trainModel } from './train-model.ts'
import type { TrainingExample } from './training-example.ts'

/** Hashes whose bucket is their number, whatever the bits. */
const hashOf = (number: number): number => (number << 12) >>> 0
const example = (isSpam: boolean, group: string, words: readonly number[], others: readonly number[] = []): TrainingExample => ({
  isSpam,
  group,
  source: isSpam ? 'bad' : 'good',
  weight: 1,
  words: Uint32Array.from(words, hashOf),
  others: Uint32Array.from(others, hashOf),
})

/** Word 1 is spam's, word 2 is ham's, word 3 is everybody's, word 100 + n is that of group n. */
const examples = Array.from({ length: 80 }, (_, at) => {
  const isSpam = at % 2 === 0
  return example(isSpam, `group ${at >> 2}`, [isSpam ? 1 : 2, 3, 100 + (at >> 2)])
})
const about = { date: '2026-01-31', note: 'Made for a test.' }

test('a convex function is minimized', () => {
  const point = Float64Array.of(5, -3, 8)
  const value = minimize(
    (at, gradient) => {
      let sum = 0
      at.forEach((x, index) => {
        const distance = x - index
        sum += (index + 1) * distance * distance
        gradient[index] = 2 * (index + 1) * distance
      })
      return sum
    },
    point,
    100,
  )
  assert.ok(value < 1e-6)
  for (const [index, x] of point.entries()) assert.ok(Math.abs(x - index) < 1e-3)
})

test('what tells the classes apart is learned, what both have is not, what one group has is left out', () => {
  const fitted = fit(examples, defaultFitOptions)
  const weightOf = (word: number): number => fitted.weights.get(word) ?? 0
  assert.ok(weightOf(1) > 1 && weightOf(2) < -1)
  assert.ok(Math.abs(weightOf(3)) < Math.abs(weightOf(1)) / 10)
  assert.equal(fitted.weights.has(100), false)
  assert.equal(fitted.keptFeatures, 3)
})

test('the same examples give the same bytes, and the report says what was learned from', () => {
  const [one, two] = [trainModel(examples, about), trainModel(examples, about)]
  const file = writeModel(one.model)
  assert.deepEqual(file, writeModel(two.model))
  assert.deepEqual(one.model.origin.sources, [
    { name: 'bad', ham: 0, spam: 40 },
    { name: 'good', ham: 40, spam: 0 },
  ])
  assert.equal(one.folds.flat().length, examples.length)
  assert.equal(areaUnderCurve(one.folds.flat()), 1)
  const report = trainingReport(one, file.length)
  assert.match(report, /^\| good \| 40 \| 0 \|$/m)
  assert.match(report, /^\| all \| 40 \| 40 \| 1\.0000 \| 1\.000 \| 1\.000 \|$/m)
  assert.match(report, /Trained on 2026-01-31/)
})

test('an example counts for its weight', () => {
  const mixed = [
    ...Array.from({ length: 6 }, (_, at) => ({ ...example(true, `a${at}`, [1]), weight: 5 })),
    ...Array.from({ length: 6 }, (_, at) => example(true, `b${at}`, [2])),
    ...Array.from({ length: 6 }, (_, at) => example(false, `c${at}`, [1])),
    ...Array.from({ length: 6 }, (_, at) => ({ ...example(false, `d${at}`, [2]), weight: 5 })),
  ]
  const { weights } = fit(mixed, defaultFitOptions)
  assert.ok((weights.get(1) ?? 0) > 0 && (weights.get(2) ?? 0) < 0)
})

test('a prior is kept where the examples say nothing, and changed where they speak', () => {
  const prior = quantize(fit(examples, defaultFitOptions), defaultFitOptions.bucketBits)
  const own = Array.from({ length: 40 }, (_, at) => example(at % 2 === 0, `own ${at}`, [at % 2 === 0 ? 7 : 8]))
  const weights = quantize(fit(own, { ...defaultFitOptions, prior }), defaultFitOptions.bucketBits)
  const margin = (words: readonly number[]): number => exampleMargin(weights, example(true, '', words))
  assert.ok(margin([7]) > margin([8]))
  assert.ok(margin([1]) > margin([2]))
})

test('calibration: log odds are what the shares say', () => {
  // Of margins at 1, 80 % are spam, of those at −1, 20 %.
  const unseen = Array.from({ length: 1_000 }, (_, at) => {
    const isSpam = at % 2 === 0
    return { isSpam, score: at % 10 < 8 === isSpam ? 1 : -1, weight: 1 }
  })
  const spamShare = (score: number) =>
    unseen.filter((one) => one.score === score && one.isSpam).length / unseen.filter((one) => one.score === score).length
  const { slope, shift } = calibrate(unseen)
  for (const score of [1, -1]) {
    const said = 1 / (1 + Math.exp(-(slope * score + shift)))
    assert.ok(Math.abs(said - spamShare(score)) < 0.01, `${said} ${spamShare(score)}`)
  }
  assert.deepEqual(calibrate([]), { slope: 1, shift: 0 })
  assert.ok(calibrate(unseen.map((one) => ({ ...one, isSpam: !one.isSpam }))).slope > 0)
})

test('ranks', () => {
  const scored = (spam: readonly number[], ham: readonly number[]) => [
    ...spam.map((score) => ({ isSpam: true, score })),
    ...ham.map((score) => ({ isSpam: false, score })),
  ]
  assert.equal(areaUnderCurve(scored([3, 4], [1, 2])), 1)
  assert.equal(areaUnderCurve(scored([1], [1])), 0.5)
  assert.equal(areaUnderCurve(scored([2, 4], [1, 3])), 0.75)
  assert.ok(Number.isNaN(areaUnderCurve(scored([1], []))))
  const hundred = Array.from({ length: 100 }, (_, at) => at)
  assert.equal(recallAt(scored([98.5, 99.5, 50, 99], hundred), 0.01), 0.75)
  assert.equal(recallAt(scored([98.5, 99.5, 50, 99], hundred), 0), 0.25)
  assert.equal(shareFrom(scored([1, 2, 3, 4], [9]), true, 3), 0.5)
})
