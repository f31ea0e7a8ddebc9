import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dayHeights, suffered, sufferedWords } from './suffered.ts'

const day = (messages: number, wouldReject = 0, wouldHold = 0, wouldDefer = 0) => ({ messages, wouldReject, wouldHold, wouldDefer })

test('what suffers is what is refused, held or delayed', () => {
  assert.equal(suffered(day(10, 1, 2, 3)), 6)
  assert.equal(sufferedWords(day(9999, 1432, 0, 3)), '1,432 refused, 3 delayed')
  assert.equal(sufferedWords(day(10)), 'none')
})

test('a day with few is still seen, a day with none is not', () => {
  assert.deepEqual(dayHeights([day(1000, 1), day(500), day(0)]), [
    { all: 100, bad: 6 },
    { all: 50, bad: 0 },
    { all: 0, bad: 0 },
  ])
})
