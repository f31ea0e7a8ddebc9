import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryBus, silentLogger } from '@sallyport/testkit'
import { Registry } from 'prom-client'
import { lagMetrics } from './lag-metrics.ts'

const text = new TextEncoder()

function stage() {
  let now = 1_000_000
  const bus = memoryBus({ now: () => now })
  const metrics = new Registry()
  const lag = lagMetrics(bus, { metrics, log: silentLogger() })
  return {
    bus,
    lag,
    advance: (ms: number) => {
      now += ms
    },
    async shown(): Promise<readonly string[]> {
      await lag.look()
      return (await metrics.metrics()).split('\n').filter((line) => line.startsWith('sallyport_bus_'))
    },
  }
}

test('the lag and the oldest age of every group that is consumed here, and of no other', async () => {
  const s = stage()
  for (const key of ['a', 'b', 'c']) await s.bus.publish({ topic: 'one', key, value: text.encode(key) })
  const consumer = await s.lag.bus.consume({ group: 'g', topics: ['one', 'two'], settle: 'manual', handle: () => {} })
  const second = await s.lag.bus.consume({ group: 'g', topics: ['one'], settle: 'manual', handle: () => {} })
  await s.bus.consume({ group: 'elsewhere', topics: ['one'], handle: () => {} })
  s.advance(2_500)
  const both = [
    'sallyport_bus_lag_records{group="g",topic="one",role="g"} 3',
    'sallyport_bus_lag_records{group="g",topic="two",role="g"} 0',
    'sallyport_bus_oldest_age_seconds{group="g",topic="one",role="g"} 2.5',
    'sallyport_bus_oldest_age_seconds{group="g",topic="two",role="g"} 0',
    'sallyport_bus_lag_failures_total 0',
  ]
  assert.deepEqual(await s.shown(), both)
  await second.stop()
  await second.stop()
  assert.deepEqual(await s.shown(), both)
  await consumer.stop()
  assert.deepEqual(await s.shown(), ['sallyport_bus_lag_failures_total 0'])
  s.lag.stop()
})

test('looks do not overlap, and a bus that does not answer is counted', async () => {
  const s = stage()
  await s.lag.bus.consume({ group: 'g', topics: ['one'], handle: () => {} })
  let asked = 0
  const answer = Promise.withResolvers<never>()
  s.bus.lag = () => {
    asked++
    return answer.promise
  }
  const looks = [s.lag.look(), s.lag.look()]
  answer.reject(new Error('down'))
  await Promise.all(looks)
  assert.equal(asked, 1)
  assert.deepEqual(await s.shown(), ['sallyport_bus_lag_failures_total 2'])
  s.lag.stop()
})
