import assert from 'node:assert/strict'
import { test } from 'node:test'
import { duration, relative, relativeStep } from './times.ts'

const durations: readonly [number, string][] = [
  [0.24, '0.2 ms'],
  [41.3, '41 ms'],
  [1000, '1 s'],
  [90_000, '1 min 30 s'],
  [3_600_000, '1 h'],
  [7_500_000, '2 h 5 min'],
  [40_000_000, '11 h'],
  [3 * 86_400_000, '3 d'],
  [-5, '0 ms'],
]
for (const [ms, said] of durations) test(`${ms} ms is ${said}`, () => assert.equal(duration(ms), said))

test('a moment lies before or after now', () => {
  assert.deepEqual(
    [relative(1000, 1200), relative(0, 300_000), relative(7_200_000, 0), relative(0, 5 * 86_400_000)],
    ['just now', '5 min ago', 'in 2 h', '5 d ago'],
  )
})

const hour = 3_600_000
const midnight = 20_416 * 24 * hour
const steps: readonly [at: number, step: 'hour' | 'day', said: string][] = [
  [midnight + 10 * hour, 'hour', 'this hour'],
  [midnight + 9 * hour, 'hour', '1 h ago'],
  [midnight - 13 * hour, 'hour', '23 h ago'],
  [midnight, 'day', 'today'],
  [midnight - 24 * hour, 'day', 'yesterday'],
  [midnight - 48 * hour, 'day', '22 Nov'],
]
for (const [at, step, said] of steps) {
  test(`of the ${step} ${(midnight - at) / hour} h before midnight is said: ${said}`, () =>
    assert.equal(relativeStep(at, step, midnight + 10.7 * hour), said))
}
