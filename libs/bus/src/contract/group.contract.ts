/** Contract: groups are independent; the members of one share its partitions and take them over from one another. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Consumer } from '../port.ts'
import { type Fixture, gate, type OpenBus, publishAll, seen, soon, text, withBus } from './fixture.contract.ts'

const own = (consumer: Consumer, topic: string): number[] =>
  consumer
    .assigned()
    .filter((at) => at.topic === topic)
    .map((at) => at.partition)
    .sort((a, b) => a - b)

/** Every partition of both topics is with one of the members, and each of these has some. */
const isShared = ({ bus, topic, secondTopic }: Fixture, members: readonly Consumer[]): boolean =>
  [topic, secondTopic].every((of) => {
    const owned = members.flatMap((member) => own(member, of))
    return owned.length === bus.partitions(of) && new Set(owned).size === owned.length
  }) && members.every((member) => member.assigned().length > 0)

/** Publishes one record to each partition of both topics. */
async function publishEverywhere({ bus, topic, secondTopic }: Fixture, label: string): Promise<string[]> {
  const values: string[] = []
  for (const name of [topic, secondTopic]) {
    for (let partition = 0; partition < bus.partitions(name); partition++) {
      const value = `${label} ${name} ${partition}`
      await bus.publish({ topic: name, key: value, partition, value: Buffer.from(value) })
      values.push(value)
    }
  }
  return values.sort()
}

