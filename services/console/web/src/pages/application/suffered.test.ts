import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dayHeights, everyDay, suffered, sufferedWords } from './suffered.ts'

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

test('a week is seven days, also those without mail, and more where more was counted', () => {
  const day = 86_400_000
  const counted = { day: 20 * day, messages: 3, wouldReject: 1, wouldHold: 0, wouldDefer: 0 }
  const week = everyDay([counted], 20 * day + 5)
  assert.deepEqual([week.length, week[0]?.day, week.at(-1)], [7, 14 * day, counted])
  assert.deepEqual(
    everyDay([{ ...counted, day: 13 * day }], 20 * day).map(({ messages }) => messages),
    [3, 0, 0, 0, 0, 0, 0, 0],
  )
})
