import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RefusalPace } from './refusal-pace.ts'

test('some are answered at once, then 400 a second, however many ask', () => {
  const clock = { nowMs: 1_000 }
  const pace = new RefusalPace(() => clock.nowMs, 5_000)
  const waits = Array.from({ length: 440 }, () => pace.waitMs('billing'))
  assert.deepEqual(waits.slice(0, 40), new Array(40).fill(0))
  assert.equal(waits[40], 2.5)
  assert.equal(waits[439], 1_000)
  assert.equal(pace.waitMs('crm'), 0)
  clock.nowMs += 2_000
  assert.equal(pace.waitMs('billing'), 0)
})

test('no answer waits longer than the most', () => {
  const pace = new RefusalPace(() => 0, 50)
  const waits = Array.from({ length: 1_000 }, () => pace.waitMs('billing'))
  assert.equal(Math.max(...waits), 50)
})