export function groupContract(open: OpenBus): void {
  test('every group sees every record, a patient one, too, and a new one starts at the first', () =>
    withBus(open, async ({ bus, topic, group }) => {
      const [early, late] = [seen(), seen()]
      await bus.consume({ group, topics: [topic], handle: early.handle })
      await publishAll(bus, topic, ['1', '2', '3'])
      await soon(() => early.texts.length === 3, 'the first group')
      await bus.consume({ group: `${group}.late`, topics: [topic], isPatient: true, handle: late.handle })
      await soon(() => late.texts.length === 3, 'the second group')
      await publishAll(bus, topic, ['4'])
      await soon(() => early.texts.length === 4 && late.texts.length === 4, 'both groups')
      assert.deepEqual(
        [early.texts, late.texts],
        [
          ['1', '2', '3', '4'],
          ['1', '2', '3', '4'],
        ],
      )
    }))

  test('one consumer reads several topics', () =>
    withBus(open, async (fixture) => {
      const all = seen()
      await fixture.bus.consume({ group: fixture.group, topics: [fixture.topic, fixture.secondTopic], handle: all.handle })
      const values = await publishEverywhere(fixture, 'x')
      await soon(() => all.texts.length === values.length, 'all records')
      assert.deepEqual([...all.texts].sort(), values)
    }))

  test('members share partitions, the same numbers of every topic; one takes over from another; each record once', () =>
    withBus(open, async (fixture) => {
      const { topic, secondTopic, group } = fixture
      const all = seen()
      const join = (): Promise<Consumer> => fixture.bus.consume({ group, topics: [topic, secondTopic], handle: all.handle })
      const first = await join()
      await soon(() => isShared(fixture, [first]), 'one member with all')
      const expected = await publishEverywhere(fixture, 'one')
      await soon(() => all.texts.length >= expected.length, 'all records of one member')

      const second = await join()
      await soon(() => isShared(fixture, [first, second]), 'two members that share')
      for (const member of [first, second]) assert.deepEqual(own(member, topic), own(member, secondTopic))
      expected.push(...(await publishEverywhere(fixture, 'two')))
      await soon(() => all.texts.length >= expected.length, 'all records of two members')

      await first.stop()
      await soon(() => isShared(fixture, [second]), 'the other member with all')
      assert.deepEqual(first.assigned(), [])
      expected.push(...(await publishEverywhere(fixture, 'three')))
      await soon(() => all.texts.length >= expected.length, 'all records of the member that is left')
      assert.deepEqual([...all.texts].sort(), expected.sort())
    }))

  test('nothing is lost while members come and go under load', () =>
    withBus(open, async (fixture) => {
      const { topic, group } = fixture
      const all = new Set<string>()
      const byKey = new Map<string, number>()
      const join = (): Promise<Consumer> =>
        fixture.bus.consume({
          group,
          topics: [topic],
          handle: async (record) => {
            await new Promise((resolve) => setImmediate(resolve))
            all.add(text(record))
            const [key = '', n = ''] = text(record).split('-')
            if (Number(n) > (byKey.get(key) ?? -1) + 1) assert.fail(`${text(record)} came after ${byKey.get(key)}`)
            byKey.set(key, Math.max(Number(n), byKey.get(key) ?? -1))
          },
        })
      const values = Array.from({ length: 120 }, (_, n) => `key${n % 10}-${Math.floor(n / 10)}`)
      const publishing = (async () => {
        for (const value of values) {
          await fixture.bus.publish({ topic, key: value.split('-')[0] ?? '', value: Buffer.from(value) })
        }
      })()
      const first = await join()
      const second = await join()
      await first.stop()
      const third = await join()
      await second.stop()
      await publishing
      await soon(() => all.size === values.length, 'all records')
      await third.stop()
    }))

  test('onAssigned is awaited before the first record, onRevoked comes before the partition is with another', () =>
    withBus(open, async (fixture) => {
      const { bus, topic, group } = fixture
      const events: string[] = []
      const ready = gate()
      await publishAll(bus, topic, ['1'])
      const joined = bus.consume({
        group,
        topics: [topic],
        onAssigned: async (partitions) => {
          events.push(`assigned ${partitions.length}`)
          await ready.opened
          events.push('ready')
        },
        onRevoked: (partitions) => void events.push(`revoked ${partitions.length}`),
        handle: (record) => void events.push(text(record)),
      })
      await soon(() => events.length > 0, 'onAssigned')
      ready.open()
      const first = await joined
      await soon(() => events.includes('1'), 'the record')
      const count = bus.partitions(topic)
      assert.deepEqual(events, [`assigned ${count}`, 'ready', '1'])
      const second = await bus.consume({
        group,
        topics: [topic],
        onAssigned: (partitions) => void events.push(`second assigned ${partitions.length}`),
        handle: () => {},
      })
      await soon(() => second.assigned().length > 0, 'the second member')
      const kept = first.assigned().length
      assert.deepEqual(
        events.slice(3).filter((event) => !event.startsWith('assigned') && event !== 'ready'),
        [`revoked ${events[3] === `revoked ${count}` ? count : count - kept}`, `second assigned ${second.assigned().length}`],
      )
    }))

  test('a partition moves only when its records in flight are done', () =>
    withBus(open, async (fixture) => {
      const { topic, group } = fixture
      const slow = gate()
      const events: string[] = []
      const first = await fixture.bus.consume({
        group,
        topics: [topic],
        onRevoked: () => void events.push('revoked'),
        handle: async (record) => {
          events.push(`first began ${text(record)}`)
          await slow.opened
          events.push(`first ended ${text(record)}`)
        },
      })
      const last = fixture.bus.partitions(topic) - 1
      for (let partition = 0; partition <= last; partition++) {
        await fixture.bus.publish({ topic, key: `${partition}`, partition, value: Buffer.from(`${partition}`) })
      }
      await soon(() => events.length === last + 1, 'a record of each partition')
      const others = seen()
      const joining = fixture.bus.consume({ group, topics: [topic], handle: others.handle })
      await soon(() => events.includes('revoked'), 'onRevoked')
      slow.open()
      const second = await joining
      await soon(() => second.assigned().length > 0, 'the second member')
      const marker = `marker ${second.assigned()[0]?.partition}`
      const partition = second.assigned()[0]?.partition ?? 0
      await fixture.bus.publish({ topic, key: 'marker', partition, value: Buffer.from(marker) })
      await soon(() => others.texts.includes(marker), 'the marker')
      assert.deepEqual(others.texts, [marker])
      await first.stop()
    }))
}
