import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { eventually, silentLogger } from '@sallyport/testkit'
import type { ConsumeOptions, DeliveredRecord, TopicPartition } from '../port.ts'
import type { ClientMember, MemberOptions, PartitionOffset } from './client-port.ts'
import { KafkaConsumer } from './kafka-consumer.ts'

const at = (partition: number): TopicPartition => ({ topic: 't', partition })
const name = ({ topic, partition }: TopicPartition): string => `${topic}${partition}`

/** A group of one member, told by the test what happens to it. */
class FakeGroup {
  /** Of each time that the member joined. */
  readonly joins: MemberOptions[] = []
  readonly committed = new Map<string, number>()
  readonly paused = new Set<string>()
  seeks: string[] = []
  left = 0
  /** Assigned when it joins. */
  first: readonly TopicPartition[] = [at(0), at(1)]
  commitFails = false

  async join(options: MemberOptions): Promise<ClientMember> {
    this.joins.push(options)
    await undefined
    options.claim()
    options.onAssigned(`member ${this.joins.length}`, this.first)
    // The client fetches before the bus has the session: nothing of it may be lost or skipped.
    this.give(0, 5, 2)
    await undefined
    return {
      seek: ({ topic, partition, offset }) => void this.seeks.push(`${topic}${partition}@${offset}`),
      pause: (partitions) => {
        for (const one of partitions) this.paused.add(name(one))
      },
      resume: (partitions) => {
        for (const one of partitions) this.paused.delete(name(one))
      },
      commit: async (offsets) => this.commit(offsets),
      leave: async () => void this.left++,
    }
  }

  commit(offsets: readonly PartitionOffset[]): void {
    if (this.commitFails) throw new Error('rebalance in progress')
    for (const one of offsets) this.committed.set(name(one), one.offset)
    this.member.onCommitted(offsets)
  }

  get member(): MemberOptions {
    const last = this.joins.at(-1)
    assert.ok(last, 'it joined')
    return last
  }

  /** The group assigns anew, the member's own claim included. */
  assign(partitions: readonly TopicPartition[], memberId = `member ${this.joins.length}`): readonly string[] {
    const claimed = this.member.claim().partitions.map(name)
    this.member.onAssigned(memberId, partitions)
    return claimed
  }

  give(partition: number, from: number, count: number): void {
    const records = Array.from({ length: count }, (_, n) => ({
      offset: from + n,
      key: `${partition}-${from + n}`,
      value: null,
      headers: {},
      timestampMs: 0,
    }))
    this.member.onRecords(at(partition), from, records, from + count)
  }
}

function world(t: TestContext, options: Partial<ConsumeOptions> = {}) {
  const group = new FakeGroup()
  const records: DeliveredRecord[] = []
  const events: string[] = []
  const consumer = new KafkaConsumer({
    client: {
      join: (member) => group.join(member),
      committed: async () => Array.from(group.committed, ([one, offset]) => ({ ...at(Number(one.slice(1))), offset })),
      bounds: async () => [0, 1].map((partition) => ({ partition, low: 0, high: 100 })),
    },
    consume: {
      group: 'g',
      topics: ['t'],
      drainMs: 0,
      handle: (record) => void records.push(record),
      onAssigned: (partitions) => void events.push(`assigned ${partitions.map(name).join()}`),
      onRevoked: (partitions) => void events.push(`revoked ${partitions.map(name).join()}`),
      ...options,
    },
    bury: async () => {},
    log: silentLogger(),
  })
  t.after(() => consumer.stop())
  const offsets = (): string[] => records.map(({ partition, offset }) => `${partition}@${offset}`)
  return { group, consumer, records, events, offsets }
}

const soon = (condition: () => unknown, what: string) => eventually(condition, { deadlineMs: 20_000, what })

test('it begins at what is committed, whatever the client fetched before', async (t) => {
  const { group, consumer, offsets, events } = world(t)
  group.committed.set('t0', 3)
  await consumer.joined
  assert.deepEqual([events, consumer.assigned().map(name)], [['assigned t0,t1'], ['t0', 't1']])
  assert.deepEqual([group.seeks.sort(), [...group.paused]], [['t0@3', 't1@0'], []])
  group.give(0, 3, 2)
  group.give(1, 0, 1)
  await soon(() => offsets().length === 3, 'three records')
  assert.deepEqual(offsets().sort(), ['0@3', '0@4', '1@0'])
  await soon(() => group.committed.get('t0') === 5 && group.committed.get('t1') === 1, 'the commits')
})

