import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exactInterval, recallAt, rocAuc, rocAucInterval, shareAbove, thresholdAt } from './metrics.ts'

const near = (actual: number, expected: number, within = 5e-4) =>
  assert.ok(Math.abs(actual - expected) <= within, `${actual} is not ${expected}`)
const range = (from: number, count: number) => Array.from({ length: count }, (_, index) => from + index)

const areas: readonly (readonly [string, readonly number[], readonly number[], number])[] = [
  ['all spam above all ham', [1, 2, 3], [4, 5], 1],
  ['all spam below', [4, 5], [1, 2], 0],
  ['all the same', [1, 1, 1], [1, 1], 0.5],
  ['one pair of six in the wrong order', [1, 2, 4], [3, 5], 5 / 6],
  ['a tie counts one half', [1, 2], [2, 3], 3.5 / 4],
  ['unsorted', [2, 1], [3, 2], 3.5 / 4],
]
for (const [name, ham, spam, expected] of areas) test(`ROC AUC: ${name}`, () => near(rocAuc(ham, spam), expected, 1e-12))

test('ROC AUC is the share of pairs in the right order', () => {
  const ham = range(0, 37).map((index) => (index * 7919) % 23)
  const spam = range(0, 29).map((index) => 4 + ((index * 104_729) % 25))
  const pairs = ham.flatMap((low) => spam.map((high): number => (high > low ? 1 : high === low ? 0.5 : 0)))
  near(rocAuc(ham, spam), pairs.reduce((sum, pair) => sum + pair, 0) / pairs.length, 1e-12)
})

test('its interval holds the value, narrows with more messages and stays in 0 … 1', () => {
  const [few, many] = [rocAucInterval(range(0, 20), range(10, 20)), rocAucInterval(range(0, 2000), range(1000, 2000))]
  assert.ok(few.low < few.value && few.value < few.high && few.high <= 1)
  assert.ok(many.high - many.low < few.high - few.low)
  assert.deepEqual(rocAucInterval([1], [2]), { value: 1, low: 1, high: 1 })
})

const thresholds: readonly (readonly [string, readonly number[], number, number])[] = [
  ['1 % of 100: one may lie above', range(1, 100), 0.01, 99],
  ['1 % of 99: none', range(1, 99), 0.01, 99],
  ['0.1 % of 3,000: three', range(1, 3000), 0.001, 2997],
  ['ties: none of the tied', [1, 1, 9, 9], 0.25, 9],
  ['0 %: the highest', [3, 1, 2], 0, 3],
]
for (const [name, ham, share, expected] of thresholds) {
  test(`threshold: ${name}`, () => {
    const threshold = thresholdAt(ham, share)
    assert.equal(threshold, expected)
    assert.ok(ham.filter((score) => score > threshold).length <= share * ham.length + 1e-9)
  })
}

test('recall counts only what lies above the threshold', () => {
  assert.equal(recallAt(range(1, 100), [98, 99, 100, 101], 0.01).value, 0.5)
  assert.equal(shareAbove([5, 5.1, 6], 5).value, 2 / 3)
})

// values of the published tables of exact binomial limits
const intervals: readonly (readonly [number, number, number, number])[] = [
  [0, 10, 0, 0.3085],
  [1, 10, 0.0025, 0.445],
  [5, 10, 0.1871, 0.8129],
  [10, 10, 0.6915, 1],
  [0, 300, 0, 0.0122],
  [3, 1000, 0.0006, 0.0087],
  [990, 1000, 0.9817, 0.9952],
]
for (const [count, of, low, high] of intervals) {
  test(`exact interval of ${count} in ${of}`, () => {
    const interval = exactInterval(count, of)
    assert.equal(interval.value, count / of)
    near(interval.low, low)
    near(interval.high, high)
  })
}
test('of nothing nothing is known', () => assert.deepEqual([exactInterval(0, 0).low, exactInterval(0, 0).high], [0, 1]))
