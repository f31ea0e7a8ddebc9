import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { combinedPoints } from './combined-points.ts'

for (const { name, logOdds, rules, from, to } of [
  { name: 'ordinary mail', logOdds: -8, rules: [0.3, 0.5], from: 0, to: 0.01 },
  { name: 'ordinary mail with a virus', logOdds: -8, rules: [15], from: 15, to: 17.2 },
  { name: 'ordinary mail, badly built', logOdds: -8, rules: [3, 4, 4, 1], from: 7, to: 7.1 },
  { name: 'ordinary mail with the faults that much mail has', logOdds: -8, rules: [2, 2, 1], from: 0, to: 0.02 },
  { name: 'words of spam alone', logOdds: 5, rules: [], from: 8, to: 8.1 },
  { name: 'words of spam and faults of design', logOdds: 4, rules: [1, 1.5], from: 8.8, to: 8.9 },
  { name: 'the surest spam', logOdds: 60, rules: [], from: 20, to: 20 },
]) {
  test(`${name}: from ${from} to ${to} points`, () => {
    const points = combinedPoints(logOdds, rules)
    assert.ok(points >= from && points <= to, `${points}`)
  })
}

test('a further rule, or higher log odds, never lower the score', () => {
  const odds = fc.double({ min: -40, max: 40, noNaN: true })
  const rules = fc.array(fc.double({ min: 0, max: 20, noNaN: true }), { maxLength: 10 })
  fc.assert(
    fc.property(odds, odds, rules, rules, (one, other, some, more) => {
      const least = combinedPoints(Math.min(one, other), some)
      assert.ok(least >= 0)
      assert.ok(combinedPoints(Math.max(one, other), some) >= least)
      assert.ok(combinedPoints(Math.min(one, other), [...some, ...more]) >= least - 0.001)
    }),
  )
})
