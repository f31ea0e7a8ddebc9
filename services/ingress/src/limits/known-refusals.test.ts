import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { KnownRefusals } from './known-refusals.ts'

const limit = '60/m messages per application billing, burst 5'
const met = (over: { limit?: string; cost?: number; intervalMs?: number; waitMs?: number } = {}) => ({
  limit,
  cost: 1,
  intervalMs: 1_000,
  waitMs: 4_000,
  ...over,
})

function known() {
  const clock = { nowMs: 100 }
  return { clock, refusals: new KnownRefusals(() => clock.nowMs) }
}

test('who was refused is refused until the wait ends, and a unit more or less waits an interval more or less', () => {
  const { clock, refusals } = known()
  refusals.remember('billing', 1, [met({ cost: 3 })])
  assert.equal(refusals.knowsAnyOf('billing', 1), true)
  assert.deepEqual(refusals.find('billing', 1, limit, 3), { remaining: 0, waitMs: 4_000 })
  assert.deepEqual(refusals.find('billing', 1, limit, 4), { remaining: 0, waitMs: 5_000 })
  assert.deepEqual(refusals.find('billing', 1, limit, 1), { remaining: 0, waitMs: 2_000 })
  clock.nowMs += 2_500
  assert.equal(refusals.find('billing', 1, limit, 1), undefined)
  assert.deepEqual(refusals.find('billing', 1, limit, 3), { remaining: 1, waitMs: 1_500 })
  clock.nowMs += 1_500
  assert.equal(refusals.find('billing', 1, limit, 300), undefined)
  assert.equal(refusals.knowsAnyOf('billing', 1), false)
})

test('another bucket, another application and another policy know nothing of it', () => {
  const { refusals } = known()
  refusals.remember('billing', 1, [met()])
  assert.equal(refusals.find('billing', 1, 'another limit', 1), undefined)
  assert.equal(refusals.find('crm', 1, limit, 1), undefined)
  assert.equal(refusals.find('billing', 2, limit, 1), undefined)
  refusals.remember('crm', 2, [met()])
  assert.equal(refusals.find('billing', 2, limit, 1), undefined)
  refusals.remember('billing', 1, [met()])
  assert.equal(refusals.knowsAnyOf('billing', 1), false)
  assert.equal(refusals.knowsAnyOf('crm', 2), true)
})

test('what is given back ends what was known of the application, and of no other', () => {
  const { refusals } = known()
  refusals.remember('billing', 1, [met()])
  refusals.remember('crm', 1, [met()])
  refusals.forget('billing')
  assert.equal(refusals.find('billing', 1, limit, 1), undefined)
  assert.equal(refusals.find('crm', 1, limit, 1)?.waitMs, 4_000)
})

test('a wait of hours is asked about once more after a minute', () => {
  const { clock, refusals } = known()
  refusals.remember('billing', 1, [met({ waitMs: 3_600_000 })])
  clock.nowMs += 59_999
  assert.equal(refusals.find('billing', 1, limit, 1)?.waitMs, 3_540_001)
  clock.nowMs += 1
  assert.equal(refusals.find('billing', 1, limit, 1), undefined)
})

test('of many buckets the newest are known', () => {
  const { refusals } = known()
  for (let index = 0; index < 1_000; index++) refusals.remember('billing', 1, [met({ limit: `limit ${index}` })])
  const knows = (index: number): boolean => refusals.find('billing', 1, `limit ${index}`, 1) !== undefined
  assert.deepEqual([knows(0), knows(1_000 - 257), knows(1_000 - 256), knows(999)], [false, false, true, true])
})

test('what is refused from memory would have been refused by the bucket (GCRA)', () => {
  const bucket = fc.record({
    intervalMs: fc.integer({ min: 1, max: 1_000 }),
    burst: fc.integer({ min: 1, max: 50 }),
    backlog: fc.integer({ min: 0, max: 50 }),
    cost: fc.integer({ min: 1, max: 50 }),
    other: fc.integer({ min: 1, max: 50 }),
    afterMs: fc.integer({ min: 0, max: 60_000 }),
  })
  fc.assert(
    fc.property(bucket, ({ intervalMs, burst, backlog, cost, other, afterMs }) => {
      fc.pre(cost <= burst && backlog <= burst)
      const waitOf = (units: number, atMs: number): number =>
        Math.max(0, backlog * intervalMs - atMs) - (burst - units) * intervalMs
      const waitMs = waitOf(cost, 0)
      fc.pre(waitMs > 0)
      const { clock, refusals } = known()
      refusals.remember('billing', 1, [met({ cost, intervalMs, waitMs })])
      clock.nowMs += afterMs
      const found = refusals.find('billing', 1, limit, other)
      if (found) assert.equal(found.waitMs, waitOf(other, afterMs))
      else assert.ok(afterMs >= Math.min(waitMs, 60_000) || waitOf(other, afterMs) <= 0)
      if (found)
        assert.ok(waitOf(found.remaining, afterMs) <= 0 && (found.remaining === burst || waitOf(found.remaining + 1, afterMs) > 0))
    }),
  )
})
