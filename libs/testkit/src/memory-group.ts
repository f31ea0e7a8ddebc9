/** A consumer group of the bus in memory: its watermarks, and who owns which partition. */
import type { TopicPartition } from '@sallyport/bus'
import type { MemoryConsumer } from './memory-consumer.ts'

export const partitionName = (at: TopicPartition): string => `${at.topic}/${at.partition}`

/** Rebalances move as few partitions as an even spread needs, one rebalance after the other. */
export class MemoryGroup {
  readonly #committed = new Map<string, number>()
  readonly #members = new Set<MemoryConsumer>()
  #partitionsOf: (topic: string) => readonly TopicPartition[] = () => []
  #rebalancing: Promise<void> = Promise.resolve()

  committed(at: TopicPartition): number {
    return this.#committed.get(partitionName(at)) ?? 0
  }

  commit(at: TopicPartition, offset: number): void {
    if (offset > this.committed(at)) this.#committed.set(partitionName(at), offset)
  }

  members(): readonly MemoryConsumer[] {
    return [...this.#members]
  }

  wake(): void {
    for (const member of this.#members) member.wake()
  }

  join(member: MemoryConsumer, partitionsOf: (topic: string) => readonly TopicPartition[]): Promise<void> {
    this.#partitionsOf = partitionsOf
    this.#members.add(member)
    return this.#rebalance()
  }

  leave(member: MemoryConsumer): Promise<void> {
    this.#members.delete(member)
    return this.#rebalance()
  }

  crash(): void {
    for (const member of this.#members) member.vanish()
    this.#members.clear()
  }

  #rebalance(): Promise<void> {
    const next = this.#rebalancing.then(() => this.#assign())
    this.#rebalancing = next.catch(() => {})
    return next
  }

  async #assign(): Promise<void> {
    const target = new Map<MemoryConsumer, TopicPartition[]>([...this.#members].map((member) => [member, []]))
    for (const topic of new Set(this.members().flatMap((member) => member.topics))) this.#spread(topic, target)
    await Promise.all([...target].map(([member, partitions]) => member.revokeAllBut(partitions)))
    await Promise.all([...target].map(([member, partitions]) => member.assign(partitions)))
  }

  #spread(topic: string, target: ReadonlyMap<MemoryConsumer, TopicPartition[]>): void {
    const partitions = this.#partitionsOf(topic)
    const members = this.members().filter((member) => member.topics.includes(topic))
    const share = Math.ceil(partitions.length / members.length)
    const counts = new Map<MemoryConsumer, number>()
    const give = (member: MemoryConsumer, at: TopicPartition): void => {
      target.get(member)?.push(at)
      counts.set(member, (counts.get(member) ?? 0) + 1)
    }
    const homeless = partitions.filter((at) => {
      const owner = members.find((member) => member.owns(at) && (counts.get(member) ?? 0) < share)
      if (owner) give(owner, at)
      return !owner
    })
    for (const at of homeless) {
      const [first, ...others] = members
      if (!first) return
      give(
        others.reduce((least, member) => ((counts.get(member) ?? 0) < (counts.get(least) ?? 0) ? member : least), first),
        at,
      )
    }
  }
}
