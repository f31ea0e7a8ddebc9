/**
 * What a group has not committed, read without the group. A record that is settled while one before it is not is still among it: a
 * group commits only as far as everything is settled.
 */
import { SallyportError } from '@sallyport/contracts'
import type { BusRecord, TopicPartition } from '../port.ts'
import type { FetchedRecord, KafkaClient } from './client-port.ts'

type UnreadClient = Pick<KafkaClient, 'committed' | 'bounds' | 'recordsFrom'>

/** Fetches that bring nothing below the end of a partition, before it is believed that nothing is left there. */
const vainFetches = 3

/** Each partition up to its end as it is when its turn comes. Fails as the client does. */
export async function* unreadOf(client: UnreadClient, group: string, topics: readonly string[]): AsyncIterable<BusRecord> {
  for (const topic of topics) {
    const marks = new Map((await client.committed(group, [topic])).map(({ partition, offset }) => [partition, offset]))
    for (const { partition } of await client.bounds(topic)) {
      const { low, high } = await boundsOf(client, { topic, partition })
      for await (const { offset, key, value, headers, timestampMs } of between(
        client,
        { topic, partition },
        marks.get(partition) ?? low,
        high,
      ))
        yield { topic, partition, offset, key, value, headers, publishedAt: timestampMs }
    }
  }
}

async function* between(client: UnreadClient, at: TopicPartition, from: number, end: number): AsyncIterable<FetchedRecord> {
  let next = from
  for (let vain = 0; next < end && vain < vainFetches; ) {
    // What was read meanwhile may be deleted by now: nothing below the first record that is kept can be asked for.
    next = Math.max(next, (await boundsOf(client, at)).low)
    const records = await client.recordsFrom({ ...at, offset: next }).catch(async (error: unknown) => {
      if ((await boundsOf(client, at)).low > next) return []
      throw error
    })
    vain = records.length > 0 ? 0 : vain + 1
    for (const record of records) {
      next = record.offset + 1
      if (next > end) return
      yield record
    }
  }
}

async function boundsOf(client: UnreadClient, { topic, partition }: TopicPartition) {
  const bounds = (await client.bounds(topic)).find((of) => of.partition === partition)
  if (!bounds) throw new SallyportError('BUS_UNAVAILABLE', `${topic} has lost its partition ${partition}`)
  return bounds
}
