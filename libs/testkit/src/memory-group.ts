/** A consumer group of the bus in memory: its watermarks, and who owns which partition. */
import type { TopicPartition } from '@sallyport/bus'
import type { MemoryConsumer } from './memory-consumer.ts'

export const partitionName = (at: TopicPartition): string => `${at.topic}/${at.partition}`

/** Partition p of every topic goes to the same member. One rebalance after the other. */
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
    const members = this.members().filter((member) => member.topics.includes(topic))
    for (const at of this.#partitionsOf(topic)) {
      const owner = members[at.partition % members.length]
      if (owner) target.get(owner)?.push(at)
    }
  }
}
