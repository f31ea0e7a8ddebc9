import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pairedDifference } from './paired.ts'

const counted = (length: number, score: (at: number) => number): number[] => Array.from({ length }, (_, at) => score(at))
const ham = counted(200, (at) => at / 200)

test('a scorer less itself is nothing, without an interval', () => {
  const scores = { ham, spam: counted(100, (at) => at / 50) }
  const nothing = { value: 0, low: 0, high: 0 }
  assert.deepEqual(pairedDifference(scores, scores), { auc: nothing, recallAt1Percent: nothing })
})

test('a scorer that parts all is better than one that parts nothing, beyond doubt', () => {
  const right = { ham, spam: counted(100, (at) => at / 100) }
  const { auc, recallAt1Percent } = pairedDifference({ ham, spam: counted(100, () => 2) }, right)
  assert.equal(auc.value.toFixed(1), '0.5')
  assert.ok(auc.low > 0.4 && auc.high < 0.6 && recallAt1Percent.low > 0.9)
})

test('two messages more of a hundred tell nothing, and the other way round the same less of it', () => {
  const left = { ham, spam: counted(100, (at) => (at < 88 ? 2 : 0)) }
  const right = { ham, spam: counted(100, (at) => (at >= 14 ? 2 : 0)) }
  const more = pairedDifference(left, right).recallAt1Percent
  assert.equal(more.value.toFixed(2), '0.02')
  assert.ok(more.low < 0 && more.high > 0.02)
  const less = pairedDifference(right, left).recallAt1Percent
  assert.deepEqual(
    [less.value, less.low, less.high].map((value) => value.toFixed(4)),
    [more.value, more.high, more.low].map((value) => (-value).toFixed(4)),
  )
})

test('scorers of other messages are refused', () => {
  assert.throws(() => pairedDifference({ ham, spam: [1] }, { ham, spam: [1, 2] }), /for each message/)
})
