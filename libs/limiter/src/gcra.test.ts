import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { backlogAt, full, type Level, remainingUnits, waitUs } from './gcra.ts'

/** Takes `cost` at `nowUs`, or says how long to wait. */
function take(level: Level, nowUs: number, shape: { intervalUs: number; burst: number }, cost: number): Level | number {
  const backlogUs = backlogAt(level, nowUs)
  const wait = waitUs(backlogUs, shape, cost)
  return wait > 0 ? wait : { backlogUs: backlogUs + cost * shape.intervalUs, atUs: nowUs }
}

/**
 * The model: tokens of a bucket that fills by `units` in `periodUs`, in exact fractions. Tokens are counted in parts of
 * 1 / periodUs, so that every sum is whole.
 */
class ExactBucket {
  readonly #units: bigint
  readonly #periodUs: bigint
  readonly #burst: bigint
  #tokens: bigint
  #atUs = 0n

  constructor(units: number, periodUs: number, burst: number) {
    this.#units = BigInt(units)
    this.#periodUs = BigInt(periodUs)
    this.#burst = BigInt(burst) * this.#periodUs
    this.#tokens = this.#burst
  }

  /** The tokens that are missing for `cost`, as microseconds of filling, rounded down; negative or 0 where there are enough. */
  missingUs(nowUs: number, cost: number): bigint {
    this.#fill(nowUs)
    return (BigInt(cost) * this.#periodUs - this.#tokens) / this.#units
  }

  take(cost: number): void {
    this.#tokens -= BigInt(cost) * this.#periodUs
  }

  #fill(nowUs: number): void {
    const passed = BigInt(nowUs) - this.#atUs
    this.#tokens += passed * this.#units
    if (this.#tokens > this.#burst) this.#tokens = this.#burst
    this.#atUs = BigInt(nowUs)
  }
}

const periods = { s: 1_000_000, m: 60_000_000, h: 3_600_000_000, d: 86_400_000_000 }
const period = fc.constantFrom(...Object.values(periods))
const limit = fc.record({
  units: fc.integer({ min: 1, max: 2_000_000 }),
  periodUs: period,
  burst: fc.integer({ min: 1, max: 5_000 }),
})

test('it takes what an exact token bucket takes, whatever the rate, and says the same wait', () => {
  const steps = fc.array(fc.record({ passedUs: fc.nat(400_000_000), cost: fc.nat(40), isAtTheWait: fc.boolean() }), {
    maxLength: 60,
  })
  fc.assert(
    fc.property(limit, steps, ({ units, periodUs, burst }, sequence) => {
      const shape = { intervalUs: periodUs / units, burst }
      const model = new ExactBucket(units, periodUs, burst)
      let [level, nowUs, lastWait] = [full, 0, 0]
      for (const step of sequence) {
        nowUs += step.isAtTheWait ? lastWait : step.passedUs
        const cost = Math.min(step.cost, burst)
        const missing = model.missingUs(nowUs, cost)
        const taken = take(level, nowUs, shape, cost)
        if (typeof taken === 'number') {
          // Rounding of the interval itself is all that may differ.
          assert.ok(Math.abs(taken - Number(missing)) <= 1, `${taken} ${missing}`)
          lastWait = taken
        } else {
          assert.ok(missing <= 1n, `${missing} µs were missing`)
          model.take(cost)
          level = taken
          lastWait = 0
        }
      }
    }),
    { numRuns: 500 },
  )
})

test('a million messages as early as possible do not drift from the rate', () => {
  for (const [units, periodUs] of [
    [7_000, periods.s],
    [7, periods.s],
    [1_000, periods.h],
    [999_999, periods.d],
  ] as const) {
    const shape = { intervalUs: periodUs / units, burst: 3 }
    let [level, nowUs, taken] = [full, 1_790_000_000_000_000, 0]
    const start = nowUs
    while (taken < 1_000_000) {
      const next = take(level, nowUs, shape, 1)
      if (typeof next === 'number') nowUs += next
      else {
        level = next
        taken++
      }
    }
    const exactUs = ((taken - shape.burst) * periodUs) / units
    assert.ok(Math.abs(nowUs - start - exactUs) <= 2, `${units} in ${periodUs}: ${nowUs - start} instead of ${exactUs}`)
  }
})

test('a clock that goes backwards gives no credit and does not block', () => {
  const shape = { intervalUs: 1_000_000, burst: 2 }
  const day = 86_400_000_000
  const empty: Level = { backlogUs: 2_000_000, atUs: 2 * day }
  assert.equal(take(empty, day, shape, 1), 1_000_000)
  const level: Level = { backlogUs: backlogAt(empty, day), atUs: day }
  assert.equal(take(level, day + 999_999, shape, 1), 1)
  assert.deepEqual(take(level, day + 1_000_000, shape, 1), { backlogUs: 2_000_000, atUs: day + 1_000_000 })
})

test('what remains can be taken at once, and not a unit more', () => {
  const intervalUs = fc.oneof(fc.double({ min: 1e-4, max: 1e11, noNaN: true }), fc.integer({ min: 1, max: 86_400_000_000 }))
  fc.assert(
    fc.property(
      intervalUs,
      fc.integer({ min: 1, max: 100_000 }),
      fc.array(fc.integer({ min: 1, max: 50 })),
      (interval, burst, costs) => {
        const shape = { intervalUs: interval, burst }
        let backlogUs = 0
        let left = burst
        for (const cost of costs) {
          if (cost > left) break
          backlogUs += cost * interval
          left -= cost
        }
        assert.equal(remainingUnits(backlogUs, shape), left)
        assert.equal(waitUs(backlogUs, shape, left), 0)
        if (interval >= 2) assert.ok(waitUs(backlogUs, shape, left + 1) > 0)
      },
    ),
  )
})

test('a burst that shrank below what was taken leaves nothing, and a rate that rose shortens no backlog', () => {
  assert.equal(remainingUnits(5_000_000, { intervalUs: 1_000_000, burst: 3 }), 0)
  assert.equal(waitUs(5_000_000, { intervalUs: 1_000_000, burst: 3 }, 1), 3_000_000)
  assert.equal(waitUs(5_000_000, { intervalUs: 500_000, burst: 3 }, 1), 4_000_000)
})
