/** The promises of decision 0010: a durable publish that may end by being consumed. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Retention, SallyportError } from '@sallyport/contracts'
import { eventually } from '@sallyport/testkit'
import type { DeliveredRecord, Durability, Position } from '../port.ts'
import { embeddedWorld, textsOf, type World } from './embedded-world.cases.ts'

const readBy = (...readers: string[]): Retention => ({ kind: 'until-read', readers })
const manual = { settle: 'manual' } as const

const publish = (world: World, text: string, durable: Durability = 'or-settled'): Promise<Position> =>
  world.bus.publish({ topic: 't', key: 'k', value: Buffer.from(text) }, { durable })

/** The durable writes from now on that put rows into the log. */
function durableWrites(world: World): { count: number } {
  const writes = { count: 0 }
  const write = world.environment.write.bind(world.environment)
  world.environment.write = (change, options) => {
    const before = world.rows().length
    return write(change, options).then((result) => {
      if (options?.durable && world.rows().length > before) writes.count++
      return result
    })
  }
  return writes
}

test('what is settled in time resolves without a write', async () => {
  const world = await embeddedWorld(readBy('g'))
  const read = await world.read('g')
  const writes = durableWrites(world)
  await publish(world, 'a')
  assert.deepEqual(textsOf(read), ['a'])
  assert.equal(writes.count, 0)
  assert.deepEqual(world.rows(), [])
  await world.bus.close()
})

test('what is not settled in time is written durably before it resolves, and comes again after a restart', async () => {
  const world = await embeddedWorld(readBy('g'))
  const writes = durableWrites(world)
  const read = await world.read('g', manual)
  const published = publish(world, 'a')
  await eventually(() => read.length === 1)
  assert.deepEqual(world.rows(), [], 'handed over first')
  const { offset } = await published
  assert.deepEqual(world.rows(), [offset])
  assert.equal(writes.count, 1)
  await world.reopen()
  const again = await world.read('g', manual)
  await eventually(() => again.length === 1)
  assert.deepEqual(textsOf(again), ['a'])
  await world.bus.close()
})

test('settled by one of two groups only: written', async () => {
  const world = await embeddedWorld(readBy('a', 'b'))
  await world.read('a')
  await world.read('b', manual)
  const { offset } = await publish(world, 'x')
  assert.deepEqual(world.rows(), [offset])
  await world.bus.close()
})

test('a write that fails is told to the publisher, unless the record was settled meanwhile', async () => {
  const world = await embeddedWorld(readBy('g'))
  const read = await world.read('g', manual)
  world.environment.faults.write = () => new SallyportError('STORE_FULL', 'full')
  const settled = publish(world, 'settled')
  const refused = assert.rejects(publish(world, 'open'), { code: 'STORE_FULL' })
  await eventually(() => read.length > 0)
  read[0]?.settle()
  await Promise.all([settled, refused])
  world.environment.faults.write = undefined
  await world.bus.close()
})

test('nobody reads it here: durable at once, as `true`', async () => {
  const world = await embeddedWorld(readBy('g'))
  const writes = durableWrites(world)
  const { offset } = await publish(world, 'a')
  assert.deepEqual(world.rows(), [offset])
  assert.equal(writes.count, 1)
  await world.bus.close()
})

test('what is on its way to the disk stays in memory, whatever is settled behind it meanwhile', async () => {
  const world = await embeddedWorld(readBy('g'))
  const read: DeliveredRecord[] = []
  const handle = (record: DeliveredRecord) => void read.push(record)
  const first = await world.bus.consume({ group: 'g', topics: ['t'], drainMs: 0, settle: 'manual', handle })
  const write = world.environment.write.bind(world.environment)
  const { promise: mayWrite, resolve: letWrite } = Promise.withResolvers<void>()
  let writes = 0
  world.environment.write = async (change, options) => {
    if (++writes === 1) await mayWrite
    return write(change, options)
  }
  const published = [publish(world, 'written', false)]
  await eventually(() => writes > 0)
  published.push(publish(world, 'behind', false))
  await eventually(() => read.length === 2)
  read[1]?.settle()
  await first.stop()
  const again = await world.read('g', manual)
  await eventually(() => again.length > 0)
  assert.equal(textsOf(again)[0], 'written')
  letWrite()
  await Promise.all(published)
  await world.bus.close()
})

test('more of them than may wait are written at once', async () => {
  const world = await embeddedWorld(readBy('g'))
  const writes = durableWrites(world)
  const read = await world.read('g', manual)
  const published = Array.from({ length: 201 }, (_, index) => publish(world, String(index)))
  await eventually(() => read.length > 0)
  await Promise.all(published)
  assert.equal(world.rows().length, 201)
  assert.equal(writes.count, 1)
  await world.bus.close()
})

test('a plain record behind it is not on disk before it', async () => {
  const world = await embeddedWorld(readBy('g'))
  await world.read('g', manual)
  const seen: (readonly number[])[] = []
  const write = world.environment.write.bind(world.environment)
  world.environment.write = async (change, options) => {
    const result = await write(change, options)
    seen.push(world.rows())
    return result
  }
  const [first, second] = await Promise.all([publish(world, 'first'), publish(world, 'second', false)])
  for (const rows of seen) if (rows.includes(second.offset)) assert.ok(rows.includes(first.offset))
  assert.deepEqual(world.rows(), [first.offset, second.offset])
  await world.bus.close()
})
