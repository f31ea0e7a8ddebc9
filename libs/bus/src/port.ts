/**
 * The bus port: topics of partitions of records, consumer groups, and tables. The embedded adapter (LMDB) and Kafka
 * promise the same, and one contract suite holds both to it.
 */
import type { TopicSpec } from '@sallyport/contracts'

/** String headers beside a record (trace context and the like). */
export type Headers = Readonly<Record<string, string>>

export interface OutgoingRecord extends WithContent {
  readonly topic: string
  /** Records of one key are consumed in order. Without `partition` the key chooses it (`partitionOf`). */
  readonly key: string
  readonly partition?: number
  readonly headers?: Headers
  /** Null deletes the key's row of a table. Must not be changed after the call. At most 256 KiB. */
  readonly value: Uint8Array | null
}

/** The bytes of a record's content that stand behind its `value`, where the two are kept apart to spare a copy. */
export interface WithContent {
  /** Together with `value`, in this order, the record is complete: an adapter that writes it joins them. */
  readonly content?: Uint8Array
}

export interface Position {
  readonly partition: number
  /** Grows within a partition, with gaps. Never reused, also not after an unclean start that lost unflushed records. */
  readonly offset: number
}

export interface BusRecord extends Position, WithContent {
  readonly topic: string
  readonly key: string
  readonly headers: Headers
  /** Valid after the handler returned, too. */
  readonly value: Uint8Array | null
  /** Wall clock of the publisher (embedded) or broker, ms since the epoch. */
  readonly publishedAt: number
}

/** A record in a consumer's hands. */
export interface DeliveredRecord extends BusRecord {
  /**
   * With `settle: 'manual'` only: this record is done, and the watermark may pass it. Idempotent. Until then it is
   * redelivered after a restart or to another member.
   */
  settle(): void
}

export interface PublishOptions {
  /**
   * True: resolves when the record survives what the adapter promises to survive (embedded: flushed to disk; Kafka:
   * acks=all with min.insync 2). False (default): resolves when the record is in the log (embedded: committed; Kafka:
   * acks=1). Embedded, on a topic that is deleted when read, it also resolves when every group that reads the topic has
   * settled the record, which is then never written; consumers may see it before it is in the log, and also where the
   * publish fails.
   *
   * `or-settled`: as true, and embedded, on a topic that is deleted when read, it also resolves when every group that reads
   * the topic has settled the record, which is then never written; consumers see it at once. For what goes on from a record
   * that stays unsettled until this resolves: one of the two is always on disk.
   */
  readonly durable?: Durability
  /**
   * True: nobody waits for this record, so it may go a moment later (Kafka: 100 ms) where others of its partition go with it then,
   * which is cheaper for all. It still goes in its order. Default false.
   */
  readonly isPatient?: boolean
}

export type Durability = boolean | 'or-settled'

export interface ConsumeOptions {
  readonly group: string
  readonly topics: readonly string[]
  /**
   * Called in order for records of one key, concurrently for others. The next record of the key waits until the
   * returned promise settles. Throwing UNPARSABLE_RECORD sends the record to `mail.dead` and settles it; any other
   * error is retried with growing back-off for ever, while the records of other keys go on.
   */
  readonly handle: (record: DeliveredRecord) => Promise<void> | void
  /** `auto` (default): settled when the handler returns. `manual`: when `record.settle()` is called. */
  readonly settle?: 'auto' | 'manual'
  /** Handlers running at once, over all partitions of this consumer. Default 64. */
  readonly concurrency?: number
  /** Records delivered and not settled, per partition, before fetching pauses. Default 1,000. */
  readonly maxUnsettled?: number
  /**
   * How long a stop or a revocation waits for records that were delivered and not settled, after `onRevoked`. Default
   * 30,000. 0 where records may rest unsettled for hours and a restart is to find them again.
   */
  readonly drainMs?: number
  /**
   * True: nobody waits for what this consumer does, so records may come a moment later (Kafka: 100 ms) where more of them come
   * together then, which is cheaper for all. Default false.
   */
  readonly isPatient?: boolean
  /** Called after partitions came, before their first record. Awaited. */
  readonly onAssigned?: (partitions: readonly TopicPartition[]) => Promise<void> | void
  /** Called when partitions go: what is in flight is then awaited (≤ 30 s), committed and let go. */
  readonly onRevoked?: (partitions: readonly TopicPartition[]) => Promise<void> | void
}

export interface TopicPartition {
  readonly topic: string
  readonly partition: number
}

export interface Consumer {
  /** The partitions that this member owns now. */
  assigned(): readonly TopicPartition[]
  /** Stops fetching from these partitions (default: all); what is in flight goes on. */
  pause(partitions?: readonly TopicPartition[]): void
  resume(partitions?: readonly TopicPartition[]): void
  /** Stops fetching, awaits what is in flight (≤ 30 s), commits the contiguous watermark, leaves the group. */
  stop(): Promise<void>
}

export interface TableOptions {
  readonly topic: string
  /** Every row, first those that stand when the table is opened, then each change in order of its key. Null: deleted. */
  readonly onRow: (key: string, value: Uint8Array | null, position: Position) => void
}

export interface Table {
  /** Resolves when every row that stood when the table was opened has been given to `onRow`. */
  readonly loaded: Promise<void>
  stop(): Promise<void>
}

/** How far a group is behind on one partition. */
export interface Lag extends TopicPartition {
  readonly records: number
  /** Age of the oldest record that the watermark has not passed, ms; 0 where there is none. */
  readonly oldestAgeMs: number
}

export interface Bus {
  /** Partitions of a topic. */
  partitions(topic: string): number
  /** Appends one record; concurrent calls share commits. Fails with BUS_UNAVAILABLE, STORE_FULL or BUS_CLOSED. */
  publish(record: OutgoingRecord, options?: PublishOptions): Promise<Position>
  /** Joins a group. A group that never consumed a topic starts at its first record. */
  consume(options: ConsumeOptions): Promise<Consumer>
  /** Follows a table: every process sees every row. */
  table(options: TableOptions): Promise<Table>
  lag(group: string, topics: readonly string[]): Promise<readonly Lag[]>
  /**
   * The records that a group has not settled, up to the end of each partition as it is when that partition's turn comes: for people
   * who look at what waits. Takes nothing from the group. A record that is settled may still be among them (Kafka: as long as one
   * before it in its partition is not), and one that is damaged is not. Absent where the bus cannot (in a worker thread).
   */
  unread?(group: string, topics: readonly string[]): AsyncIterable<BusRecord>
  /** Stops every consumer and table, flushes what was published, closes. */
  close(): Promise<void>
}

/** What a bus is opened with. */
export interface BusOptions {
  readonly topics: readonly TopicSpec[]
  readonly partitions: number
}
