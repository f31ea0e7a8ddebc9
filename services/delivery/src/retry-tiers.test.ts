import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tierMs } from '@sallyport/contracts'
import { tierAfter, tierForWait, wakeAt } from './retry-tiers.ts'

const schedule = { retryTiers: ['1m', '5m', '15m', '1h', '4h'], tierMs } as const

test('the attempts wait 1m, 5m, 15m, 1h, 4h, 4h, …', () => {
  assert.deepEqual(
    [1, 2, 3, 4, 5, 6, 40].map((attempt) => tierAfter(attempt, schedule)),
    ['1m', '5m', '15m', '1h', '4h', '4h', '4h'],
  )
})

test('any wait goes on in tiers that do not exceed it, and ends on time', () => {
  for (const waitMs of [1, 59_000, 60_000, 61_000, 400_000, 3_600_000, 50_000_000]) {
    const dueAt = waitMs
    let now = 0
    for (let steps = 0; now < dueAt; steps++) {
      assert.ok(steps < 12, `${waitMs} took more than 12 steps`)
      const tier = tierForWait(dueAt - now, schedule)
      const until = wakeAt(tier, now, dueAt, schedule)
      assert.ok(until > now && until <= dueAt)
      now = until
    }
    assert.equal(now, dueAt)
  }
})
