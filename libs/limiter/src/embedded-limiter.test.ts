/** What the embedded limiter promises beyond the contract: few writes, bounded memory and rows, and what happens where the store fails. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fakeClock, memoryEnvironment } from '@sallyport/testkit'
import { type EmbeddedLimiterOptions, openEmbeddedLimiter } from './embedded-limiter.ts'
import type { BucketClaim, Limiter, ReserveResult } from './port.ts'

const hour = 3_600_000
const start = Date.UTC(2026, 0, 1)

async function opened(options: Partial<EmbeddedLimiterOptions> = {}) {
  const environment = memoryEnvironment()
  const clock = fakeClock({ now: start })
  const limiter = await openEmbeddedLimiter({ environment, clock, ...options })
  const rows = (table: 'limiter-bucket' | 'limiter-reservation'): number => [...environment.table(table).keys({})].length
  return { environment, clock, limiter, rows }
}

const claim = (changes: Partial<BucketClaim> = {}): BucketClaim => ({
  application: 'billing',
  name: 'bucket',
  intervalMs: hour,
  burst: 10,
  cost: 1,
  ...changes,
})

let made = 0
/** A UUIDv7 of this time (RFC 9562 §5.7), whatever time other tests of the process have made ids of. */
const idOf = (nowMs: number): string => {
  const time = nowMs.toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${(made++).toString(16).padStart(12, '0')}`
}

/** A message with an id of this time, as ingress would have made it. */
const reserve = (limiter: Limiter, buckets: readonly BucketClaim[], nowMs = start): Promise<ReserveResult> =>
  limiter.reserve({ messageId: idOf(nowMs), buckets, aheadMs: 0 })

test('a thousand reservations share a few writes, and none waits for the disk', async () => {
  const { environment, limiter } = await opened()
  await Promise.all(Array.from({ length: 1_000 }, () => reserve(limiter, [claim({ burst: 1_000 })])))
  await limiter.close()
  assert.ok(environment.writes.all <= 3, `${environment.writes.all} writes`)
  assert.equal(environment.writes.durable, 0)
})

test('buckets that are full again leave the store, those that are not stay', async () => {
  const { limiter, clock, rows } = await opened()
  for (let index = 0; index < 3_000; index++) await reserve(limiter, [claim({ name: `b${index}`, intervalMs: 1_000 })])
  await reserve(limiter, [claim({ name: 'slow', cost: 5 })])
  await limiter.close()
  assert.equal(rows('limiter-bucket'), 3_001)
  clock.advance(2_000)
  for (let index = 0; index < 100; index++) {
    await reserve(limiter, [claim({ name: 'other', burst: 1_000 })])
    await limiter.close()
  }
  assert.equal(rows('limiter-bucket'), 2)
})

test('buckets of an earlier process that nobody claims any more leave the store when they are full', async () => {
  const { limiter, environment, clock, rows } = await opened()
  for (let index = 0; index < 1_000; index++) await reserve(limiter, [claim({ name: `b${index}`, intervalMs: 1_000 })])
  await limiter.close()
  const next = await openEmbeddedLimiter({ environment, clock })
  for (let index = 0; index < 10; index++) {
    clock.advance(1_000)
    await reserve(next, [claim({ name: 'other' })])
    await next.close()
  }
  assert.equal(rows('limiter-bucket'), 1)
})

test('reservations are deleted when they are forgotten, and one id of derived form too', async () => {
  const { limiter, clock, rows } = await opened()
  for (let index = 0; index < 1_200; index++) await reserve(limiter, [claim({ burst: 5_000 })], clock.now())
  const derived = idOf(clock.now()).replace(/^(.{14})7/, '$18')
  assert.equal((await limiter.reserve({ messageId: derived, buckets: [claim()], aheadMs: 0 })).repeated, false)
  assert.equal((await limiter.reserve({ messageId: derived, buckets: [claim()], aheadMs: 0 })).repeated, true)
  await limiter.close()
  assert.equal(rows('limiter-reservation'), 1_202)
  clock.advance(21 * 60_000)
  for (let index = 0; index < 4; index++) {
    clock.advance(1_000)
    await reserve(limiter, [claim({ burst: 5_000 })], clock.now())
    await limiter.close()
  }
  // Four of today, and the limiter's time.
  assert.equal(rows('limiter-reservation'), 5)
})

test('a wall clock that was set back before the restart neither fills the buckets nor blocks them', async () => {
  const { limiter, environment, clock } = await opened()
  await reserve(limiter, [claim({ cost: 10 })])
  await limiter.close()
  clock.setNow(start - 24 * hour)
  const next = await openEmbeddedLimiter({ environment, clock })
  assert.equal((await reserve(next, [claim()])).waitMs, hour)
  clock.advance(hour)
  assert.equal((await reserve(next, [claim()])).outcome, 'taken')
})

test('a wall clock that jumps while the gateway runs changes nothing', async () => {
  const { limiter, clock } = await opened()
  await reserve(limiter, [claim({ cost: 10 })])
  for (const jump of [24 * hour, -48 * hour]) {
    clock.setNow(start + jump)
    assert.equal((await reserve(limiter, [claim()])).waitMs, hour)
  }
})

test('the time that the gateway was down counts', async () => {
  const { limiter, environment, clock } = await opened()
  await reserve(limiter, [claim({ cost: 10 })])
  await limiter.close()
  clock.advance(3 * hour)
  const next = await openEmbeddedLimiter({ environment, clock })
  assert.equal((await next.fill('billing'))[0]?.remaining, 3)
})

test('where the store fails the buckets in memory count on, and are written when it is well again', async () => {
  const { limiter, environment, clock } = await opened()
  environment.faults.write = () => new Error('MDB_PANIC')
  for (let left = 9; left >= 0; left--) {
    assert.equal((await reserve(limiter, [claim()])).buckets[0]?.remaining, left)
    clock.advance(400)
  }
  assert.equal((await reserve(limiter, [claim()])).outcome, 'refused')
  const unavailable = { code: 'LIMITER_UNAVAILABLE', retriable: true, message: /MDB_PANIC/ }
  await assert.rejects(limiter.fill('billing'), unavailable)
  await assert.rejects(limiter.close(), unavailable)
  environment.faults.write = undefined
  assert.equal((await limiter.fill('billing'))[0]?.remaining, 0)
  const next = await openEmbeddedLimiter({ environment, clock })
  assert.equal((await next.fill('billing'))[0]?.remaining, 0)
})

test('where the store fails for long no more is reserved than memory is for', async () => {
  const { limiter, environment } = await opened()
  environment.faults.write = () => new Error('MDB_PANIC')
  const claims = [claim({ burst: 100_000 })]
  for (let index = 0; index < 20_000; index++) await reserve(limiter, claims)
  await assert.rejects(reserve(limiter, claims), { code: 'LIMITER_UNAVAILABLE', message: /MDB_PANIC/ })
})

test('a bucket that left the memory is read again before it is claimed or refunded', async () => {
  const { limiter } = await opened({ maxBucketsInMemory: 1, maxReservationsInMemory: 1 })
  const messageId = idOf(start)
  await limiter.reserve({ messageId, buckets: [claim({ cost: 4 })], aheadMs: 0 })
  for (let index = 0; index < 50; index++) {
    await reserve(limiter, [claim({ name: `other ${index}` })])
    await limiter.close()
  }
  assert.equal((await reserve(limiter, [claim()])).buckets[0]?.remaining, 5)
  await limiter.refund(messageId)
  assert.equal((await reserve(limiter, [claim()])).buckets[0]?.remaining, 8)
})