test('after joining anew it goes on where it was, and passes over what it had', async (t) => {
  const { group, consumer, offsets, events } = world(t, { settle: 'manual' })
  await consumer.joined
  group.give(0, 0, 3)
  await soon(() => offsets().length === 3, 'three records')
  group.seeks = []
  assert.deepEqual(group.assign([at(0), at(1)]), ['t0', 't1'])
  assert.deepEqual(group.seeks, ['t0@3', 't1@0'])
  group.give(0, 0, 4)
  await soon(() => offsets().length === 4, 'the new record')
  assert.deepEqual([offsets(), events], [['0@0', '0@1', '0@2', '0@3'], ['assigned t0,t1']])
})

test('what the group takes away is claimed until it is done and committed; then it asks to join again', async (t) => {
  const open = Promise.withResolvers<void>()
  const { group, consumer, events } = world(t, { handle: () => open.promise, drainMs: 60_000 })
  await consumer.joined
  group.give(1, 0, 1)
  await soon(() => group.paused.size === 0, 'it fetches')
  await new Promise((resolve) => setTimeout(resolve, 20))
  group.assign([at(0)])
  await soon(() => events.includes('revoked t1'), 'onRevoked')
  assert.deepEqual([group.member.wantsToRejoin(), group.assign([at(0)])], [false, ['t0', 't1']])
  open.resolve()
  await soon(() => group.member.wantsToRejoin(), 'it wants to join again')
  assert.equal(group.committed.get('t1'), 1)
  assert.deepEqual(group.assign([at(0)]), ['t0'])
  assert.equal(group.member.wantsToRejoin(), false)
  assert.deepEqual([events, consumer.assigned().map(name)], [['assigned t0,t1', 'revoked t1'], ['t0']])
})

test('under another member id everything was lost: it commits nothing more of it, and begins anew', async (t) => {
  const { group, consumer, records, events, offsets } = world(t, { settle: 'manual' })
  await consumer.joined
  group.give(0, 0, 2)
  await soon(() => records.length === 2, 'two records')
  group.committed.set('t0', 1)
  group.assign([at(0)], 'another')
  await soon(() => consumer.assigned().length === 1, 'taken over again')
  records[0]?.settle()
  records[1]?.settle()
  assert.deepEqual(events, ['assigned t0,t1', 'revoked t0,t1', 'assigned t0'])
  group.give(0, 1, 1)
  await soon(() => records.length === 3, 'the record again')
  records[2]?.settle()
  await soon(() => group.committed.get('t0') === 2, 'the commit of the new one')
  assert.deepEqual(offsets(), ['0@0', '0@1', '0@1'])
})

test('put out of the group, it joins again and again', async (t) => {
  const { group, consumer, events } = world(t)
  await consumer.joined
  group.member.onEnd(new Error('COORDINATOR_LOADING'))
  await soon(() => group.joins.length === 2 && consumer.assigned().length === 2, 'it is back')
  assert.deepEqual([events, group.left], [['assigned t0,t1', 'revoked t0,t1', 'assigned t0,t1'], 1])
})

test('a commit that fails is made again', async (t) => {
  const { group, consumer } = world(t)
  await consumer.joined
  group.commitFails = true
  group.give(0, 0, 1)
  await new Promise((resolve) => setTimeout(resolve, 400))
  assert.equal(group.committed.size, 0)
  group.commitFails = false
  await soon(() => group.committed.get('t0') === 1, 'the commit')
})

test('a fetch that jumped ahead is not taken: it goes back', async (t) => {
  const { group, consumer, offsets } = world(t)
  await consumer.joined
  group.seeks = []
  group.give(0, 7, 1)
  await soon(() => group.seeks.includes('t0@0'), 'it goes back')
  group.give(0, 0, 1)
  await soon(() => offsets().length === 1, 'the first')
  assert.deepEqual(offsets(), ['0@0'])
})

test('a partition that is full pauses, and goes on when there is room', async (t) => {
  const { group, consumer, records } = world(t, { settle: 'manual', maxUnsettled: 10 })
  await consumer.joined
  group.give(0, 0, 300)
  await soon(() => records.length === 10, 'as many as may be out')
  assert.deepEqual([...group.paused], ['t0'])
  for (let settled = 0; settled < 250; settled++) {
    await soon(() => records.length > settled, 'the next')
    records[settled]?.settle()
  }
  await soon(() => group.paused.size === 0, 'room')
})

test('where onAssigned fails, consuming fails', async (t) => {
  const { consumer } = world(t, { onAssigned: () => Promise.reject(new Error('no room here')) })
  await assert.rejects(consumer.joined, /no room here/)
})
