import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SallyportError, topics } from '@sallyport/contracts'
import { eventually } from '@sallyport/testkit'
import { embeddedWorld, textsOf, type World } from './embedded-world.cases.ts'

const untilRead = { kind: 'until-read', readers: ['g'] } as const

/** Every write fails until the function that is returned is called. Counts the failures. */
function fill(world: World): { failures: number; empty(): void } {
  const disk = {
    failures: 0,
    empty() {
      world.environment.faults.write = undefined
    },
  }
  world.environment.faults.write = () => {
    disk.failures++
    return new SallyportError('STORE_FULL', 'full')
  }
  return disk
}

test('a publish is flushed where the publisher asks for it, and only committed where not', async () => {
  const world = await embeddedWorld(untilRead)
  const { writes } = world.environment
  const before = { ...writes }
  await world.bus.publish({ topic: 't', key: 'k', value: null })
  assert.deepEqual([writes.all - before.all, writes.durable - before.durable], [1, 0])
  await world.bus.publish({ topic: 't', key: 'k', value: null }, { durable: true })
  assert.deepEqual([writes.all - before.all, writes.durable - before.durable], [2, 1])
  await world.bus.close()
  assert.ok(writes.durable - before.durable >= 2, 'closing flushes')
})

test('a full disk is told to publishers; consumers go on, and so does the bus when there is room', async () => {
  const world = await embeddedWorld(untilRead)
  await world.publish('0')
  const disk = fill(world)
  await assert.rejects(world.publish('lost'), { code: 'STORE_FULL', retriable: true })
  await assert.rejects(world.bus.publish({ topic: 't', key: 'k', value: null }, { durable: true }), { code: 'STORE_FULL' })
  const [read, other] = [await world.read('g'), await world.read('other')]
  await eventually(() => read.length === 1 && other.length === 1, { what: 'consumers that join on a full disk' })
  disk.empty()
  await world.publish('1')
  await eventually(() => read.length === 2 && other.length === 2)
  for (const records of [read, other]) assert.deepEqual(textsOf(records), ['0', '1'])
  await eventually(async () => (await world.bus.lag('g', ['t']))[0]?.records === 0)
  await world.bus.close()
})

test('what was settled on a full disk is written when there is room', async () => {
  const world = await embeddedWorld({ kind: 'age', ms: 86_400_000 })
  const read = await world.read('g')
  await world.publish('0', '1')
  const disk = fill(world)
  await eventually(() => read.length === 2 && disk.failures > 0, { what: 'a watermark that cannot be written' })
  disk.empty()
  await world.reopen()
  const again = await world.read('g')
  await world.publish('2')
  await eventually(() => again.length > 0)
  assert.deepEqual(textsOf(again), ['2'])
  await world.bus.close()
})

test('on a full disk a member can still leave; what it settled meanwhile comes again to the next', async () => {
  const world = await embeddedWorld(untilRead)
  await world.publish('0')
  const left: string[] = []
  const options = { group: 'g', topics: ['t'], handle: ({ key }: { readonly key: string }) => void left.push(key) }
  const disk = fill(world)
  const consumer = await world.bus.consume(options)
  await eventually(() => left.length === 1)
  await consumer.stop()
  const next = await world.read('g')
  await eventually(() => next.length === 1, { what: 'the next member' })
  disk.empty()
  await eventually(() => world.rows().length === 0, { what: 'deletion' })
  await world.bus.close()
})

test('a dead letter that finds no room is written later, and its record is not settled before', async () => {
  const world = await embeddedWorld(untilRead)
  await world.publish('0')
  const disk = fill(world)
  await world.bus.consume({
    group: 'g',
    topics: ['t'],
    drainMs: 0,
    handle: () => {
      throw new SallyportError('UNPARSABLE_RECORD', 'no')
    },
  })
  const dead: string[] = []
  await world.bus.consume({ group: 'operator', topics: [topics.dead.name], handle: ({ key }) => void dead.push(key) })
  await eventually(() => disk.failures >= 4, { what: 'dead letters that cannot be written' })
  assert.equal((await world.bus.lag('g', ['t']))[0]?.records, 1)
  disk.empty()
  await eventually(() => dead.length === 1, { what: 'the dead letter' })
  await eventually(() => world.rows().length === 0, { what: 'its record to be settled and deleted' })
  await world.bus.close()
})

test('a member that stops before a dead letter is written leaves the record to the next', async () => {
  const world = await embeddedWorld(untilRead)
  await world.publish('0')
  const disk = fill(world)
  const consumer = await world.bus.consume({
    group: 'g',
    topics: ['t'],
    drainMs: 0,
    handle: () => {
      throw new SallyportError('UNPARSABLE_RECORD', 'no')
    },
  })
  await eventually(() => disk.failures >= 3)
  await consumer.stop()
  disk.empty()
  await world.reopen()
  const next = await world.read('g')
  await eventually(() => next.length === 1)
  assert.deepEqual(textsOf(next), ['0'])
  await world.bus.close()
})
