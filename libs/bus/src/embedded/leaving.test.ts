/** A partition that leaves its consumer waits for what runs, not for what waits to be tried again. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SallyportError } from '@sallyport/contracts'
import { eventually } from '@sallyport/testkit'
import { embeddedWorld, textsOf, type World } from './embedded-world.cases.ts'

const hour = 3_600_000
const untilRead = { kind: 'until-read', readers: ['g'] } as const
const publish = (world: World, key: string, text: string) => world.bus.publish({ topic: 't', key, value: Buffer.from(text) })

/** What came again after a restart. */
async function again(world: World): Promise<string[]> {
  await world.reopen()
  const records = await world.read('g')
  await publish(world, 'end', 'end')
  await eventually(() => textsOf(records).includes('end'))
  return textsOf(records)
}

test('a handler that keeps failing does not hold a stop, nor does what waits behind it under its key', {
  timeout: 10_000,
}, async () => {
  const world = await embeddedWorld(untilRead)
  const handled: string[] = []
  const consumer = await world.bus.consume({
    group: 'g',
    topics: ['t'],
    drainMs: hour,
    handle: (record) => {
      const [text = ''] = textsOf([record])
      handled.push(text)
      if (text === 'bad') throw new Error('not today')
    },
  })
  await Promise.all([publish(world, 'k', 'bad'), publish(world, 'k', 'behind'), publish(world, 'other', 'good')])
  await eventually(() => handled.includes('good') && handled.filter((text) => text === 'bad').length > 1)
  await consumer.stop()
  assert.ok(!handled.includes('behind'), 'nothing overtakes under a key')
  assert.deepEqual(await again(world), ['bad', 'behind', 'end'], 'what was settled does not come again')
  await world.bus.close()
})

test('a handler that fails while its partition leaves is not tried again; others that run are awaited', {
  timeout: 10_000,
}, async () => {
  const world = await embeddedWorld(untilRead)
  const leaving = Promise.withResolvers<void>()
  const handled: string[] = []
  const consumer = await world.bus.consume({
    group: 'g',
    topics: ['t'],
    drainMs: hour,
    onRevoked: () => leaving.resolve(),
    handle: async (record) => {
      const [text = ''] = textsOf([record])
      handled.push(`${text} began`)
      await leaving.promise
      if (text === 'bad') throw new Error('not today')
      for (let turns = 0; turns < 5; turns++) await new Promise((resolve) => setImmediate(resolve))
      handled.push(`${text} ended`)
    },
  })
  await Promise.all(['good', 'bad'].map((text) => publish(world, text, text)))
  await publish(world, 'bad', 'behind')
  await eventually(() => handled.length === 2)
  await consumer.stop()
  assert.deepEqual(handled, ['good began', 'bad began', 'good ended'])
  assert.deepEqual(await again(world), ['bad', 'behind', 'end'])
  await world.bus.close()
})

test('a dead letter that finds no room does not hold a stop', { timeout: 10_000 }, async () => {
  const world = await embeddedWorld(untilRead)
  await world.publish('0')
  let failures = 0
  world.environment.faults.write = () => {
    failures++
    return new SallyportError('STORE_FULL', 'full')
  }
  const handle = (): void => {
    throw new SallyportError('UNPARSABLE_RECORD', 'no')
  }
  const consumer = await world.bus.consume({ group: 'g', topics: ['t'], drainMs: hour, handle })
  await eventually(() => failures > 2)
  await consumer.stop()
  world.environment.faults.write = undefined
  assert.deepEqual(await again(world), ['0', 'end'])
  await world.bus.close()
})

test('a record that was given up and settled after all counts as settled', { timeout: 10_000 }, async () => {
  const world = await embeddedWorld(untilRead)
  let settle = (): void => {}
  let tries = 0
  const consumer = await world.bus.consume({
    group: 'g',
    topics: ['t'],
    settle: 'manual',
    drainMs: hour,
    handle: (record) => {
      tries++
      if (record.key === 'held') {
        const { settle: settleHeld } = record
        setTimeout(() => {
          settle()
          settleHeld()
        }, 30)
        return
      }
      settle = record.settle
      throw new Error('not today')
    },
  })
  await world.publish('failing', 'held')
  await eventually(() => tries >= 2)
  await consumer.stop()
  assert.deepEqual(await again(world), ['end'])
  await world.bus.close()
})
