/** Reads partitions without any group, on a client's view of the cluster: for tables, and to look at single records. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { TopicPartition } from '../port.ts'
import type { FetchedRecord, GrouplessReader, PartitionOffset } from './client-port.ts'
import { fetchedRecord, type RawRecord } from './fetched-record.ts'
import { isRefused } from './kafka-failure.ts'
import { offsetsOf, type TopicOffsets } from './offsets-by-topic.ts'

/** What is used of the client's view. */
export interface ReaderCluster {
  addMultipleTargetTopics(topics: string[]): Promise<void>
  refreshMetadataIfNecessary(): Promise<void>
  findTopicPartitionMetadata(topic: string): readonly { readonly partitionId: number; readonly leader: number }[]
  findBroker(node: { nodeId: string }): Promise<ReaderBroker>
  refreshMetadata(): Promise<void>
  removeBroker(broker: { host: string; port: number }): void
  fetchTopicsOffset(
    topics: { topic: string; partitions: { partition: number }[]; fromBeginning: boolean }[],
  ): Promise<TopicOffsets[]>
}

interface ReaderBroker {
  fetch(request: {
    maxWaitTime: number
    minBytes: number
    maxBytes: number
    topics: { topic: string; partitions: { partition: number; fetchOffset: string; maxBytes: number }[] }[]
  }): Promise<FetchAnswer>
}

interface FetchAnswer {
  readonly responses: readonly {
    readonly topicName: string
    readonly partitions: readonly {
      readonly partition: number
      readonly highWatermark: string
      readonly messages: readonly RawRecord[]
    }[]
  }[]
}

/** Rejects where something failed; what is known of leaders is learned anew then. */
export function grouplessReader(cluster: ReaderCluster, close: () => Promise<void>): GrouplessReader {
  const learning = async <T>(act: () => Promise<T>): Promise<T> => {
    try {
      return await act()
    } catch (error) {
      if (error instanceof Error && 'host' in error && 'port' in error)
        cluster.removeBroker({ host: String(error.host), port: Number(error.port) })
      await cluster.refreshMetadata().catch(() => {})
      throw error
    }
  }
  return {
    leaders: (topics) =>
      learning(async () => {
        await cluster.addMultipleTargetTopics([...topics])
        await cluster.refreshMetadataIfNecessary()
        const found = new Map<number, TopicPartition[]>()
        for (const topic of topics) {
          for (const { partitionId: partition, leader } of cluster.findTopicPartitionMetadata(topic)) {
            if (leader < 0) throw new Error(`partition ${partition} of ${topic} has no leader now`)
            found.set(leader, [...(found.get(leader) ?? []), { topic, partition }])
          }
        }
        return found
      }),
    fetch: (leader, from, { waitMs, maxBytes }) =>
      learning(async () => {
        const broker = await cluster.findBroker({ nodeId: String(leader) })
        const topics = [...new Set(from.map(({ topic }) => topic))].map((topic) => ({
          topic,
          partitions: from
            .filter((at) => at.topic === topic)
            .map(({ partition, offset }) => ({ partition, fetchOffset: String(offset), maxBytes })),
        }))
        const { responses } = await broker.fetch({ maxWaitTime: waitMs, minBytes: 1, maxBytes, topics })
        return responses.flatMap(({ topicName: topic, partitions }) =>
          partitions.map(({ partition, highWatermark, messages }) => {
            const first = from.find((at) => at.topic === topic && at.partition === partition)?.offset ?? 0
            const records = messages.filter((message) => !message.isControlRecord && Number(message.offset) >= first)
            return { topic, partition, records: records.map(fetchedRecord), high: Number(highWatermark) }
          }),
        )
      }),
    bounds: (topic) =>
      learning(async () => {
        await cluster.addMultipleTargetTopics([topic])
        await cluster.refreshMetadataIfNecessary()
        const partitions = cluster.findTopicPartitionMetadata(topic).map(({ partitionId }) => ({ partition: partitionId }))
        const [lows, highs] = await Promise.all(
          [true, false].map(async (fromBeginning) => {
            const found = offsetsOf(await cluster.fetchTopicsOffset([{ topic, partitions, fromBeginning }]))
            return new Map(found.map(({ partition, offset }) => [partition, offset]))
          }),
        )
        return partitions
          .map(({ partition }) => ({ partition, low: lows?.get(partition) ?? 0, high: highs?.get(partition) ?? 0 }))
          .sort((a, b) => a.partition - b.partition)
      }),
    close,
  }
}

const tries = 6
const firstWaitMs = 50

/** Tries again for some seconds: leaders are known anew after a failure. */
export async function withPatience<T>(act: () => Promise<T>): Promise<T> {
  for (let tried = 1, waitMs = firstWaitMs; ; tried++, waitMs *= 2) {
    try {
      return await act()
    } catch (error) {
      if (tried >= tries || isRefused(error)) throw error
      await sleep(waitMs)
    }
  }
}

/** Of one look at what waits. */
const lookBytes = 1024 * 1024

/** Records of one partition from an offset on, at least the first, however few bytes are asked for. Does not wait for any. */
export async function recordsFrom(
  reader: GrouplessReader,
  at: PartitionOffset,
  maxBytes = lookBytes,
): Promise<readonly FetchedRecord[]> {
  for (const [leader, led] of await reader.leaders([at.topic])) {
    if (!led.some(({ partition }) => partition === at.partition)) continue
    const [answer] = await reader.fetch(leader, [at], { waitMs: 0, maxBytes })
    return answer?.records ?? []
  }
  return []
}
