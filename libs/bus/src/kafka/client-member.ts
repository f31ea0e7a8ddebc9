/** A member of a group, on a consumer of kafkajs. */
import type { TopicPartition } from '../port.ts'
import type { ClientMember } from './client-port.ts'

/** What is used of a consumer. */
export interface RawConsumer {
  seek(at: { topic: string; partition: number; offset: string }): void
  pause(topics: { topic: string; partitions: number[] }[]): void
  resume(topics: { topic: string; partitions: number[] }[]): void
}

export function clientMember(consumer: RawConsumer, commit: ClientMember['commit'], leave: ClientMember['leave']): ClientMember {
  const byTopic = (partitions: readonly TopicPartition[]) =>
    partitions.map(({ topic, partition }) => ({ topic, partitions: [partition] }))
  // A member that has ended takes no orders: there is nothing left that they could change.
  const ifRunning = (order: () => void): void => {
    try {
      order()
    } catch {}
  }
  return {
    seek: ({ topic, partition, offset }) => ifRunning(() => consumer.seek({ topic, partition, offset: String(offset) })),
    pause: (partitions) => ifRunning(() => consumer.pause(byTopic(partitions))),
    resume: (partitions) => ifRunning(() => consumer.resume(byTopic(partitions))),
    commit,
    leave,
  }
}
