/** What the bus needs of a Kafka client. One file implements it (`kafkajs-client.ts`): another client is put in its place there. */
import type { Headers, TopicPartition } from '../port.ts'

export interface ClientRecord {
  readonly key: string
  readonly value: Uint8Array | null
  readonly headers: Headers
}

export interface FetchedRecord extends ClientRecord {
  readonly offset: number
  readonly timestampMs: number
}

/** The next offset of a partition, as members commit it. */
export interface PartitionOffset extends TopicPartition {
  readonly offset: number
}

export interface SendRequest extends TopicPartition {
  readonly acks: 'all' | 'leader'
  readonly records: readonly ClientRecord[]
  /** Nobody waits for any of them. */
  readonly isPatient?: boolean
}

/** An idempotent producer takes only `acks: 'all'`. After a send that failed it must not be used again: see `ProducerPool`. */
export interface ClientProducer {
  /** To one partition. Resolves with the offset of the first record; rejects where that is not known. */
  send(request: SendRequest): Promise<number>
  close(): Promise<void>
}

export interface MemberOptions {
  readonly group: string
  readonly topics: readonly string[]
  /** Fetches wait for many records to come together, but not for long. */
  readonly isPatient: boolean
  /** What this member holds, told to whoever assigns, each time that it joins. */
  claim(): Claim
  /** True where the group is to be told anew what this member holds. Asked before each fetch. */
  wantsToRejoin(): boolean
  /** The group assigned these partitions. Called at once, before anything is fetched. */
  onAssigned(memberId: string, partitions: readonly TopicPartition[]): void
  /** Records of a partition in order, the first at `from` or later; the next fetch begins at `next`. */
  onRecords(at: TopicPartition, from: number, records: readonly FetchedRecord[], next: number): void
  onCommitted(offsets: readonly PartitionOffset[]): void
  /** The member is out of the group, and must join anew. Not called for `leave`. */
  onEnd(error: Error): void
}

export interface Claim {
  /** Under which the partitions were assigned; undefined before the first time. */
  readonly memberId: string | undefined
  readonly partitions: readonly TopicPartition[]
}

/** A member of a group, from its joining to its leaving or its end. None of its calls but `commit` and `leave` fails. */
export interface ClientMember {
  seek(at: PartitionOffset): void
  pause(partitions: readonly TopicPartition[]): void
  resume(partitions: readonly TopicPartition[]): void
  /** What was committed is told to `onCommitted`. */
  commit(offsets: readonly PartitionOffset[]): Promise<void>
  leave(): Promise<void>
}

export interface FoundTopic {
  readonly name: string
  readonly partitions: number
  /** Of the partition that has the fewest. */
  readonly replicas: number
  readonly hasLeaders: boolean
}

export interface NewTopic {
  readonly name: string
  readonly partitions: number
  readonly replication: number
  readonly configuration: ReadonlyMap<string, string>
}

export interface Bounds {
  readonly partition: number
  /** The first record that is kept, and the next that will be written. */
  readonly low: number
  readonly high: number
}

export interface FetchedPartition extends TopicPartition {
  readonly records: readonly FetchedRecord[]
  readonly high: number
}

export interface KafkaClient {
  /** Resolves when a broker answers. */
  connect(): Promise<void>
  producer(kind: 'idempotent' | 'plain'): Promise<ClientProducer>
  /** Resolves when the group is joined for the first time, and has assigned. */
  join(options: MemberOptions): Promise<ClientMember>
  /** Those of these topics that exist. */
  topics(names: readonly string[]): Promise<readonly FoundTopic[]>
  /** One that exists by now is no error. */
  createTopics(topics: readonly NewTopic[]): Promise<void>
  configuration(topics: readonly string[]): Promise<ReadonlyMap<string, ReadonlyMap<string, string>>>
  bounds(topic: string): Promise<readonly Bounds[]>
  /** The first record at or after an offset. */
  recordAt(at: PartitionOffset): Promise<FetchedRecord | undefined>
  /** Records from an offset on, about a MiB of them; none where there are none now. Rejects below the first record that is kept. */
  recordsFrom(at: PartitionOffset): Promise<readonly FetchedRecord[]>
  /** What a group committed; without the partitions where it committed nothing. */
  committed(group: string, topics: readonly string[]): Promise<readonly PartitionOffset[]>
  deleteBelow(topic: string, offsets: readonly { readonly partition: number; readonly offset: number }[]): Promise<void>
  /** Reads without any group, over connections of its own. */
  reader(): Promise<GrouplessReader>
  close(): Promise<void>
}

/** Its calls reject where a leader moved or is away: ask for the leaders again then. */
export interface GrouplessReader {
  /** By the number of the broker that leads them. */
  leaders(topics: readonly string[]): Promise<ReadonlyMap<number, readonly TopicPartition[]>>
  bounds(topic: string): Promise<readonly Bounds[]>
  /** Records from these offsets on. Waits up to `waitMs` for the first. */
  fetch(leader: number, from: readonly PartitionOffset[], limits: FetchLimits): Promise<readonly FetchedPartition[]>
  close(): Promise<void>
}

export interface FetchLimits {
  readonly waitMs: number
  readonly maxBytes: number
}
