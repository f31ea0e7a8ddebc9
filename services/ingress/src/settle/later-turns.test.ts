import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LaterTurns } from './later-turns.ts'

test('so many wait and no more, until the first of them goes', () => {
  const turns = new LaterTurns()
  assert.deepEqual(
    [10, 20, 30].map((notBefore) => turns.add('app', notBefore, 0, 2)),
    [undefined, undefined, 10],
  )
  assert.equal(turns.add('other', 30, 0, 2), undefined, 'of each application')
  assert.equal(turns.add('app', 30, 9, 2), 10)
  assert.equal(turns.add('app', 30, 10, 2), undefined)
  assert.equal(turns.add('app', 40, 10, 2), 20)
})

test('one that waits for hours does not keep those that have gone among the waiting', () => {
  const turns = new LaterTurns()
  assert.equal(turns.add('app', 36_000_000, 0, 3), undefined)
  for (let now = 0; now < 100_000; now += 1_000) assert.equal(turns.add('app', now + 500, now, 3), undefined, `after ${now} ms`)
})

test('what is not accepted does not wait', () => {
  const turns = new LaterTurns()
  turns.add('app', 10, 0, 2)
  turns.add('app', 20, 0, 2)
  turns.remove('app', 20)
  turns.remove('app', 99)
  turns.remove('unknown', 1)
  assert.deepEqual([turns.add('app', 30, 0, 2), turns.add('app', 40, 0, 2)], [undefined, 10])
})
