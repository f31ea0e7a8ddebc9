/** The promises of decision 0007: plain records of topics that are deleted when read are handed over first, and written later or never. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Retention, SallyportError } from '@sallyport/contracts'
import { eventually } from '@sallyport/testkit'
import type { DeliveredRecord, Durability, Position } from '../port.ts'
import { embeddedWorld, textsOf, type World } from './embedded-world.cases.ts'

const readBy = (...readers: string[]): Retention => ({ kind: 'until-read', readers })
const whenRead: Retention = { kind: 'age', ms: 86_400_000, orWhenRead: true }
const manual = { settle: 'manual' } as const
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
const numbers = (count: number, from = 0): string[] => Array.from({ length: count }, (_, n) => String(from + n))

function publish(world: World, key: string, text: string, durable: Durability = false): Promise<Position> {
  return world.bus.publish({ topic: 't', key, value: Buffer.from(text) }, { durable })
}

/** Counts every offset that was ever put into the log, also what was deleted again. */
function puts(world: World): Set<number> {
  const seen = new Set<number>()
  const write = world.environment.write.bind(world.environment)
  world.environment.write = async (change, options) => {
    const result = await write(change, options)
    for (const offset of world.rows()) seen.add(offset)
    return result
  }
  return seen
}

function fail(world: World): () => void {
  world.environment.faults.write = () => new SallyportError('STORE_FULL', 'full')
  return () => {
    world.environment.faults.write = undefined
  }
}

/** The records that a group with no mark of its own finds after a restart. */
async function found(world: World, group: string, count: number): Promise<DeliveredRecord[]> {
  await world.reopen()
  const records = await world.read(group, manual)
  await publish(world, 'end', 'end')
  await eventually(() => textsOf(records).includes('end'), { what: `${count} records and the end` })
  return records.filter((record) => record.key !== 'end')
}

const roads: readonly { name: string; isDurable: (n: number) => boolean; key: (n: number) => string }[] = [
  { name: 'plain, then durable of one key', isDurable: (n) => n % 2 === 1, key: () => 'k' },
  { name: 'durable, then plain of one key', isDurable: (n) => n % 2 === 0, key: () => 'k' },
  { name: 'runs of both, many keys', isDurable: (n) => n % 7 > 3, key: (n) => `k${n % 5}` },
  { name: 'one durable among many plain', isDurable: (n) => n === 50, key: (n) => `k${n % 3}` },
]

for (const { name, isDurable, key } of roads) {
  test(`order: ${name}: nothing overtakes, nothing is skipped, in bursts and one by one`, async () => {
    const world = await embeddedWorld(readBy('g'))
    const read = await world.read('g')
    const all = numbers(120)
    const publishing: Promise<Position>[] = []
    for (const [n, text] of all.entries()) {
      publishing.push(publish(world, key(n), text, isDurable(n)))
      if (n % 11 === 0) await turn()
    }
    const offsets = (await Promise.all(publishing)).map(({ offset }) => offset)
    await eventually(() => read.length >= all.length)
    assert.deepEqual(textsOf(read), all)
    assert.deepEqual(
      offsets,
      read.map(({ offset }) => offset),
      'a publisher gets the place that the reader saw',
    )
    assert.deepEqual(
      offsets,
      [...offsets].sort((a, b) => a - b),
    )
    await world.bus.close()
  })
}

test('a plain record is delivered before it is written, and is in the log when its publish resolves', async () => {
  const world = await embeddedWorld(readBy('g'))
  const read = await world.read('g', manual)
  const published = publish(world, 'k', '0')
  await eventually(() => read.length === 1)
  assert.deepEqual(world.rows(), [])
  const { offset } = await published
  assert.deepEqual(world.rows(), [offset])
  assert.deepEqual(textsOf(await found(world, 'g', 1)), ['0'])
  await world.bus.close()
})

