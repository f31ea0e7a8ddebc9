import assert from 'node:assert/strict'
import { test } from 'node:test'
import { reserveAheadMs } from './reserve-ahead.ts'

const hour = 3_600_000

for (const [what, application, expected] of [
  ['has a queue of its own', { retries: true, reply: 'after-verdict', expiryMs: 120 * hour }, 0],
  ['has none', { retries: false, reply: 'after-verdict', expiryMs: 120 * hour }, 24 * hour],
  ['has none, and its mail is of no use tomorrow', { retries: false, reply: 'after-verdict', expiryMs: 2 * hour }, 2 * hour],
  ['is answered at once', { retries: true, reply: 'at-once', expiryMs: 120 * hour }, 120 * hour],
] as const) {
  test(`an application that ${what} waits at most ${expected / hour} h`, () => {
    assert.equal(reserveAheadMs(application), expected)
  })
}
