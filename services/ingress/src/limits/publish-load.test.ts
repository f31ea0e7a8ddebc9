import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Position, PublishOptions } from '@sallyport/bus'
import { SallyportError } from '@sallyport/contracts'
import { memoryBus } from '@sallyport/testkit'
import { PublishLoad } from './publish-load.ts'

function stage() {
  let now = 0
  const pending: PromiseWithResolvers<Position>[] = []
  const bus = memoryBus()
  bus.publish = () => {
    const settled = Promise.withResolvers<Position>()
    pending.push(settled)
    return settled.promise
  }
  const load = new PublishLoad(bus, () => now)
  return {
    load,
    pass: (ms: number) => {
      now += ms
    },
    publish: (bytes: number, options?: PublishOptions) =>
      load.bus.publish({ topic: 't', key: 'k', value: new Uint8Array(bytes), content: new Uint8Array(1) }, options),
    settle: (index: number) => pending[index]?.resolve({ partition: 0, offset: 0 }),
    fail: (index: number, error: Error) => pending[index]?.reject(error),
  }
}

test('bytes in flight, and the wait of the oldest durable publish', async () => {
  const s = stage()
  const publishes = [s.publish(9), s.publish(99, { durable: true })]
  s.pass(10)
  publishes.push(s.publish(999, { durable: true }))
  s.pass(5)
  assert.deepEqual([s.load.inFlightBytes, s.load.oldestMs], [1_110, 15])
  s.settle(1)
  await publishes[1]
  assert.deepEqual([s.load.inFlightBytes, s.load.oldestMs], [1_010, 5])
  s.settle(0)
  s.settle(2)
  await Promise.all(publishes)
  assert.deepEqual([s.load.inFlightBytes, s.load.oldestMs], [0, 0])
})

test('failures of the bus in a row, but not those of a record or of the disk; who publishes gets the error', async () => {
  const s = stage()
  const down = new SallyportError('BUS_UNAVAILABLE', 'down')
  const outcomes = [down, new SallyportError('STORE_FULL', 'full'), down, new Error('too large')].map(async (error, index) => {
    const published = s.publish(1)
    s.fail(index, error)
    await assert.rejects(published, error)
  })
  await Promise.all(outcomes)
  s.pass(7)
  assert.deepEqual([s.load.failuresInARow, s.load.sinceFailureMs, s.load.inFlightBytes], [2, 7, 0])
  const last = s.publish(1)
  s.settle(4)
  await last
  assert.equal(s.load.failuresInARow, 0)
})
