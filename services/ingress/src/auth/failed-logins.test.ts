import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fakeClock } from '@sallyport/testkit'
import { FailedLogins } from './failed-logins.ts'

test('so many at once, then one more with each refill; successes do not count', () => {
  const clock = fakeClock()
  const failed = new FailedLogins({ max: 3, refillMs: 1000 }, clock)
  for (let success = 0; success < 10; success++) {
    assert.equal(failed.attempt('192.0.2.1'), true)
    failed.giveBack('192.0.2.1')
  }
  assert.deepEqual(
    [1, 2, 3, 4].map(() => failed.attempt('192.0.2.1')),
    [true, true, true, false],
  )
  assert.equal(failed.attempt('192.0.2.2'), true)
  clock.advance(1000)
  assert.deepEqual(
    [1, 2].map(() => failed.attempt('192.0.2.1')),
    [true, false],
  )
  clock.advance(60_000)
  assert.equal(failed.attempt('192.0.2.1'), true)
})

test('a /64 of IPv6 is one client', () => {
  const failed = new FailedLogins({ max: 1, refillMs: 1000 }, fakeClock())
  assert.equal(failed.attempt('2001:db8:1:2::1'), true)
  assert.equal(failed.attempt('2001:db8:1:2:ffff::2'), false)
  assert.equal(failed.attempt('2001:db8:1:3::1'), true)
})
