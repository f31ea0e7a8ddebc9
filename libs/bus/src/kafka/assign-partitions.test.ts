import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Assignment, assignPartitions, type Candidate, decodeClaim, encodeClaim } from './assign-partitions.ts'

const topics = ['urgent', 'normal', 'bulk']
const nothing = { memberId: undefined, partitions: [] }

interface World {
  readonly count: number
  readonly members: readonly Candidate[]
}

const held = (assignment: Assignment | undefined) =>
  Object.entries(assignment ?? {}).flatMap(([topic, numbers]) => numbers.map((partition) => ({ topic, partition })))

/** Each holds what it was assigned, and joins again with it. */
const joinedAgain = (members: readonly Candidate[], assigned: ReadonlyMap<string, Assignment>): Candidate[] =>
  members.map((member) => ({
    ...member,
    claim: { memberId: member.memberId, partitions: held(assigned.get(member.memberId)) },
  }))

/** Rounds until nothing more moves: what is held too much is let go in one and assigned in the next. */
function settled({ members, count }: World): { readonly assigned: ReadonlyMap<string, Assignment>; readonly rounds: number } {
  let now = [...members]
  for (let rounds = 1; ; rounds++) {
    const assigned = assignPartitions(now, () => count)
    const missing = topics.length * count - [...assigned.values()].flatMap(held).length
    if (missing === 0 || now.length === 0 || rounds > 5) return { assigned, rounds }
    now = joinedAgain(now, assigned)
  }
}

const ids = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 9 })
const allTopics = (memberId: string): Candidate => ({ memberId, topics, claim: nothing })

/** Members that have settled, then some went and others came. */
const changed: fc.Arbitrary<World> = fc
  .record({ before: ids, gone: fc.nat(8), came: ids, count: fc.integer({ min: 1, max: 14 }) })
  .map(({ before, gone, came, count }) => {
    const first = before.map(allTopics)
    const members = joinedAgain(first, settled({ members: first, count }).assigned).slice(gone)
    const names = new Set(members.map(({ memberId }) => memberId))
    return { count, members: [...members, ...came.filter((id) => !names.has(id)).map(allTopics)] }
  })

test('nobody is given what another still holds, and nothing is given twice', () => {
  fc.assert(
    fc.property(changed, ({ members, count }) => {
      const assigned = assignPartitions(members, () => count)
      const given = [...assigned].flatMap(([memberId, of]) => held(of).map((at) => ({ ...at, memberId })))
      assert.equal(new Set(given.map(({ topic, partition }) => `${topic} ${partition}`)).size, given.length)
      for (const { memberId, topic, partition } of given) {
        const others = members.filter((member) => member.memberId !== memberId)
        assert.ok(!others.some(({ claim }) => claim.partitions.some((at) => at.topic === topic && at.partition === partition)))
      }
    }),
  )
})

test('after at most two rounds all is assigned, evenly, and one number of all topics to one member', () => {
  fc.assert(
    fc.property(changed, (world) => {
      const { assigned, rounds } = settled(world)
      assert.ok(rounds <= 2, `${rounds} rounds`)
      const sizes = [...assigned.values()].map((of) => of[topics[0] ?? '']?.length ?? 0)
      assert.equal(
        sizes.reduce((a, b) => a + b, 0),
        world.count,
      )
      assert.ok(Math.max(...sizes) - Math.min(...sizes) <= 1, String(sizes))
      for (const of of assigned.values()) for (const topic of topics) assert.deepEqual(of[topic], of[topics[0] ?? ''])
    }),
  )
})

test('what is held is kept up to an even share, so that no more moves than must', () => {
  fc.assert(
    fc.property(changed, (world) => {
      const { assigned } = settled(world)
      const most = Math.ceil(world.count / world.members.length)
      const least = Math.floor(world.count / world.members.length)
      for (const { memberId, claim } of world.members) {
        const before = claim.partitions.filter(({ topic }) => topic === topics[0]).map(({ partition }) => partition)
        const after = assigned.get(memberId)?.[topics[0] ?? ''] ?? []
        const kept = before.filter((partition) => after.includes(partition)).length
        assert.ok(kept >= Math.min(before.length, least) && kept <= most, `${memberId} kept ${kept} of ${before.length}`)
      }
    }),
  )
})

test('the order in which members are listed does not matter', () => {
  fc.assert(
    fc.property(changed, ({ members, count }) => {
      const forth = assignPartitions(members, () => count)
      const back = assignPartitions([...members].reverse(), () => count)
      for (const { memberId } of members) assert.deepEqual(back.get(memberId), forth.get(memberId))
    }),
  )
})

test('what was assigned under another member id is no longer held: the group had put that member out', () => {
  const partitions = [{ topic: 'urgent', partition: 0 }]
  const back: Candidate = { memberId: 'a2', topics: ['urgent'], claim: { memberId: 'a1', partitions } }
  const owner: Candidate = { memberId: 'b', topics: ['urgent'], claim: { memberId: 'b', partitions } }
  assert.deepEqual(assignPartitions([back, owner], () => 1).get('b'), { urgent: [0] })
  assert.deepEqual(assignPartitions([back], () => 1).get('a2'), { urgent: [0] })
})

test('members that read different topics get only what they read', () => {
  const members: Candidate[] = [
    { memberId: 'a', topics: ['urgent', 'normal'], claim: nothing },
    { memberId: 'b', topics: ['normal'], claim: nothing },
  ]
  const assigned = assignPartitions(members, (topic) => (topic === 'urgent' ? 2 : 3))
  assert.deepEqual(assigned.get('a')?.urgent, [0, 1])
  assert.equal(assigned.get('b')?.urgent, undefined)
  assert.equal([...assigned.values()].flatMap((of) => of.normal ?? []).length, 3)
})

test('a claim comes out of its bytes as it went in; of other bytes nothing is held', () => {
  const claim = {
    memberId: 'm',
    partitions: [
      { topic: 't', partition: 1 },
      { topic: 't', partition: 3 },
    ],
  }
  assert.deepEqual(decodeClaim(encodeClaim(claim)), claim)
  assert.deepEqual(decodeClaim(encodeClaim(nothing)), nothing)
  for (const bytes of [null, '', '{', '[]', '{"memberId":1,"topics":{}}', '{"memberId":"m","topics":{"t":1}}', 'null'])
    assert.deepEqual(decodeClaim(bytes === null ? null : Buffer.from(bytes)), nothing)
})
