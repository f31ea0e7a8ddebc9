import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SallyportError, topics } from '@sallyport/contracts'
import { eventually, testPorts } from '@sallyport/testkit'
import { buryDeadRows } from './dead-rows.ts'

const tables = Object.values(topics).flatMap(({ name, retention }) => (retention.kind === 'table' ? [name] : []))

test('a row that cannot be parsed goes to mail.dead with its reason and its bytes, whichever table it stands in', async () => {
  const ports = testPorts()
  const value = Buffer.from('garbage')
  await ports.bus.publish({ topic: topics.held.name, key: 'before', value })
  const stop = await buryDeadRows(ports)
  for (const topic of tables) await ports.bus.publish({ topic, key: 'after', value })
  await ports.bus.publish({ topic: topics.orders.name, key: 'after', value: null })
  const letters = await eventually(() => (ports.bus.deadLetters().length > tables.length ? ports.bus.deadLetters() : undefined))
  assert.deepEqual(
    letters.map(({ record }) => `${record.topic} ${record.key}`).sort(),
    ['mail.held before', ...tables.map((topic) => `${topic} after`)].sort(),
  )
  for (const { record, bytes } of letters) {
    assert.match(record.reason, /announces/)
    assert.deepEqual(Buffer.from(bytes), value)
  }
  await stop()
})

test('it is tried again where the bus is away, and no more after a stop', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] })
  const ports = testPorts()
  const stop = await buryDeadRows(ports)
  let tries = 0
  ports.bus.faults.publish = ({ topic }) =>
    topic === topics.dead.name && ++tries < 3 ? new SallyportError('BUS_UNAVAILABLE', 'not now') : undefined
  await ports.bus.publish({ topic: topics.orders.name, key: 'odd', value: Buffer.from('odd') })
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
  for (const wait of [0, 1_000, 2_000]) {
    context.mock.timers.tick(wait)
    for (let turns = 0; turns < 20; turns++) await turn()
  }
  assert.equal(ports.bus.deadLetters().length, 1)
  ports.bus.faults.publish = ({ topic }) =>
    topic === topics.dead.name ? new SallyportError('BUS_UNAVAILABLE', 'not now') : undefined
  await ports.bus.publish({ topic: topics.orders.name, key: 'odd', value: Buffer.from('odd again') })
  for (let turns = 0; turns < 20; turns++) await turn()
  await stop()
  ports.bus.faults.publish = undefined
  context.mock.timers.tick(60_000)
  for (let turns = 0; turns < 20; turns++) await turn()
  assert.equal(ports.bus.deadLetters().length, 1)
})
