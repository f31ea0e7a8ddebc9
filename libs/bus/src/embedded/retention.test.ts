import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SallyportError } from '@sallyport/contracts'
import { eventually } from '@sallyport/testkit'
import { embeddedWorld, textsOf } from './embedded-world.cases.ts'
import { Watermarks } from './watermarks.ts'

const day = 86_400_000
const twoReaders = { kind: 'until-read', readers: ['a', 'b'] } as const

test('until-read: what every reader settled is deleted, and nothing above the watermark of any', async () => {
  const world = await embeddedWorld(twoReaders)
  await world.read('a')
  const b = await world.read('b', { settle: 'manual' })
  const offsets = await world.publish('0', '1', '2', '3', '4')
  await eventually(() => b.length === 5)
  for (const settled of [0, 1, 2, 4]) b[settled]?.settle()
  await eventually(() => world.rows().length <= 2, { what: 'deletion below the watermark' })
  assert.deepEqual(world.rows(), offsets.slice(3))

  await world.reopen()
  const again = await world.read('b', { settle: 'manual' })
  await eventually(() => again.length === 2)
  assert.deepEqual(textsOf(again), ['3', '4'])
  for (const record of again) record.settle()
  await eventually(() => world.rows().length === 0, { what: 'deletion of the rest' })
  await world.bus.close()
})

test('until-read: a reader that never came keeps everything; a group that is no reader keeps nothing', async () => {
  const world = await embeddedWorld(twoReaders)
  const a = await world.read('a')
  const stranger = await world.read('stranger', { settle: 'manual' })
  await world.publish('0', '1', '2')
  await eventually(() => a.length === 3 && stranger.length === 3)
  await world.reopen()
  await world.read('a')
  await world.publish('3')
  await world.reopen()
  const b = await world.read('b')
  await eventually(() => b.length === 4)
  assert.deepEqual(textsOf(b), ['0', '1', '2', '3'])
  await eventually(async () => (await world.bus.lag('b', ['t']))[0]?.records === 0)
  await world.read('a')
  await eventually(() => world.rows().length === 0, { what: 'deletion without the stranger' })
  await world.bus.close()
})

test('until-read: age deletes nothing', async () => {
  const world = await embeddedWorld(twoReaders)
  await world.publish('0', '1')
  world.now += 1_000 * day
  await deleteAged(world)
  assert.equal(world.rows().length, 2)
})

test('age: what is older is deleted, read or not; what is younger stays, read or not', async () => {
  const world = await embeddedWorld({ kind: 'age', ms: day })
  const read = await world.read('g')
  await world.publish('0', '1')
  world.now += day - 1
  const young = await world.publish('2', '3')
  await eventually(() => read.length === 4)
  await world.reopen()
  await world.read('slow', { settle: 'manual' })
  await deleteAged(world)
  assert.equal(world.rows().length, 4)
  world.now += 2
  await deleteAged(world)
  assert.deepEqual(world.rows(), young)
  await world.reopen()
  const late = await world.read('late')
  await eventually(() => late.length === 2)
  assert.deepEqual(textsOf(late), ['2', '3'])
  await world.bus.close()
})

test('age: more than a chunk goes at once, and the offsets of what is gone are not used again', async () => {
  const world = await embeddedWorld({ kind: 'age', ms: day })
  const offsets = await world.publish(...Array.from({ length: 4_500 }, (_, n) => String(n)))
  world.now += day + 1
  await deleteAged(world)
  assert.equal(world.rows().length, 0)
  await world.reopen()
  const [next = 0] = await world.publish('next')
  assert.ok(next > Math.max(...offsets), `${next} was used before`)
  await world.bus.close()
})

test('age: a damaged row, whose age nobody knows, goes with what is behind it', async () => {
  const world = await embeddedWorld({ kind: 'age', ms: day })
  await world.publish('0', '1', '2')
  const [, , third] = world.keys()
  assert.ok(third)
  const table = world.environment.table('log')
  await world.environment.write((transaction) => transaction.put(table, third, Buffer.from('damaged')))
  world.now += day + 1
  await deleteAged(world)
  assert.deepEqual(world.rows().length, 1)
  await world.publish('3')
  world.now += day + 1
  await deleteAged(world)
  assert.deepEqual(world.rows(), [])
})

test('orWhenRead: deleted early when every group that ever consumed the topic has read it', async () => {
  const world = await embeddedWorld({ kind: 'age', ms: day, orWhenRead: true })
  await world.publish('0')
  const [a, b] = [await world.read('a'), await world.read('b')]
  await world.publish('1', '2')
  await eventually(() => a.length === 3 && b.length === 3 && world.rows().length === 0, { what: 'deletion of what was read' })
  await world.bus.close()
})

test('orWhenRead: a group that joined and settled nothing keeps what it has not read, over a restart too', async () => {
  const world = await embeddedWorld({ kind: 'age', ms: day, orWhenRead: true })
  const [a, b] = [await world.read('a'), await world.read('b', { settle: 'manual' })]
  await world.publish('0', '1')
  await eventually(() => a.length === 2 && b.length === 2)
  for (const text of ['2', '3']) {
    await world.reopen()
    const again = await world.read('a')
    await world.publish(text)
    await eventually(() => again.length === 1)
    await eventually(async () => (await world.bus.lag('a', ['t']))[0]?.records === 0)
  }
  await world.reopen()
  const late = await world.read('b')
  await eventually(() => late.length === 4)
  assert.deepEqual(textsOf(late), ['0', '1', '2', '3'])
  await world.bus.close()
})

test('a deletion that failed on a full disk is made up for', async () => {
  const world = await embeddedWorld({ kind: 'until-read', readers: ['a'] })
  const a = await world.read('a')
  await world.publish('0', '1', '2')
  let failures = 0
  world.environment.faults.write = () => {
    failures++
    return new SallyportError('STORE_FULL', 'full')
  }
  await eventually(() => a.length === 3 && failures >= 2, { what: 'writes on a full disk' })
  world.environment.faults.write = undefined
  await eventually(() => world.rows().length === 0, { what: 'deletion after there was room' })
  await world.bus.close()
})

test('a deletion that failed after its watermark was written is made up for', async () => {
  const world = await embeddedWorld({ kind: 'until-read', readers: ['a'] })
  const a = await world.read('a', { settle: 'manual' })
  await world.publish('0', '1', '2')
  await eventually(() => a.length === 3)
  let writes = 0
  world.environment.faults.write = () => (++writes === 2 ? new SallyportError('STORE_FULL', 'full') : undefined)
  for (const record of a) record.settle()
  await eventually(() => writes >= 2, { what: 'the write that fails' })
  await eventually(() => world.rows().length === 0, { what: 'deletion of all' })
  await world.bus.close()
})

/** What the bus does every few seconds, now. */
async function deleteAged(world: Awaited<ReturnType<typeof embeddedWorld>>): Promise<void> {
  await world.bus.close()
  const { store, log } = await world.log()
  const watermarks = new Watermarks({ store, now: () => world.now, groupsOf: (topic) => store.groupsOf(topic) }, () => [log])
  await watermarks.deleteAged()
  await watermarks.close()
  await world.reopen()
}
