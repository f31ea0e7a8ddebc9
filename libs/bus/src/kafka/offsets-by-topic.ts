/** Offsets as the protocol lists them: by topic, as decimal texts. */
import type { PartitionOffset } from './client-port.ts'

export interface TopicOffsets {
  topic: string
  partitions: { partition: number; offset: string }[]
}

export function offsetsByTopic(offsets: readonly PartitionOffset[]): TopicOffsets[] {
  const found = new Map<string, TopicOffsets>()
  for (const { topic, partition, offset } of offsets) {
    const of = found.get(topic) ?? { topic, partitions: [] }
    of.partitions.push({ partition, offset: String(offset) })
    found.set(topic, of)
  }
  return [...found.values()]
}

export const offsetsOf = (topics: readonly TopicOffsets[]): PartitionOffset[] =>
  topics.flatMap(({ topic, partitions }) =>
    partitions.map(({ partition, offset }) => ({ topic, partition, offset: Number(offset) })),
  )
