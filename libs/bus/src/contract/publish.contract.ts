/** Contract: what a publisher may hand over, where it goes, how it comes out, and what outlives a restart. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deadCodec, partitionOf, SallyportError, topics } from '@sallyport/contracts'
import { bytes, gate, type OpenBus, publishAll, readAll, seen, soon, text, withBus } from './fixture.contract.ts'

const greatest = 256 * 1024

export function publishContract(open: OpenBus): void {
  test('key, headers, time, position and value come out as they went in', () =>
    withBus(open, async (fixture) => {
      const { bus, topic } = fixture
      const every = Uint8Array.from({ length: 256 }, (_, n) => n)
      const values = [every, new Uint8Array(0), null, new Uint8Array(200_000).fill(0xa5)]
      const headers = { traceparent: '00-ab-cd-01', 'x-ключ': 'значение' }
      const before = Date.now()
      const positions = []
      for (const [n, value] of values.entries()) positions.push(await bus.publish({ topic, key: `ключ ${n}`, headers, value }))
      const records = [...(await readAll(fixture, topic, values.length))].sort((a, b) => a.key.localeCompare(b.key))
      for (const [n, record] of records.entries()) {
        assert.deepEqual([record.topic, record.key, { ...record.headers }], [topic, `ключ ${n}`, headers])
        assert.deepEqual({ partition: record.partition, offset: record.offset }, positions[n])
        const value = values[n]
        if (!value) assert.equal(record.value, null)
        else assert.ok(record.value && Buffer.compare(record.value, value) === 0, `value ${n}`)
        assert.ok(Math.abs(record.publishedAt - before) < 3_600_000)
      }
      await bus.publish({ topic, key: 'plain', value: every })
      const plain = (await readAll(fixture, topic, values.length + 1)).find(({ key }) => key === 'plain')
      assert.deepEqual({ ...plain?.headers }, {})
    }))

  test('a value stays valid and unchanged after its handler returned', () =>
    withBus(open, async ({ bus, topic, group }) => {
      const kept = seen()
      await bus.consume({ group, topics: [topic], handle: kept.handle })
      const values = Array.from({ length: 200 }, (_, n) => `${n} `.repeat(500))
      await publishAll(bus, topic, values)
      await soon(() => kept.records.length === values.length, 'all records')
      const fromLog = seen()
      await bus.consume({ group: `${group}.late`, topics: [topic], handle: fromLog.handle })
      await soon(() => fromLog.records.length === values.length, 'all records of the log')
      await publishAll(bus, topic, values)
      await soon(() => fromLog.records.length === 2 * values.length, 'all records')
      for (const { records } of [kept, fromLog]) assert.deepEqual(records.slice(0, values.length).map(text), values)
    }))

  test('the key chooses the partition, unless the publisher does', () =>
    withBus(open, async ({ bus, topic }) => {
      const count = bus.partitions(topic)
      for (let n = 0; n < 20; n++) {
        const { partition } = await bus.publish({ topic, key: `key-${n}`, value: null })
        assert.equal(partition, partitionOf(`key-${n}`, count))
      }
      for (let chosen = 0; chosen < count; chosen++) {
        assert.equal((await bus.publish({ topic, key: 'key', partition: chosen, value: null })).partition, chosen)
      }
      await assert.rejects(bus.publish({ topic, key: 'key', partition: count, value: null }))
    }))

  test('offsets of a partition grow and are never used twice, over restarts too', () =>
    withBus(open, async (fixture) => {
      const offsets: number[] = []
      for (let restart = 0; restart < 3; restart++) {
        for (const { offset } of await publishAll(fixture.bus, fixture.topic, ['1', '2', '3'])) offsets.push(offset)
        if (restart < 2) await fixture.reopen()
      }
      assert.deepEqual(
        offsets,
        Array.from(new Set(offsets)).sort((a, b) => a - b),
      )
    }))

  test('what was published is there after a restart, durable or not', () =>
    withBus(open, async (fixture) => {
      await fixture.bus.publish({ topic: fixture.topic, key: 'k', value: bytes('durable') }, { durable: true })
      await fixture.bus.publish({ topic: fixture.topic, key: 'k', value: bytes('plain') })
      await fixture.reopen()
      assert.deepEqual((await readAll(fixture, fixture.topic, 2)).map(text), ['durable', 'plain'])
    }))

  test('what resolves while the bus closes is there afterwards, the rest fails with BUS_CLOSED', () =>
    withBus(open, async (fixture) => {
      const values = Array.from({ length: 50 }, (_, n) => String(n))
      const { bus, topic } = fixture
      const publishing = values.map((value) => bus.publish({ topic, key: value, partition: 0, value: bytes(value) }))
      const settled = Promise.allSettled(publishing)
      await fixture.reopen()
      const done = new Set(values)
      for (const [n, result] of (await settled).entries()) {
        if (result.status === 'fulfilled') continue
        assert.ok(result.reason instanceof SallyportError && result.reason.code === 'BUS_CLOSED', String(result.reason))
        done.delete(String(n))
      }
      await publishAll(fixture.bus, topic, ['last'])
      const found = (await readAll(fixture, topic, done.size + 1)).map(text)
      for (const value of done) assert.ok(found.includes(value), value)
    }))

  test('a handler may still publish while the bus closes', () =>
    withBus(open, async (fixture) => {
      const { topic, secondTopic, group } = fixture
      const closing = gate()
      let began = false
      await fixture.bus.consume({
        group,
        topics: [topic],
        onRevoked: () => closing.open(),
        handle: async () => {
          const { bus } = fixture
          began = true
          await closing.opened
          await bus.publish({ topic: secondTopic, key: 'k', value: bytes('of the handler') })
        },
      })
      await publishAll(fixture.bus, topic, ['1'])
      await soon(() => began, 'the handler')
      await fixture.reopen()
      assert.deepEqual((await readAll(fixture, secondTopic, 1)).map(text), ['of the handler'])
      assert.equal(
        (await fixture.bus.lag(group, [topic])).reduce((sum, { records }) => sum + records, 0),
        0,
      )
    }))

  test('a closed bus says so', () =>
    withBus(open, async (fixture) => {
      const { bus, topic, tableTopic, group } = fixture
      await Promise.all([bus.close(), bus.close()])
      await bus.close()
      const closed = { code: 'BUS_CLOSED' }
      await assert.rejects(bus.publish({ topic, key: 'k', value: null }), closed)
      await assert.rejects(bus.consume({ group, topics: [topic], handle: () => {} }), closed)
      await assert.rejects(bus.table({ topic: tableTopic, onRow: () => {} }), closed)
    }))

  test('a closing bus waits for what is in flight', () =>
    withBus(open, async (fixture) => {
      let ended = 0
      let began = 0
      await fixture.bus.consume({
        group: fixture.group,
        topics: [fixture.topic],
        handle: async () => {
          began++
          for (let turns = 0; turns < 20; turns++) await new Promise((resolve) => setImmediate(resolve))
          ended++
        },
      })
      await publishAll(fixture.bus, fixture.topic, ['1', '2'])
      await soon(() => began === 2, 'both handlers')
      await fixture.bus.close()
      assert.equal(ended, 2)
    }))

  test('a record of 256 KiB passes, a greater one is refused, and the bus goes on', () =>
    withBus(open, async (fixture) => {
      const { bus, topic } = fixture
      await bus.publish({ topic, key: 'k', value: new Uint8Array(greatest) })
      await assert.rejects(bus.publish({ topic, key: 'k', value: new Uint8Array(greatest + 1) }), /256 KiB/)
      await bus.publish({ topic, key: 'k', value: bytes('after') })
      const found = await readAll(fixture, topic, 2)
      assert.deepEqual([found.length, found[0]?.value?.byteLength, found[1] && text(found[1])], [2, greatest, 'after'])
    }))

  test('an unknown topic is refused by name', () =>
    withBus(open, async ({ bus, topic, group }) => {
      const unknown = `${topic}.unknown`
      const named = (error: Error): boolean => error.message.includes(unknown)
      await assert.rejects(bus.publish({ topic: unknown, key: 'k', value: null }), named)
      await assert.rejects(bus.consume({ group, topics: [topic, unknown], handle: () => {} }), named)
      await assert.rejects(bus.table({ topic: unknown, onRow: () => {} }), named)
    }))

  test('a record that cannot be parsed goes to mail.dead untouched, and its group goes on', () =>
    withBus(open, async (fixture) => {
      const { bus, topic, group } = fixture
      const done = seen()
      const broken = Uint8Array.of(0, 1, 2, 255, 254)
      const { partition, offset } = await bus.publish({ topic, key: 'k', value: broken })
      await bus.publish({ topic, key: 'k', value: bytes('good') })
      const options = {
        group,
        topics: [topic],
        handle: async (record: Parameters<typeof done.handle>[0]) => {
          if (record.value?.byteLength === 5) throw new SallyportError('UNPARSABLE_RECORD', 'no length prefix')
          done.handle(record)
        },
      }
      await bus.consume(options)
      await soon(() => done.texts.length === 1, 'the record that can be parsed')
      const letters: ReturnType<typeof deadCodec.decode>[] = []
      await bus.consume({
        group: `${group}.dead`,
        topics: [topics.dead.name],
        handle: ({ value }) => {
          const letter = deadCodec.decode(value ?? new Uint8Array(0))
          if (letter.record.topic === topic) letters.push(letter)
        },
      })
      const [letter] = await soon(() => (letters.length > 0 ? letters : undefined), 'the dead letter')
      assert.ok(letter)
      const { at, reason, ...where } = letter.record
      assert.deepEqual(where, { v: 1, kind: 'dead', topic, partition, offset, key: 'k', group })
      assert.match(reason, /no length prefix/)
      assert.ok(Math.abs(at - Date.now()) < 3_600_000)
      assert.deepEqual(Buffer.from(letter.bytes), Buffer.from(broken))
      await soon(async () => (await bus.lag(group, [topic])).every(({ records }) => records === 0), 'no lag')
      assert.deepEqual([done.texts, letters.length], [['good'], 1])
    }))
}
