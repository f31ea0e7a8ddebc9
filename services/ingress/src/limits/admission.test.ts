import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type AdmissionLimits, admission, type Cause, isQueueFull, type Load } from './admission.ts'

const limits: AdmissionLimits = {
  maxQueued: 1_000,
  maxInFlightBytes: 1_000_000,
  slowPublishMs: 2_000,
  maxPublishMs: 12_000,
  maxDelayMs: 5_000,
}
const idle: Load = {
  queued: 0,
  queuedOfApplication: 0,
  inFlightBytes: 0,
  publishMs: 0,
  failuresInARow: 0,
  sinceFailureMs: Number.POSITIVE_INFINITY,
}
const failing = { failuresInARow: 10, sinceFailureMs: 10 }

const cases: readonly (readonly [string, Partial<Load>, 'open' | 'slow' | 'refuse', Cause?, number?])[] = [
  ['nothing waits', {}, 'open'],
  ['the bus does not say what waits', { queued: undefined, queuedOfApplication: 10_000 }, 'open'],
  ['alone, two thirds of the queue', { queued: 666, queuedOfApplication: 666 }, 'open'],
  ['alone, three quarters of the queue', { queued: 750, queuedOfApplication: 750 }, 'slow', 'share', 1_250],
  ['alone, four fifths of the queue', { queued: 800, queuedOfApplication: 800 }, 'refuse', 'share'],
  ['another has four fifths of it', { queued: 800, queuedOfApplication: 100 }, 'open'],
  ['two have 4/9 each', { queued: 889, queuedOfApplication: 444.5 }, 'refuse', 'share'],
  ['a third beside them', { queued: 889, queuedOfApplication: 200 }, 'open'],
  ['nearly full, and nothing of it is mine', { queued: 999, queuedOfApplication: 0 }, 'open'],
  ['nearly full, and little of it is mine', { queued: 999, queuedOfApplication: 4 }, 'refuse', 'share'],
  ['full, and nothing of it is mine', { queued: 1_000, queuedOfApplication: 0 }, 'refuse', 'queue'],
  ['half of the bytes in flight', { inFlightBytes: 500_000 }, 'open'],
  ['three quarters of the bytes in flight', { inFlightBytes: 750_000 }, 'slow', 'in-flight', 1_250],
  ['all of the bytes in flight', { inFlightBytes: 1_000_000 }, 'refuse', 'in-flight'],
  ['a publish that takes its time', { publishMs: 2_000 }, 'open'],
  ['a publish that takes long', { publishMs: 7_000 }, 'slow', 'bus', 1_250],
  ['a publish that takes for ever', { publishMs: 12_000 }, 'refuse', 'bus'],
  ['failures, one after the other', failing, 'refuse', 'bus'],
  ['some failures', { ...failing, failuresInARow: 9 }, 'open'],
  ['failures a while ago: tried again', { ...failing, sinceFailureMs: 1_000 }, 'open'],
  ['the worst counts', { queued: 750, queuedOfApplication: 750, publishMs: 11_000 }, 'slow', 'bus', 4_050],
]

for (const [what, load, kind, cause, waitMs] of cases) {
  test(`${what}: ${kind}`, () => {
    const admitted = admission({ ...idle, ...load }, limits, false)
    assert.equal(admitted.kind, kind)
    if (admitted.kind === 'open') return
    assert.equal(admitted.cause, cause)
    assert.equal(Math.round(admitted.waitMs), waitMs ?? 1_000)
  })
}

for (const [what, load, kind] of [
  ['just below its share', { queued: 790, queuedOfApplication: 790 }, 'refuse'],
  ['at three quarters of the queue', { queued: 750, queuedOfApplication: 750 }, 'slow'],
  ['in a queue that is at 95 %', { queued: 950, queuedOfApplication: 0 }, 'refuse'],
  ['in a queue that is below 90 %', { queued: 899, queuedOfApplication: 0 }, 'open'],
  ['with three quarters of the bytes in flight', { inFlightBytes: 740_000 }, 'slow'],
] as const) {
  test(`who was refused is, ${what}: ${kind}`, () => {
    assert.equal(admission({ ...idle, ...load }, limits, true).kind, kind)
  })
}

test('a queue that was full is full until a tenth of it is free', () => {
  const steps = [999, 1_000, 999, 900, 899, 999].map((queued) => queued)
  let isFull = false
  assert.deepEqual(
    steps.map((queued) => {
      isFull = isQueueFull(queued, limits, isFull)
      return isFull
    }),
    [false, true, true, true, false, false],
  )
  assert.equal(isQueueFull(undefined, limits, true), false)
})

const rank = { open: 0, slow: 1, refuse: 2 } as const
const load = fc.record({
  queued: fc.option(fc.nat(1_200), { nil: undefined }),
  queuedOfApplication: fc.nat(1_200),
  inFlightBytes: fc.nat(1_200_000),
  publishMs: fc.nat(15_000),
  failuresInARow: fc.nat(20),
  sinceFailureMs: fc.nat(2_000),
})

test('more of anything never gets mail in sooner, and no wait is longer than the longest', () => {
  const more = fc.constantFrom('queued', 'queuedOfApplication', 'inFlightBytes', 'publishMs', 'failuresInARow')
  fc.assert(
    fc.property(load, more, fc.nat(500), fc.boolean(), (before, what, by, isRefused) => {
      const after = { ...before, [what]: before[what] === undefined ? undefined : (before[what] ?? 0) + by }
      const [one, other] = [admission(before, limits, isRefused), admission(after, limits, isRefused)]
      assert.ok(rank[one.kind] <= rank[other.kind])
      assert.ok(rank[admission(before, limits, false).kind] <= rank[admission(before, limits, true).kind])
      for (const admitted of [one, other]) assert.ok(admitted.kind === 'open' || (admitted.waitMs >= 0 && admitted.waitMs <= 5_000))
    }),
    { numRuns: 2_000 },
  )
})
