/** Deletes what every owning group has read: each process that of the partitions it reads, so that one does it and no harm is done by two. */
import type { TopicSpec } from '@sallyport/contracts'
import { laneName } from '../consuming/lane.ts'
import type { TopicPartition } from '../port.ts'
import type { KafkaClient } from './client-port.ts'

/** A partition that a consumer of this process has. */
export interface Owned extends TopicPartition {
  readonly group: string
}

/** Resolves when what was read is deleted. */
export async function trimTopics(
  client: Pick<KafkaClient, 'committed' | 'bounds' | 'deleteBelow'>,
  specs: readonly TopicSpec[],
  owned: readonly Owned[],
): Promise<void> {
  for (const { name: topic, retention } of specs) {
    if (retention.kind !== 'until-read') continue
    const [first] = retention.readers
    const mine = owned.filter((at) => at.topic === topic && at.group === first)
    if (mine.length === 0) continue
    const marks = await Promise.all(
      retention.readers.map(
        async (group) => new Map((await client.committed(group, [topic])).map((at) => [laneName(at), at.offset])),
      ),
    )
    const lows = new Map((await client.bounds(topic)).map(({ partition, low }) => [partition, low]))
    const offsets = mine
      .map(({ partition }) => ({
        partition,
        // A group that committed nothing yet has read nothing.
        offset: Math.min(...marks.map((of) => of.get(laneName({ topic, partition })) ?? 0)),
      }))
      .filter(({ partition, offset }) => offset > (lows.get(partition) ?? offset))
    if (offsets.length > 0) await client.deleteBelow(topic, offsets)
  }
}
