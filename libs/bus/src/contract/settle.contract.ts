/** Contract: the watermark is contiguous; what is below it never comes again, what is not settled always does. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ConsumeOptions } from '../port.ts'
import { type Fixture, gate, type OpenBus, publishAll, type Seen, seen, soon, text, withBus } from './fixture.contract.ts'

/** Consumes again, and returns what comes before (and with) a record that is published now. */
async function comesAgain(fixture: Fixture, options: Partial<ConsumeOptions> = {}): Promise<Seen> {
  const again = seen()
  await fixture.bus.consume({ group: fixture.group, topics: [fixture.topic], drainMs: 0, ...options, handle: again.handle })
  await publishAll(fixture.bus, fixture.topic, ['last'])
  await soon(() => again.texts.includes('last'), 'the last record')
  return again
}

export function settleContract(open: OpenBus): void {
  test('settled by hand: all from the first that is open come again after a restart, none when it is settled too', () =>
    withBus(open, async (fixture) => {
      const { topic, group } = fixture
      const manual = { group, topics: [topic], settle: 'manual', drainMs: 0 } as const
      const first = seen()
      await fixture.bus.consume({ ...manual, handle: first.handle })
      await publishAll(fixture.bus, topic, ['1', '2', '3'])
      await soon(() => first.texts.length === 3, 'three records')
      assert.deepEqual(first.texts, ['1', '2', '3'])
      for (const record of first.records.slice(1)) record.settle()

      await fixture.reopen()
      const second = seen()
      await fixture.bus.consume({ ...manual, handle: second.handle })
      await soon(() => second.texts.length === 3, 'three records again')
      assert.deepEqual(second.texts, ['1', '2', '3'])
      for (const record of second.records.slice().reverse()) {
        record.settle()
        record.settle()
      }

      await fixture.reopen()
      assert.deepEqual((await comesAgain(fixture)).texts, ['last'])
    }))

  test('settled by the handler: nothing comes again after a restart', () =>
    withBus(open, async (fixture) => {
      const first = seen()
      await fixture.bus.consume({ group: fixture.group, topics: [fixture.topic], handle: first.handle })
      await publishAll(fixture.bus, fixture.topic, ['1', '2', '3'])
      await soon(() => first.texts.length === 3, 'three records')
      await fixture.reopen()
      assert.deepEqual((await comesAgain(fixture)).texts, ['last'])
    }))

  test('settling a record of a consumer that is gone changes nothing', () =>
    withBus(open, async (fixture) => {
      const first = seen()
      const { topic, group } = fixture
      const consumer = await fixture.bus.consume({ group, topics: [topic], settle: 'manual', drainMs: 0, handle: first.handle })
      await publishAll(fixture.bus, topic, ['1', '2'])
      await soon(() => first.texts.length === 2, 'two records')
      await consumer.stop()
      for (const record of first.records) record.settle()
      await fixture.reopen()
      assert.deepEqual((await comesAgain(fixture)).texts, ['1', '2', 'last'])
    }))

  test('a stop calls onRevoked, then waits for what is in flight, and what was in flight does not come again', () =>
    withBus(open, async (fixture) => {
      const slow = gate()
      const events: string[] = []
      const consumer = await fixture.bus.consume({
        group: fixture.group,
        topics: [fixture.topic],
        onRevoked: () => void events.push('revoked'),
        handle: async (record) => {
          events.push(`began ${text(record)}`)
          await slow.opened
          events.push(`ended ${text(record)}`)
        },
      })
      await publishAll(fixture.bus, fixture.topic, ['1'])
      await soon(() => events.includes('began 1'), 'the handler')
      const stopped = consumer.stop().then(() => events.push('stopped'))
      await soon(() => events.includes('revoked'), 'onRevoked')
      slow.open()
      await stopped
      assert.deepEqual(events, ['began 1', 'revoked', 'ended 1', 'stopped'])
      assert.deepEqual((await comesAgain(fixture)).texts, ['last'])
    }))

  test('a stop waits no longer than drainMs, and what it left comes again', () =>
    withBus(open, async (fixture) => {
      const never = gate()
      const began = seen()
      const { topic, group } = fixture
      const consumer = await fixture.bus.consume({
        group,
        topics: [topic],
        drainMs: 0,
        handle: (record) => {
          began.handle(record)
          return never.opened
        },
      })
      await publishAll(fixture.bus, topic, ['1'])
      await soon(() => began.texts.length === 1, 'the handler')
      await consumer.stop()
      assert.deepEqual((await comesAgain(fixture)).texts, ['1', 'last'])
      never.open()
    }))

  test('nothing is delivered after a stop', () =>
    withBus(open, async (fixture) => {
      const first = seen()
      const consumer = await fixture.bus.consume({ group: fixture.group, topics: [fixture.topic], handle: first.handle })
      await publishAll(fixture.bus, fixture.topic, ['1'])
      await soon(() => first.texts.length === 1, 'the first record')
      await consumer.stop()
      await consumer.stop()
      assert.deepEqual(consumer.assigned(), [])
      await publishAll(fixture.bus, fixture.topic, ['2'])
      assert.deepEqual((await comesAgain(fixture)).texts, ['2', 'last'])
      assert.deepEqual(first.texts, ['1'])
    }))

  test('pause and resume, all partitions and some', () =>
    withBus(open, async ({ bus, topic, group }) => {
      const paused = seen()
      const other = seen()
      const consumer = await bus.consume({ group, topics: [topic], handle: paused.handle })
      await bus.consume({ group: `${group}.other`, topics: [topic], handle: other.handle })
      await soon(() => consumer.assigned().length === bus.partitions(topic), 'all partitions')
      consumer.pause()
      await publishAll(bus, topic, ['1', '2'])
      await soon(() => other.texts.length === 2, 'the other group')
      assert.deepEqual(paused.texts, [])
      consumer.resume()
      await soon(() => paused.texts.length === 2, 'what waited')
      consumer.pause([{ topic, partition: 0 }])
      await publishAll(bus, topic, ['3'])
      await bus.publish({ topic, key: '4', partition: 1, value: Buffer.from('4') })
      await soon(() => paused.texts.length === 3, 'the partition that goes on')
      assert.deepEqual(paused.texts, ['1', '2', '4'])
      consumer.resume([{ topic, partition: 0 }])
      await soon(() => paused.texts.length === 4, 'the other partition')
      assert.deepEqual(paused.texts, ['1', '2', '4', '3'])
    }))

  test('lag: records above the watermark and the age of the oldest', () =>
    withBus(open, async ({ bus, topic, group }) => {
      const first = seen()
      await bus.consume({ group, topics: [topic], settle: 'manual', drainMs: 0, handle: first.handle })
      await publishAll(bus, topic, ['1', '2', '3'])
      await soon(() => first.texts.length === 3, 'three records')
      first.records[1]?.settle()
      const lag = await soon(async () => {
        const found = await bus.lag(group, [topic])
        return found.some(({ oldestAgeMs }) => oldestAgeMs > 0) ? found : undefined
      }, 'an age')
      assert.equal(lag.length, bus.partitions(topic))
      assert.deepEqual(lag.map(({ partition }) => partition).sort(), Array.from(lag.keys()))
      for (const at of lag) assert.deepEqual([at.topic, at.records], [topic, at.partition === 0 ? 3 : 0])
      first.records[0]?.settle()
      await soon(async () => (await bus.lag(group, [topic])).find(({ partition }) => partition === 0)?.records === 1, 'a lag of 1')
      first.records[2]?.settle()
      await soon(async () => (await bus.lag(group, [topic])).every((at) => at.records === 0 && at.oldestAgeMs === 0), 'no lag')
      const other = await bus.lag(`${group}.new`, [topic])
      assert.equal(
        other.reduce((sum, at) => sum + at.records, 0),
        3,
      )
    }))
}
