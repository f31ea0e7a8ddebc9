import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { temporaryFolder } from '@sallyport/testkit'
import type { FalsePositives, Figures, Separation } from './figures.ts'
import { datesSaid, readRecorded, withRecorded } from './recorded.ts'

const folder = temporaryFolder()
after(() => folder.remove())

const share = { value: 0.5, low: 0.4, high: 0.6 }
const row = (scorer: string, ham: number): Separation => ({
  scorer,
  ham,
  spam: 10,
  auc: share,
  recallAt1Percent: share,
  recallAt01Percent: share,
  ownThreshold: 5,
  ownRecall: share,
  ownFalsePositives: share,
})
const errors = (scorer: string, of: string): FalsePositives => ({ scorer, of, ham: 20, own: share, atLists: share })
const figures = (date: string, ...scorers: readonly string[]): Figures => ({
  costs: scorers.map((scorer) => ({ scorer, date, messages: 8, bytes: 80, cpuSeconds: 2, memoryMib: 3 })),
  separations: [{ name: 'first', rows: scorers.map((scorer) => row(scorer, 20)) }],
  differences: scorers.map((peer) => ({ of: 'first', peer, auc: share, recallAt1Percent: share })),
  synthetic: [{ name: 'mail', rows: scorers.flatMap((scorer) => [errors(scorer, 'all'), errors(scorer, 'de')]) }],
})

test('who is not asked keeps what was recorded, and who is asked does not', () => {
  const merged = withRecorded(figures('2026-02-02', 'ours'), figures('2026-01-01', 'ours', 'peer'))
  assert.deepEqual(
    merged.costs.map(({ scorer, date }) => [scorer, date]),
    [
      ['ours', '2026-02-02'],
      ['peer', '2026-01-01'],
    ],
  )
  assert.deepEqual(
    merged.separations[0]?.rows.map(({ scorer }) => scorer),
    ['ours', 'peer'],
  )
  assert.deepEqual(
    merged.synthetic[0]?.rows.map(({ scorer, of }) => `${scorer} ${of}`),
    ['ours all', 'ours de', 'peer all', 'peer de'],
  )
})

test('differences are of one run: none is recorded over', () => {
  const merged = withRecorded(figures('2026-02-02', 'ours'), figures('2026-01-01', 'ours', 'peer'))
  assert.deepEqual(
    merged.differences.map(({ peer }) => peer),
    ['ours'],
  )
})

test('what was recorded over other messages stands in no table', () => {
  const other = { ...figures('2026-01-01', 'peer'), separations: [{ name: 'first', rows: [row('peer', 21)] }] }
  assert.deepEqual(
    withRecorded(figures('2026-02-02', 'ours'), other).separations[0]?.rows.map(({ scorer }) => scorer),
    ['ours'],
  )
})

test('a report on file is read, its date standing for all that has none of its own', () => {
  const path = join(folder.path, 'quality.json')
  assert.equal(readRecorded(path), undefined)
  const { costs, ...rest } = figures('2026-01-01', 'peer')
  const undated = costs.map(({ date: _, ...cost }) => cost)
  writeFileSync(path, JSON.stringify({ date: '2026-01-01', skipped: [], costs: undated, ...rest }))
  assert.deepEqual(readRecorded(path), figures('2026-01-01', 'peer'))
})

test('the report says when others were measured', () => {
  const { costs } = withRecorded(figures('2026-02-02', 'ours'), figures('2026-01-01', 'peer', 'other'))
  assert.equal(datesSaid(costs, '2026-02-02'), ' Measured on 2026-01-01, on the same messages, and kept: peer, other.')
  assert.equal(datesSaid(figures('2026-02-02', 'ours').costs, '2026-02-02'), '')
})
