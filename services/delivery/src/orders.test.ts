import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Job, newMessageId, type Order, orderCodec, topics } from '@sallyport/contracts'
import { memoryBus, silentLogger } from '@sallyport/testkit'
import { followOrders, pauseWaitMs } from './orders.ts'
import { exampleJob } from './test-job.cases.ts'

const order = (kind: Order['kind'], orderId: string, match: Order['match'], rest: Partial<Order> = {}): Order => ({
  v: 1,
  kind,
  orderId,
  match,
  by: 'anna',
  reason: 'because',
  at: 0,
  expiresAt: 1_000,
  ...rest,
})

async function following(...orders: readonly Order[]) {
  const bus = memoryBus()
  for (const each of orders) await bus.publish({ topic: topics.orders.name, key: each.orderId, value: orderCodec.encode(each) })
  return { bus, orders: await followOrders(bus, silentLogger()) }
}

test('what matches which job', async () => {
  const job: Job = exampleJob()
  const { application, id } = job.message
  const cases: readonly [Order['kind'], Order['match'], boolean][] = [
    ['pause', {}, true],
    ['pause', { destination: job.destination }, true],
    ['pause', { destination: 'elsewhere' }, false],
    ['pause', { application, message: id }, true],
    ['pause', { application, message: newMessageId() }, false],
    ['suspend', { application }, true],
    ['cancel', { message: id }, true],
    ['cancel', {}, false],
    ['re-route', {}, false],
  ]
  for (const [kind, match, expected] of cases) {
    const { orders } = await following(order(kind, 'o', match))
    assert.equal(orders.match(job, 500)?.kind, expected ? kind : undefined, `${kind} ${JSON.stringify(match)}`)
    assert.equal(orders.match(job, 1_000), undefined)
  }
})

test('cancel is stronger than suspend, than pause, than re-route; a row that goes is no order', async () => {
  const job = exampleJob()
  const { application } = job.message
  const { bus, orders } = await following(
    order('pause', '1', { application }),
    order('cancel', '2', { application }),
    order('re-route', '3', { application }),
    order('suspend', '4', { application }),
  )
  const expected = [
    ['2', 'cancel'],
    ['4', 'suspend'],
    ['1', 'pause'],
    ['3', 're-route'],
  ] as const
  for (const [key, kind] of expected) {
    assert.equal(orders.match(job, 1)?.kind, kind)
    await bus.publish({ topic: topics.orders.name, key, value: null })
  }
  assert.equal(orders.match(job, 1), undefined)
})

test('a pause is looked at again after as long as it has lasted, 1 to 15 minutes, never beyond its end', () => {
  const long = order('pause', 'o', {}, { at: 0, expiresAt: 100_000_000 })
  assert.equal(pauseWaitMs(long, 1_000), 60_000)
  assert.equal(pauseWaitMs(long, 300_000), 300_000)
  assert.equal(pauseWaitMs(long, 50_000_000), 900_000)
  assert.equal(pauseWaitMs(long, 99_999_000), 1_000)
})
