import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Delays } from './delays.ts'

test('a precise wait ends without a tick, a drain ends every wait', async () => {
  const delays = new Delays(() => 0)
  await delays.precisely(5)
  const waits = [delays.precisely(100_000), delays.wait(100_000)]
  delays.tick()
  let isOver = false
  const all = Promise.all(waits).then(() => {
    isOver = true
  })
  await delays.precisely(1)
  assert.equal(isOver, false)
  delays.drain()
  await all
})
