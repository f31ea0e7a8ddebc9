/**
 * Who gets which partitions of a group: balanced, sticky, and partition p of all the topics that the same members read goes to
 * one of them. Cooperative (KIP-429): what a member still holds is given to no other before it let go and joined again, so
 * that a partition moves only when its records in flight are done, and all other partitions go on meanwhile.
 */
import type { TopicPartition } from '../port.ts'
import type { Claim } from './client-port.ts'

export interface Candidate {
  readonly memberId: string
  readonly topics: readonly string[]
  readonly claim: Claim
}

export type Assignment = Readonly<Record<string, readonly number[]>>

/** Topics that the same members read: their partitions of one number go together. */
interface Kin {
  readonly topics: readonly string[]
  readonly members: readonly string[]
}

/**
 * By member. `partitionsOf` tells how many partitions a topic has. Does not depend on the order of `members`. What is held by
 * another than the one who is to have it is missing: those who hold it let go, join again, and it is assigned then.
 */
export function assignPartitions(
  members: readonly Candidate[],
  partitionsOf: (topic: string) => number,
): ReadonlyMap<string, Assignment> {
  const ordered = [...members].sort((a, b) => (a.memberId < b.memberId ? -1 : 1))
  const holders = holdersOf(ordered)
  const assigned = new Map(ordered.map(({ memberId }) => [memberId, new Map<string, number[]>()]))
  const load = new Map(ordered.map(({ memberId }) => [memberId, 0]))
  for (const kin of kinsOf(ordered)) {
    const count = Math.max(...kin.topics.map(partitionsOf))
    const owners = ownersOf(count, kin, load, (number) => holderOf(kin, number, holders))
    for (const [number, owner] of owners.entries()) {
      const topics = kin.topics.filter((topic) => number < partitionsOf(topic))
      load.set(owner, (load.get(owner) ?? 0) + topics.length)
      if (topics.some((topic) => (holders.get(name(topic, number)) ?? owner) !== owner)) continue
      const of = assigned.get(owner)
      for (const topic of topics) of?.set(topic, [...(of.get(topic) ?? []), number])
    }
  }
  return new Map(Array.from(assigned, ([memberId, topics]) => [memberId, Object.fromEntries(topics)]))
}

/** Who holds what. What was assigned under another member id is no longer held: the group had put that member out. */
function holdersOf(members: readonly Candidate[]): ReadonlyMap<string, string> {
  const holders = new Map<string, string>()
  for (const { memberId, claim, topics } of members) {
    if (claim.memberId !== memberId) continue
    for (const { topic, partition } of claim.partitions) {
      if (topics.includes(topic)) holders.set(name(topic, partition), memberId)
    }
  }
  return holders
}

function kinsOf(members: readonly Candidate[]): readonly Kin[] {
  const kins = new Map<string, { topics: string[]; members: readonly string[] }>()
  for (const topic of [...new Set(members.flatMap(({ topics }) => topics))].sort()) {
    const readers = members.filter(({ topics }) => topics.includes(topic)).map(({ memberId }) => memberId)
    const kin = kins.get(readers.join('\0'))
    if (kin) kin.topics.push(topic)
    else kins.set(readers.join('\0'), { topics: [topic], members: readers })
  }
  return [...kins.values()]
}

/** The member that holds the most of these partitions of one number. */
function holderOf(kin: Kin, number: number, holders: ReadonlyMap<string, string>): string | undefined {
  const held = new Map<string, number>()
  for (const topic of kin.topics) {
    const holder = holders.get(name(topic, number))
    if (holder !== undefined && kin.members.includes(holder)) held.set(holder, (held.get(holder) ?? 0) + 1)
  }
  return [...held].sort(([a, most], [b, more]) => more - most || (a < b ? -1 : 1))[0]?.[0]
}

/** The owner of each number: who holds it keeps it up to its share, and the rest goes to who has the least. */
function ownersOf(
  count: number,
  { members }: Kin,
  load: ReadonlyMap<string, number>,
  holder: (number: number) => string | undefined,
): readonly string[] {
  const held = Array.from({ length: count }, (_, number) => holder(number))
  const holds = (member: string): number => held.filter((by) => by === member).length
  const share = Math.floor(count / members.length)
  let extra = count % members.length
  const room = new Map<string, number>()
  // Those that hold more than a share keep one more, and of the others those that have least of other topics get it.
  const byNeed = [...members].sort(
    (a, b) => Number(holds(b) > share) - Number(holds(a) > share) || (load.get(a) ?? 0) - (load.get(b) ?? 0) || (a < b ? -1 : 1),
  )
  for (const member of byNeed) room.set(member, share + (extra-- > 0 ? 1 : 0))
  const take = (member: string | undefined): member is string => {
    const left = member === undefined ? 0 : (room.get(member) ?? 0)
    if (member === undefined || left === 0) return false
    room.set(member, left - 1)
    return true
  }
  const owners = held.map((by) => (take(by) ? by : undefined))
  return owners.map((owner) => owner ?? byNeed.find(take) ?? byNeed[0] ?? '')
}

const name = (topic: string, partition: number): string => `${topic}\0${partition}`

/** As carried in a member's metadata. */
export const encodeClaim = ({ memberId, partitions }: Claim): Uint8Array => {
  const topics: Record<string, number[]> = {}
  for (const { topic, partition } of partitions) {
    topics[topic] ??= []
    topics[topic].push(partition)
  }
  for (const numbers of Object.values(topics)) numbers.sort((a, b) => a - b)
  return Buffer.from(JSON.stringify({ memberId, topics }))
}

/** Of a member that says something else, or nothing, nothing is known: it holds nothing. */
export function decodeClaim(bytes: Uint8Array | null): Claim {
  const nothing: Claim = { memberId: undefined, partitions: [] }
  try {
    const said: unknown = JSON.parse(Buffer.from(bytes ?? []).toString())
    if (typeof said !== 'object' || said === null || !('memberId' in said) || !('topics' in said)) return nothing
    const { memberId, topics } = said
    if (typeof memberId !== 'string' || typeof topics !== 'object' || topics === null) return nothing
    const partitions: TopicPartition[] = []
    for (const [topic, numbers] of Object.entries(topics)) {
      if (!Array.isArray(numbers)) return nothing
      for (const partition of numbers) if (Number.isInteger(partition)) partitions.push({ topic, partition: Number(partition) })
    }
    return { memberId, partitions }
  } catch {
    return nothing
  }
}