test('what is settled in time is never written, and its publish resolves', async () => {
  const world = await embeddedWorld(readBy('g'))
  const written = puts(world)
  const read = await world.read('g')
  const offsets = await world.publish(...numbers(50))
  assert.deepEqual(textsOf(read), numbers(50))
  assert.deepEqual([...written], [])
  await world.reopen()
  assert.deepEqual([...written], [])
  const again = await world.read('g', manual)
  const next = (await publish(world, 'k', 'next')).offset
  assert.ok(next > Math.max(...offsets), 'the places of what was never written are not given again')
  assert.deepEqual(textsOf(again), ['next'])
  await world.bus.close()
})

test('where some of many are not settled, these alone are written, and come again in order', async () => {
  const world = await embeddedWorld(readBy('g'))
  const read = await world.read('g', manual)
  const publishing = world.publish(...numbers(5))
  await eventually(() => read.length === 5)
  for (const settled of [0, 1, 3]) read[settled]?.settle()
  const offsets = await publishing
  assert.deepEqual(world.rows(), [offsets[2], offsets[4]])
  assert.deepEqual(textsOf(await found(world, 'g', 2)), ['2', '4'])
  await world.bus.close()
})

for (const [name, retention] of [
  ['until-read', readBy('a', 'b')],
  ['orWhenRead', whenRead],
] as const) {
  test(`two groups, ${name}: written unless both have settled it`, async () => {
    const world = await embeddedWorld(retention)
    const written = puts(world)
    const a = await world.read('a')
    const b = await world.read('b', manual)
    // It waits longer than a plain one, so that a slow machine settles it in time, too.
    const both = publish(world, 'k', 'both', 'or-settled')
    await eventually(() => b.length === 1 && a.length === 1)
    b[0]?.settle()
    await both
    const { offset } = await publish(world, 'k', 'a alone')
    assert.deepEqual([...written], [offset])
    await world.reopen()
    const againA = await world.read('a', manual)
    const againB = await world.read('b', manual)
    await publish(world, 'k', 'end')
    await eventually(() => againA.length >= 1 && againB.length >= 2)
    assert.deepEqual([textsOf(againA), textsOf(againB)], [['end'], ['a alone', 'end']])
    await world.bus.close()
  })
}

test('orWhenRead: a group that is known and not here keeps what the others settled', async () => {
  const world = await embeddedWorld(whenRead)
  await world.read('away', { drainMs: 0 })
  await world.reopen()
  const here = await world.read('here')
  await world.publish('0', '1')
  assert.deepEqual(textsOf(here), ['0', '1'])
  assert.deepEqual(textsOf(await found(world, 'away', 2)), ['0', '1'])
  await world.bus.close()
})

test('a group that joins between the delivery to others and the writing gets all, once', async () => {
  const world = await embeddedWorld(whenRead)
  const early = await world.read('early', manual)
  const publishing: Promise<unknown>[] = []
  const late: DeliveredRecord[][] = []
  for (let round = 0; round < 12; round++) {
    publishing.push(world.publish(...numbers(10, round * 10)))
    await eventually(() => early.length === (round + 1) * 10)
    // What is read by all is dropped from memory as watermarks move: not what is unwritten.
    if (round % 2) early[round]?.settle()
    late.push(await world.read(`late ${round}`, manual))
  }
  await Promise.all(publishing)
  for (const records of late) {
    await eventually(() => records.length >= 120, { what: 'all records of one that came late' })
    assert.deepEqual(textsOf(records), numbers(120))
  }
  await world.bus.close()
})

test('what is read and not written stays in memory for a group that comes while it is being written', async () => {
  const world = await embeddedWorld(whenRead)
  const early = await world.read('early', manual)
  const write = world.environment.write.bind(world.environment)
  let release = (): void => {}
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  const first = world.publish('0')
  await eventually(() => early.length === 1)
  world.environment.write = async (change, options) => {
    await held
    return write(change, options)
  }
  const second = world.publish('1')
  await eventually(() => early.length === 2)
  // A second member of the early group comes and goes: its partition leaves, and memory is swept.
  const joining = world.read('late', manual)
  await new Promise((resolve) => setTimeout(resolve, 30))
  const third = world.publish('2')
  await eventually(() => early.length === 3)
  release()
  const late = await joining
  await Promise.all([first, second, third])
  await eventually(() => late.length >= 3)
  assert.deepEqual(textsOf(late), ['0', '1', '2'])
  await world.bus.close()
})

