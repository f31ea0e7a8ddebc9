/** Appends records to partitions: into memory first where that does no harm (decisions 0007 and 0010), else into the log. */
import type { BusRecord, Durability, OutgoingRecord, Position, WithContent } from '../port.ts'
import { type BusStore, deletedBelow } from './bus-store.ts'
import { encodeRow, isSurelyRow } from './log-row.ts'
import type { PartitionLog } from './partition-log.ts'
import { rowKey, rowValue, type TableFollower } from './table-follower.ts'
import { WriteBehind } from './write-behind.ts'

export interface AppenderOptions {
  readonly store: BusStore
  readonly now: () => number
  readonly followers: (topic: string) => Iterable<TableFollower>
  /** The groups that ever read the topic. */
  readonly groupsOf: (topic: string) => Iterable<string>
  /** The watermark of a group that is on disk. */
  readonly mark: (group: string, log: PartitionLog) => number | undefined
}

export class Appender {
  readonly #options: AppenderOptions
  readonly #writeBehind: WriteBehind

  constructor(options: AppenderOptions) {
    this.#options = options
    const { store } = options
    this.#writeBehind = new WriteBehind({
      environment: store.environment,
      encode: (record) => encodeRow(record.key, record.headers, record.publishedAt, record.value, record.content),
      isSettled: (log, offset) => this.#isSettledByAll(log, offset),
    })
  }

  append(log: PartitionLog, record: OutgoingRecord, durable: Durability): Promise<Position> {
    const publishedAt = this.#options.now()
    const { topic, partition } = log
    if (durable !== true && log.committing === 0 && isReadHere(log)) {
      const { key, headers = {}, value } = record
      const content = contentOf(record)
      // A row that cannot be is refused now, before anybody sees the record.
      if (!isSurelyRow(key, headers)) encodeRow(key, headers, publishedAt, value)
      const placed = { topic: topic.name, partition, key, headers, value, publishedAt, ...content }
      return this.#writeBehind.publish(log, placed, durable === 'or-settled')
    }
    return this.#write(log, record, publishedAt, durable !== false)
  }

  /** Writes what is only in memory and still needed. Never rejects: publishers are told. */
  flush(): Promise<void> {
    return this.#writeBehind.flush()
  }

  #write(log: PartitionLog, record: OutgoingRecord, publishedAt: number, durable: boolean): Promise<Position> {
    const { topic, partition } = log
    const { store } = this.#options
    const row = encodeRow(record.key, record.headers, publishedAt, record.value, record.content)
    let offset = 0
    log.committing++
    return store.environment.write<Position>(
      (transaction) => {
        offset = log.next++
        if (topic.retention.kind === 'table') {
          const key = rowKey(store, topic.name, record.key)
          if (record.value === null) transaction.delete(store.rows, key)
          else transaction.put(store.rows, key, rowValue(partition, offset, row))
          store.putMark(transaction, deletedBelow, topic.name, partition, offset + 1)
        } else log.put(transaction, offset, row)
        return { partition, offset }
      },
      {
        durable,
        onEnd: () => {
          log.committing--
        },
        onCommit: () =>
          this.#committed(log, {
            topic: topic.name,
            partition,
            offset,
            key: record.key,
            headers: record.headers ?? {},
            value: record.value,
            publishedAt,
            ...contentOf(record),
          }),
      },
    )
  }

  #committed(log: PartitionLog, record: BusRecord): void {
    if (log.topic.retention.kind === 'table') {
      for (const follower of this.#options.followers(record.topic)) follower.committed(record)
    } else log.visible(record)
  }

  /** Every group that reads the partition has settled the offset, and at least one does. */
  #isSettledByAll(log: PartitionLog, offset: number): boolean {
    const { retention } = log.topic
    const readers = retention.kind === 'until-read' ? retention.readers : this.#options.groupsOf(log.topic.name)
    let isRead = false
    for (const reader of readers) {
      isRead = true
      if (!this.#isSettledBy(reader, log, offset)) return false
    }
    return isRead
  }

  #isSettledBy(group: string, log: PartitionLog, offset: number): boolean {
    for (const follower of log.followers) if (follower.group === group && follower.isSettled(offset)) return true
    return (this.#options.mark(group, log) ?? 0) > offset
  }
}

/** True where records need not outlive their readers, and one of these is here: what is published may be written late, or never. */
function isReadHere({ topic: { retention }, followers }: PartitionLog): boolean {
  if (retention.kind === 'age') return retention.orWhenRead === true && followers.size > 0
  if (retention.kind === 'table') return false
  for (const { group } of followers) if (retention.readers.includes(group)) return true
  return false
}

const contentOf = ({ content }: WithContent): WithContent => (content ? { content } : {})
