/** Where a member begins: at what its group committed, never below the first record that is kept. */
import { setTimeout as sleep } from 'node:timers/promises'
import { laneName } from '../consuming/lane.ts'
import type { TopicPartition } from '../port.ts'
import type { KafkaClient } from './client-port.ts'
import { isRefused } from './kafka-failure.ts'

/** By name of the lane. */
export type StartOffsets = ReadonlyMap<string, number>

/** Tries until it knows them, as long as somebody wants to know; what comes then is not to be relied on. */
export async function startOffsets(
  client: Pick<KafkaClient, 'committed' | 'bounds'>,
  group: string,
  partitions: readonly TopicPartition[],
  isWanted: () => boolean,
): Promise<StartOffsets | undefined> {
  for (let waitMs = 50; isWanted(); waitMs = Math.min(2_000, waitMs * 2)) {
    try {
      const names = [...new Set(partitions.map(({ topic }) => topic))]
      const committed = new Map((await client.committed(group, names)).map((at) => [laneName(at), at.offset]))
      const starts = await Promise.all(
        names.map(async (topic) =>
          (await client.bounds(topic)).map(({ partition, low }): [string, number] => {
            const name = laneName({ topic, partition })
            return [name, Math.max(low, committed.get(name) ?? low)]
          }),
        ),
      )
      return new Map(starts.flat())
    } catch (error) {
      if (isRefused(error)) throw error
      await sleep(waitMs)
    }
  }
  return undefined
}
