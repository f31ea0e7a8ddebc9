import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { DeliveredRecord } from '@sallyport/bus'
import { SallyportError } from '@sallyport/contracts'
import { eventually } from './eventually.ts'
import { memoryBus } from './memory-bus.ts'

const bytes = (text: string): Uint8Array => Buffer.from(text)
const text = (record: DeliveredRecord): string => Buffer.from(record.value ?? []).toString()

test('records of one key in order, others concurrently, also over retries', async () => {
  const bus = memoryBus({ partitions: 2 })
  const seen: string[] = []
  let failures = 3
  for (const value of ['a1', 'b1', 'a2', 'a3'])
    await bus.publish({ topic: 't', key: value[0] ?? '', partition: 0, value: bytes(value) })
  const consumer = await bus.consume({
    group: 'g',
    topics: ['t'],
    handle: (record) => {
      if (text(record) === 'a1' && failures-- > 0) throw new Error('not yet')
      seen.push(text(record))
    },
  })
  await bus.idle()
  assert.deepEqual(seen, ['b1', 'a1', 'a2', 'a3'])
  assert.equal(bus.committed('g', 't', 0), 4)
  assert.equal((await bus.lag('g', ['t']))[0]?.records, 0)
  await consumer.stop()
})

test('manual settle: the watermark is contiguous, and what is open comes again after a crash', async () => {
  const bus = memoryBus({ partitions: 1 })
  const held = new Map<string, DeliveredRecord>()
  const options = {
    group: 'g',
    topics: ['t'],
    settle: 'manual' as const,
    maxUnsettled: 3,
    handle: (record: DeliveredRecord) => void held.set(text(record), record),
  }
  for (const value of ['0', '1', '2', '3']) await bus.publish({ topic: 't', key: value, value: bytes(value) })
  await bus.consume(options)
  await bus.idle()
  assert.deepEqual([...held.keys()], ['0', '1', '2'])
  held.get('1')?.settle()
  await bus.idle()
  assert.deepEqual([...held.keys()], ['0', '1', '2', '3'])
  assert.equal(bus.committed('g', 't', 0), 0)
  held.get('0')?.settle()
  held.get('0')?.settle()
  assert.equal(bus.committed('g', 't', 0), 2)
  bus.crash()
  held.get('3')?.settle()
  held.clear()
  await bus.consume(options)
  await bus.idle()
  assert.deepEqual([...held.keys()], ['2', '3'])
})

test('a record that cannot be parsed goes to mail.dead with its bytes', async () => {
  const bus = memoryBus()
  await bus.consume({
    group: 'g',
    topics: ['t'],
    handle: () => {
      throw new SallyportError('UNPARSABLE_RECORD', 'no')
    },
  })
  await bus.publish({ topic: 't', key: 'k', value: bytes('??') })
  await bus.idle()
  const [letter] = bus.deadLetters()
  assert.deepEqual([letter?.record.topic, letter?.record.reason, Buffer.from(letter?.bytes ?? []).toString()], ['t', 'no', '??'])
})

test('a second member takes half of the partitions and gives them back', async () => {
  const bus = memoryBus({ partitions: 4 })
  const handle = (): void => {}
  const revoked: number[] = []
  const first = await bus.consume({ group: 'g', topics: ['t'], handle, onRevoked: (parts) => void revoked.push(parts.length) })
  assert.equal(first.assigned().length, 4)
  const second = await bus.consume({ group: 'g', topics: ['t'], handle })
  assert.deepEqual([first.assigned().length, second.assigned().length, revoked], [2, 2, [2]])
  await second.stop()
  assert.equal(first.assigned().length, 4)
  await bus.close()
  await assert.rejects(bus.publish({ topic: 't', key: 'k', value: null }), { code: 'BUS_CLOSED' })
})

test('pause and resume, faults, tables, durable', async () => {
  const bus = memoryBus({ partitions: 1 })
  let count = 0
  const consumer = await bus.consume({ group: 'g', topics: ['t'], handle: () => void count++ })
  consumer.pause()
  await bus.publish({ topic: 't', key: 'k', value: null }, { durable: true })
  await bus.idle()
  assert.equal(count, 0)
  consumer.resume()
  await eventually(() => count === 1)
  bus.faults.publish = () => new SallyportError('BUS_UNAVAILABLE', 'down')
  await assert.rejects(bus.publish({ topic: 't', key: 'k', value: null }), { code: 'BUS_UNAVAILABLE' })
  bus.faults.publish = undefined
  assert.deepEqual(
    bus.records('t').map((record) => bus.isDurable(record)),
    [true],
  )
  await bus.publish({ topic: 'table', key: 'a', value: bytes('1') })
  await bus.publish({ topic: 'table', key: 'a', value: bytes('2') })
  await bus.publish({ topic: 'table', key: 'b', value: bytes('3') })
  const rows: string[] = []
  const table = await bus.table({ topic: 'table', onRow: (key, value) => void rows.push(`${key}=${value && Buffer.from(value)}`) })
  await table.loaded
  await bus.publish({ topic: 'table', key: 'b', value: null })
  assert.deepEqual(rows, ['a=2', 'b=3', 'b=null'])
  assert.deepEqual([...bus.rows('table').keys()], ['a'])
})
