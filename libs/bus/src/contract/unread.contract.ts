/** Contract: who looks at what a group has not settled sees all of it and takes nothing. For adapters that can. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Fixture, type OpenBus, publishAll, seen, soon, text, withBus } from './fixture.contract.ts'

async function unread({ bus, group, topic, secondTopic }: Fixture): Promise<string[]> {
  const texts: string[] = []
  for await (const record of bus.unread?.(group, [topic, secondTopic]) ?? []) texts.push(text(record))
  return texts
}

export function unreadContract(open: OpenBus): void {
  test('what a group has not settled, of a group that reads, one that never did, and one that is gone', () =>
    withBus(open, async (fixture) => {
      if (!fixture.bus.unread) return
      const { group, topic, secondTopic } = fixture
      await publishAll(fixture.bus, topic, ['1', '2', '3'])
      await publishAll(fixture.bus, secondTopic, ['4'])
      assert.deepEqual(await unread(fixture), ['1', '2', '3', '4'])

      const reader = seen()
      await fixture.bus.consume({ group, topics: [topic], settle: 'manual', drainMs: 0, handle: reader.handle })
      await soon(() => reader.texts.length === 3, 'three records')
      reader.records[0]?.settle()
      await soon(async () => (await unread(fixture)).join() === '2,3,4', 'the first to be gone')

      await fixture.reopen()
      assert.deepEqual(await unread(fixture), ['2', '3', '4'])
      const again = seen()
      await fixture.bus.consume({ group, topics: [topic], drainMs: 0, handle: again.handle })
      await soon(() => again.texts.length === 2, 'the two that were looked at')
    }))

  test('what comes while it is looked at does not keep the look from ending', () =>
    withBus(open, async (fixture) => {
      if (!fixture.bus.unread) return
      await publishAll(fixture.bus, fixture.topic, ['1', '2'])
      let count = 0
      for await (const _ of fixture.bus.unread(fixture.group, [fixture.topic])) {
        count++
        if (count < 50) await publishAll(fixture.bus, fixture.topic, [`later ${count}`])
      }
      assert.equal(count, 2)
    }))
}
