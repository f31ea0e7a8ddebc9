/** How far a group is behind, also where it has no member: what it committed against the ends, and when the oldest was published. */
import { laneName } from '../consuming/lane.ts'
import type { Lag, TopicPartition } from '../port.ts'
import type { KafkaClient } from './client-port.ts'

type LagClient = Pick<KafkaClient, 'committed' | 'bounds' | 'recordAt'>

interface Oldest {
  readonly offset: number
  readonly publishedAt: number
}

export class GroupLag {
  readonly #client: LagClient
  readonly #now: () => number
  /** By group and partition: read once for each offset. */
  readonly #oldest = new Map<string, Oldest>()

  constructor(client: LagClient, now: () => number = Date.now) {
    this.#client = client
    this.#now = now
  }

  async of(group: string, topics: readonly string[]): Promise<readonly Lag[]> {
    const [committed, bounds] = await Promise.all([
      this.#client.committed(group, topics),
      Promise.all(topics.map(async (topic) => ({ topic, partitions: await this.#client.bounds(topic) }))),
    ])
    const marks = new Map(committed.map((at) => [laneName(at), at.offset]))
    const behind = bounds.flatMap(({ topic, partitions }) =>
      [...partitions]
        .sort((a, b) => a.partition - b.partition)
        .map(({ partition, low, high }) => {
          const mark = Math.max(low, marks.get(laneName({ topic, partition })) ?? low)
          return { topic, partition, mark, records: Math.max(0, high - mark) }
        }),
    )
    const published = await this.#published(
      group,
      behind.filter(({ records }) => records > 0),
    )
    return behind.map(({ topic, partition, records }) => {
      const at = published.get(laneName({ topic, partition }))
      return { topic, partition, records, oldestAgeMs: records > 0 ? Math.max(1, this.#now() - (at ?? this.#now())) : 0 }
    })
  }

  async #published(
    group: string,
    marks: readonly (TopicPartition & { readonly mark: number })[],
  ): Promise<ReadonlyMap<string, number>> {
    const found = new Map<string, number>()
    const unknown: (typeof marks)[number][] = []
    for (const at of marks) {
      const known = this.#oldest.get(`${group}\0${laneName(at)}`)
      if (known?.offset === at.mark) found.set(laneName(at), known.publishedAt)
      else unknown.push(at)
    }
    await Promise.all(
      unknown.map(async (at) => {
        const { topic, partition, mark } = at
        const publishedAt = (await this.#client.recordAt({ topic, partition, offset: mark }))?.timestampMs
        if (publishedAt === undefined) return
        found.set(laneName(at), publishedAt)
        this.#oldest.set(`${group}\0${laneName(at)}`, { offset: mark, publishedAt })
      }),
    )
    return found
  }
}
