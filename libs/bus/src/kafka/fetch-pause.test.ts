import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FetchPause } from './fetch-pause.ts'

function world() {
  let nowMs = 0
  let utilization = 0
  const pause = new FetchPause({
    elapsed: () => nowMs,
    utilization: () => ({ utilization, active: 0, idle: 0 }),
  })
  const after = (ms: number, part: number): Promise<void> | undefined => {
    nowMs += ms
    utilization = part
    return pause.begin()
  }
  return { after }
}

test('no pause while there is time, and one for all partitions while there is none', async () => {
  const { after } = world()
  assert.equal(after(100, 0.4), undefined)
  const first = after(100, 0.6)
  assert.ok(first)
  assert.equal(after(1, 0.6), first)
  await first
  const second = after(1, 0.6)
  assert.ok(second && second !== first)
  await second
  assert.equal(after(100, 0.1), undefined)
})

test('it is not looked at for each fetch', () => {
  const { after } = world()
  assert.equal(after(100, 0.1), undefined)
  assert.equal(after(50, 0.9), undefined)
  assert.ok(after(50, 0.9))
})
