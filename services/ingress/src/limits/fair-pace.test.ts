import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FairPace, threadUtilization } from './fair-pace.ts'

function paced() {
  const at = { nowMs: 0, utilization: 1 }
  const pace = new FairPace({ elapsed: () => at.nowMs, paceAbove: 0.6, maxMs: 5_000 })
  /** So many messages of each in 500 ms; how long the last of the first waited. */
  const window = (counts: Readonly<Record<string, number>>): number => {
    let last = 0
    for (let step = 0; step < 10; step++) {
      for (const [index, [name, count]] of Object.entries(counts).entries()) {
        for (let each = 0; each < count / 10; each++) {
          const waitMs = pace.waitMs(name)
          if (index === 0) last = waitMs
          else assert.equal(waitMs, 0, name)
        }
      }
      at.nowMs += 50
      pace.tick(at.utilization)
    }
    return last
  }
  return { at, pace, window }
}

test('who sends most is slowed while the thread is busy and others send, and nobody else', () => {
  const { window } = paced()
  assert.equal(window({ flood: 500, quiet: 10 }), 0)
  const [first, second] = [window({ flood: 500, quiet: 10 }), window({ flood: 500, quiet: 10 })]
  assert.ok(first > 0 && second > first, `${first} ${second}`)
})

for (const [what, counts, utilization] of [
  ['alone', { flood: 500 }, 1],
  ['while the thread has room', { flood: 500, quiet: 10 }, 0.5],
  ['as much as the others', { one: 200, other: 200 }, 1],
  ['little', { one: 10, other: 5 }, 1],
] as const) {
  test(`who sends ${what} is not slowed`, () => {
    const { at, window } = paced()
    at.utilization = utilization
    for (let windows = 0; windows < 5; windows++) assert.equal(window(counts), 0)
  })
}

test('with room on the thread it is let in faster, and when the others are gone at once', () => {
  const { at, window } = paced()
  for (let windows = 0; windows < 4; windows++) window({ flood: 500, quiet: 10 })
  at.utilization = 0.3
  let waitMs = Number.POSITIVE_INFINITY
  for (let windows = 0; windows < 20; windows++) waitMs = window({ flood: 100, quiet: 10 })
  assert.ok(waitMs < 5, `${waitMs}`)
  at.utilization = 1
  window({ flood: 500 })
  assert.equal(window({ flood: 500 }), 0)
})

test('no message waits longer than the most', () => {
  const { pace, window } = paced()
  window({ flood: 500, quiet: 10 })
  window({ flood: 500, quiet: 10 })
  let longest = 0
  for (let each = 0; each < 100_000; each++) longest = Math.max(longest, pace.waitMs('flood'))
  assert.equal(longest, 5_000)
})

test('the thread is told to be busy by the CPU time that it uses', () => {
  let nowMs = 0
  const utilization = threadUtilization(() => nowMs)
  const used = (): number => process.threadCpuUsage().user + process.threadCpuUsage().system
  for (const began = used(); used() - began < 50_000; ) Math.sqrt(began)
  nowMs += 100
  assert.ok(utilization() >= 0.5)
  nowMs += 1_000_000
  assert.ok(utilization() < 0.1)
  assert.equal(utilization(), 0)
})
