import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Statistics } from '@sallyport/contracts'
import { violationSeries } from './violation-series.ts'

const day = 86_400_000
const statistics = (rows: Statistics['rows']): Statistics => ({
  since: day + 5,
  until: 4 * day,
  by: ['check', 'mode', 'outcome'],
  step: 'day',
  rows,
})

test('every step has every key; only what a check found counts', () => {
  const { checks, steps, total } = violationSeries(
    statistics([
      { at: day, check: 'domain', mode: 'monitor', outcome: 'fail', messages: 3 },
      { at: 3 * day, check: 'domain', mode: 'enforce', outcome: 'fail', messages: 2 },
      { at: 3 * day, check: 'domain', mode: 'enforce', outcome: 'pass', messages: 90 },
      { at: 3 * day, check: 'address', mode: 'monitor', outcome: 'unavailable', messages: 7 },
    ]),
  )
  assert.deepEqual(checks, ['domain'])
  assert.equal(total, 5)
  assert.deepEqual(steps, [
    { at: day, 'domain monitor': 3, 'domain enforce': 0 },
    { at: 2 * day, 'domain monitor': 0, 'domain enforce': 0 },
    { at: 3 * day, 'domain monitor': 0, 'domain enforce': 2 },
  ])
})

test('where nothing was found there are steps and no checks', () => {
  const { checks, steps, total } = violationSeries(statistics([]))
  assert.deepEqual([checks, steps.length, total], [[], 3, 0])
})
