import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Example, Label } from './corpus.ts'
import { falsePositives, scoresOf, separation } from './figures.ts'
import type { Measured } from './measure.ts'
import type { Evaluation } from './plan.ts'
import { crossTable, falsePositiveTable, percent, separationTable } from './tables.ts'

const example = (id: string, label: Label, source: string, group = source): Example => ({
  id,
  label,
  source,
  group,
  bytes: Buffer.from(id),
})

/** The score of a message is the number that its id is. */
const measured: Measured = {
  scorer: {
    name: 'numbers',
    defaultThreshold: 5,
    learns: false,
    isSlow: false,
    version: '1',
    start: () => Promise.reject(new Error('has been measured')),
  },
  cost: undefined,
  scoreOf: (_, { id }) => (id === 'unscored' ? undefined : Number(id)),
}
const evaluation = (...examples: readonly Example[]): Evaluation => ({ training: 'none', name: 'e', examples, isForSlow: true })

test('scores by class, of the wanted sources', () => {
  const mixed = evaluation(example('1', 'ham', 'a'), example('2', 'ham', 'b'), example('7', 'spam', 'a'), example('8', 'spam', 'c'))
  assert.deepEqual(scoresOf(measured, mixed), { ham: [1, 2], spam: [7, 8] })
  assert.deepEqual(scoresOf(measured, mixed, ['a']), { ham: [1], spam: [7] })
})

test('a scorer that lacks one score has no figures, rather than figures of the rest', () => {
  const lacking = evaluation(example('1', 'ham', 'a'), example('unscored', 'spam', 'a'))
  assert.equal(scoresOf(measured, lacking), undefined)
  assert.equal(falsePositives(measured, lacking, [0]), undefined)
})

test('a score that reaches the own threshold counts as spam', () => {
  const row = separation(measured, { ham: [0, 1, 5], spam: [4.9, 5, 9, 10] })
  assert.deepEqual([row.ownRecall.value, row.ownFalsePositives.value], [3 / 4, 1 / 3])
  assert.equal(row.recallAt1Percent.value, 2 / 4)
})

test('false positives of all and by language, at the own threshold and at that of other ham', () => {
  const ham = evaluation(
    example('1', 'ham', 's', 'en'),
    example('6', 'ham', 's', 'en'),
    example('3', 'ham', 's', 'ja'),
    example('0', 'ham', 's', 'ja'),
  )
  const rows = falsePositives(measured, ham, [1, 2]) ?? []
  assert.deepEqual(
    rows.map(({ of, ham: count, own, atLists }) => [of, count, own.value, atLists.value]),
    [
      ['all', 4, 1 / 4, 2 / 4],
      ['en', 2, 1 / 2, 1 / 2],
      ['ja', 2, 0, 1 / 2],
    ],
  )
  assert.match(
    falsePositiveTable(rows, 'own'),
    /\| scorer \| all \(4\) \| en \(2\) \| ja \(2\) \|\n.*\n\| numbers \| 25\.0 % \(0\.6–80\.6\) \| 50\.0 % \| 0\.0 % \|$/,
  )
})

test('tables', () => {
  const rows = [separation(measured, { ham: [0, 1], spam: [6, 7] })]
  assert.match(separationTable(rows), /\| numbers \| 2 \| 2 \| 1\.0000 \(1\.000–1\.000\) \| 100\.0 % \(15\.8–100\.0\) \|/)
  assert.equal(
    crossTable('case', [
      { name: 'x', rows },
      { name: 'y', rows: [] },
    ])
      .split('\n')
      .at(-1),
    '| y | 0 / 0 | – |',
  )
  assert.deepEqual([0, 0.00123, 0.0994, 0.5, 1].map(percent), ['0.0 %', '0.12 %', '9.94 %', '50.0 %', '100.0 %'])
})
