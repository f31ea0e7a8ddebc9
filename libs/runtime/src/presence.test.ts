import assert from 'node:assert/strict'
import { test } from 'node:test'
import { processCodec, topics } from '@sallyport/contracts'
import { eventually, fakeClock, type MemoryBus, memoryBus, silentLogger } from '@sallyport/testkit'
import { openPresence, type Presence } from './presence.ts'

const everyMs = 10_000
const clock = fakeClock()
const open = (bus: MemoryBus, instance: string, over: { everyMs?: number } = {}): Promise<Presence> =>
  openPresence({ bus, clock, log: silentLogger(), instance, everyMs, ...over })
const seen = (presence: Presence) => presence.processes().map(({ instance, roles, isAlive }) => ({ instance, roles, isAlive }))
const row = (instance: string, at: number) =>
  processCodec.encode({ v: 1, kind: 'process', instance, roles: ['verdict'], startedAt: 0, at, everyMs })

test('a process sees itself at once and the others soon, and those that stop no more', async () => {
  const bus = memoryBus()
  const [one, two] = await Promise.all([open(bus, 'one'), open(bus, 'two')])
  assert.deepEqual(seen(one), [])
  one.running('verdict')
  one.running('delivery')
  assert.deepEqual(seen(one), [{ instance: 'one', roles: ['verdict', 'delivery'], isAlive: true }])
  await eventually(() => seen(two).length === 1)
  assert.deepEqual(seen(two), seen(one))
  assert.equal(bus.records(topics.roles.name).length, 1)
  await one.stop()
  assert.deepEqual(seen(two), [])
  await two.stop()
  assert.equal(bus.rows(topics.roles.name).size, 0)
})

test('it says again and again that it runs', async () => {
  const bus = memoryBus()
  const presence = await open(bus, 'one', { everyMs: 5 })
  presence.running('verdict')
  await eventually(() => bus.records(topics.roles.name).length >= 3)
  await presence.stop()
})

test('one that is heard no more is gone after some missed announcements, by our own clock', async () => {
  const bus = memoryBus()
  const presence = await open(bus, 'one')
  // Its clock is a day ahead.
  await bus.publish({ topic: topics.roles.name, key: 'two', value: row('two', clock.now() + 86_400_000) })
  assert.equal(seen(presence)[0]?.isAlive, true)
  clock.advance(35_000)
  assert.equal(seen(presence)[0]?.isAlive, true)
  clock.advance(1)
  assert.equal(seen(presence)[0]?.isAlive, false)
  await bus.publish({ topic: topics.roles.name, key: 'two', value: row('two', clock.now() - 86_400_000) })
  assert.equal(seen(presence)[0]?.isAlive, true)
  await presence.stop()
})

test('what stands in the table at the start is as old as it says', async () => {
  const bus = memoryBus()
  await bus.publish({ topic: topics.roles.name, key: 'old', value: row('old', clock.now() - 36_000) })
  await bus.publish({ topic: topics.roles.name, key: 'new', value: row('new', clock.now() - 9_000) })
  const presence = await open(bus, 'one')
  await presence.loaded
  assert.deepEqual(Object.fromEntries(seen(presence).map(({ instance, isAlive }) => [instance, isAlive])), {
    old: false,
    new: true,
  })
  await presence.stop()
})

test('rows of processes that are long gone are deleted, and a row that cannot be read is passed over', async () => {
  const bus = memoryBus()
  await bus.publish({ topic: topics.roles.name, key: 'dead', value: row('dead', clock.now() - 3_600_001) })
  await bus.publish({ topic: topics.roles.name, key: 'down', value: row('down', clock.now() - 3_500_000) })
  await bus.publish({ topic: topics.roles.name, key: 'odd', value: new Uint8Array(3) })
  const presence = await open(bus, 'one')
  await presence.loaded
  presence.running('verdict')
  await eventually(() => !bus.rows(topics.roles.name).has('dead'))
  assert.deepEqual([...bus.rows(topics.roles.name).keys()].sort(), ['down', 'odd', 'one'])
  await presence.stop()
})

test('a bus that is down stops neither the process nor its stop', async () => {
  const bus = memoryBus()
  const presence = await open(bus, 'one', { everyMs: 5 })
  let asked = 0
  bus.faults.publish = () => {
    asked++
    return new Error('down')
  }
  presence.running('verdict')
  await eventually(() => asked >= 3)
  assert.equal(seen(presence).length, 1)
  await presence.stop()
})