for (const [name, count, bytes] of [
  ['1,024 records', 3_000, 10],
  ['8 MiB', 90, 200_000],
] as const) {
  test(`a slow group, and one that joins late, get all beyond ${name}, once and in order`, { timeout: 20_000 }, async () => {
    const world = await embeddedWorld(whenRead)
    const fast = await world.read('fast')
    const slow = await world.read('slow', { ...manual, maxUnsettled: 7 })
    const value = new Uint8Array(bytes)
    const publishing = numbers(count).map((key) => world.bus.publish({ topic: 't', key, value }))
    const late = await world.read('late', { ...manual, maxUnsettled: 11 })
    // Settled some at a time, always behind: what is published meanwhile is more than memory keeps.
    const settled = new Map([slow, late].map((records) => [records, 0]))
    while (slow.length < count || late.length < count || fast.length < count) {
      await turn()
      for (const [records, done] of settled) {
        for (const record of records.slice(done)) record.settle()
        settled.set(records, records.length)
      }
    }
    await Promise.all(publishing)
    for (const records of [fast, slow, late])
      assert.deepEqual(
        records.map(({ key }) => key),
        numbers(count),
      )
    await world.bus.close()
  })
}

test('what the last reader left unwritten comes before what was published when nobody was here', async () => {
  const world = await embeddedWorld(readBy('g'))
  const first: string[] = []
  const options = { group: 'g', topics: ['t'], settle: 'manual', drainMs: 0 } as const
  const consumer = await world.bus.consume({ ...options, handle: ({ key }) => void first.push(key) })
  const publishing = [world.publish('0', '1')]
  await eventually(() => first.length === 2)
  await consumer.stop()
  publishing.push(world.publish('2'))
  for (let turns = 0; turns < 3; turns++) await turn()
  const next = await world.read('g', manual)
  publishing.push(world.publish('3'))
  await eventually(() => next.length >= 4)
  assert.deepEqual(textsOf(next), ['0', '1', '2', '3'])
  await Promise.all(publishing)
  await world.bus.close()
})

test('partitions that move between members under plain load lose nothing', async () => {
  const world = await embeddedWorld(readBy('g'))
  const handled = new Set<string>()
  const handle = async ({ key }: DeliveredRecord): Promise<void> => {
    await turn()
    handled.add(key)
  }
  const join = () => world.bus.consume({ group: 'g', topics: ['t'], drainMs: 5, handle })
  const publishing: Promise<unknown>[] = []
  const members = [await join()]
  for (let round = 0; round < 12; round++) {
    publishing.push(world.publish(...numbers(25, round * 25)))
    await turn()
    members.push(await join())
    publishing.push(world.publish(`extra ${round}`))
    await members.shift()?.stop()
  }
  await Promise.all(publishing)
  await eventually(() => handled.size === 12 * 26)
  await world.bus.close()
  assert.deepEqual(world.rows(), [], 'and nothing that was settled stays in the log')
})

test('a row is not written below a watermark that was committed meanwhile: it would never be deleted', async () => {
  const world = await embeddedWorld(readBy('g'))
  const written = puts(world)
  const handled: string[] = []
  const consumer = await world.bus.consume({ group: 'g', topics: ['t'], handle: ({ key }) => void handled.push(key) })
  const publishing = world.publish('0', '1')
  await eventually(() => handled.length === 2)
  await consumer.stop()
  await publishing
  assert.deepEqual([...written], [])
  await world.bus.close()
})

