import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { giveBack, type LowPoints, maxLowPoints, noteLowPoint } from './low-points.ts'

const rememberedUs = 1_200_000

interface Taken {
  readonly atUs: number
  readonly costUs: number
}

/** The backlog that these leave, by themselves. */
function backlogOf(taken: readonly Taken[], nowUs: number): number {
  let [backlogUs, lastUs] = [0, 0]
  for (const { atUs, costUs } of taken) {
    backlogUs = Math.max(0, backlogUs - (atUs - lastUs)) + costUs
    lastUs = atUs
  }
  return Math.max(0, backlogUs - (nowUs - lastUs))
}

const steps = fc.array(
  fc.record({
    passedUs: fc.constantFrom(0, 1, 7, 30, 100),
    costUs: fc.integer({ min: 1, max: 60 }),
    refunded: fc.option(fc.nat(30)),
  }),
  { maxLength: 150 },
)

/** Says after each step by how much the bucket is above where it would be without what was given back. */
function excesses(sequence: readonly { passedUs: number; costUs: number; refunded: number | null }[]): number[] {
  const points: LowPoints = []
  let [nowUs, backlogUs] = [0, 0]
  let kept: Taken[] = []
  return sequence.map(({ passedUs, costUs, refunded }) => {
    nowUs += passedUs
    backlogUs = Math.max(0, backlogUs - passedUs)
    const one = refunded === null ? undefined : kept.at(-1 - refunded)
    if (one) {
      kept = kept.filter((other) => other !== one)
      backlogUs -= giveBack(points, one.atUs, one.costUs, backlogUs)
    } else {
      noteLowPoint(points, nowUs, backlogUs, rememberedUs)
      backlogUs += costUs
      kept.push({ atUs: nowUs, costUs })
    }
    assert.ok(points.length <= 2 * maxLowPoints)
    return backlogUs - backlogOf(kept, nowUs)
  })
}

test('whatever is given back, nobody gets more than if it had never been taken', () => {
  fc.assert(
    fc.property(steps, (sequence) => excesses(sequence).every((excess) => excess >= 0)),
    { numRuns: 2_000 },
  )
})

test('few messages at a time are given back to the last microsecond', () => {
  const few = fc.array(
    fc.record({ passedUs: fc.constantFrom(0, 7, 100), costUs: fc.integer({ min: 1, max: 60 }), refunded: fc.option(fc.nat(6)) }),
    { maxLength: maxLowPoints },
  )
  fc.assert(
    fc.property(few, (sequence) => excesses(sequence).every((excess) => excess === 0)),
    { numRuns: 2_000 },
  )
})

test('in a flood all but half a per cent of what is given back comes back', () => {
  const points: LowPoints = []
  const taken: Taken[] = []
  let backlogUs = 0
  for (let nowUs = 0; nowUs < 1_000; nowUs++) {
    backlogUs = Math.max(0, backlogUs - 1)
    noteLowPoint(points, nowUs, backlogUs, rememberedUs)
    backlogUs += 10
    taken.push({ atUs: nowUs, costUs: 10 })
    const one = nowUs < 20 ? undefined : taken.shift()
    if (one) backlogUs -= giveBack(points, one.atUs, one.costUs, backlogUs)
  }
  const excessUs = backlogUs - backlogOf(taken, 999)
  assert.ok(excessUs >= 0 && excessUs < 50, `${excessUs} µs of 9,800`)
})

test('what is older than a reservation is remembered goes', () => {
  const points: LowPoints = []
  noteLowPoint(points, 0, 0, 1_000)
  noteLowPoint(points, 500, 5, 1_000)
  noteLowPoint(points, 1_200, 9, 1_000)
  assert.deepEqual(points, [500, 5, 1_200, 9])
})