test('closing right after publishing: each is settled or written, and every promise resolves', async () => {
  for (const settle of ['auto', 'manual'] as const) {
    const world = await embeddedWorld(readBy('g'))
    const first = await world.read('g', { settle })
    const publishing = world.publish(...numbers(40))
    const closing = world.bus.close()
    const offsets = await publishing
    await closing
    const settled = settle === 'auto' ? first.length : 0
    assert.deepEqual(world.rows().slice(-(40 - settled)), offsets.slice(settled))
    assert.deepEqual(textsOf(await found(world, 'g', 40 - settled)), numbers(40 - settled, settled))
    await world.bus.close()
  }
})

test('on a full disk publishers of what is not settled are told, those of what is settled are not, and the bus goes on', async () => {
  const world = await embeddedWorld(readBy('g'))
  const read = await world.read('g', manual)
  const publishing = Promise.allSettled(['0', '1', '2'].map((text) => publish(world, text, text)))
  await eventually(() => read.length === 3)
  read[0]?.settle()
  const empty = fail(world)
  const results = await publishing
  assert.deepEqual(
    results.map(({ status }) => status),
    ['fulfilled', 'rejected', 'rejected'],
  )
  for (const result of results) if (result.status === 'rejected') assert.equal(result.reason.code, 'STORE_FULL')
  empty()
  const later = [publish(world, 'k', '3'), publish(world, 'k', '4', true), publish(world, 'k', '5')]
  const positions = await Promise.all(later)
  await eventually(() => read.length === 6)
  assert.deepEqual(textsOf(read), numbers(6))
  assert.deepEqual(
    world.rows(),
    positions.map(({ offset }) => offset),
  )
  assert.deepEqual(textsOf(await found(world, 'g', 3)), ['3', '4', '5'])
  await world.bus.close()
})

test('what is settled while its write fails counts as published', async () => {
  const world = await embeddedWorld(readBy('g'))
  const read = await world.read('g', manual)
  world.environment.faults.write = () => {
    for (const record of read) record.settle()
    return new SallyportError('STORE_FULL', 'full')
  }
  await publish(world, 'k', '0')
  world.environment.faults.write = undefined
  await world.bus.close()
})

test('a record that no row can hold is refused before anybody sees it, and others of the moment pass', async () => {
  const world = await embeddedWorld(readBy('g'))
  const read = await world.read('g', manual)
  const value = Buffer.from('x')
  const good = publish(world, 'k', '0')
  const refused = [
    world.bus.publish({ topic: 't', key: 'k'.repeat(70_000), value }),
    world.bus.publish({ topic: 't', key: 'k', headers: { h: 'x'.repeat(70_000) }, value }),
  ]
  for (const publishing of refused) await assert.rejects(publishing, RangeError)
  const long = world.bus.publish({ topic: 't', key: 'é'.repeat(30_000), headers: { h: 'x'.repeat(30_000) }, value })
  await Promise.all([good, long])
  assert.deepEqual(textsOf(read), ['0', 'x'])
  assert.equal(world.rows().length, 2)
  await world.bus.close()
})

test('a topic whose readers are not here: a plain record takes the ordinary road, whoever else is here', async () => {
  const world = await embeddedWorld(readBy('g'))
  const written = puts(world)
  const { offset } = await publish(world, 'k', '0')
  const stranger: number[] = []
  await world.bus.consume({
    group: 'stranger',
    topics: ['t'],
    handle: (record) => void stranger.push(written.has(record.offset) ? 1 : 0),
  })
  await publish(world, 'k', '1')
  await eventually(() => stranger.length === 2)
  assert.deepEqual(stranger, [1, 1], 'written before it was seen')
  assert.ok(written.has(offset))
  await world.bus.close()
})

test('the lag counts what is handed over and not written yet', async () => {
  const world = await embeddedWorld(readBy('g'))
  const read = await world.read('g', manual)
  const publishing = world.publish('0', '1')
  await eventually(() => read.length === 2)
  assert.deepEqual(world.rows(), [])
  world.now += 5
  assert.deepEqual(await world.bus.lag('g', ['t']), [{ topic: 't', partition: 0, records: 2, oldestAgeMs: 5 }])
  for (const record of read) record.settle()
  assert.equal((await world.bus.lag('g', ['t']))[0]?.records, 0)
  await publishing
  await world.bus.close()
})
