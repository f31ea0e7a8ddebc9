/** The bus on one machine: a log in LMDB, with the records of the last moment handed over from memory. */
import { partitionOf, SallyportError } from '@sallyport/contracts'
import type { Environment } from '@sallyport/lmdb'
import { Member, type MemberHost } from '../consuming/member.ts'
import { type Buried, deadLetter } from '../dead-letter.ts'
import { maxRecordBytes } from '../max-record-bytes.ts'
import type {
  Bus,
  BusOptions,
  BusRecord,
  ConsumeOptions,
  Consumer,
  Lag,
  OutgoingRecord,
  Position,
  PublishOptions,
  Table,
  TableOptions,
} from '../port.ts'
import { Appender } from './appender.ts'
import { BusStore } from './bus-store.ts'
import { Group } from './group.ts'
import { lagOf } from './lag.ts'
import type { LogLane } from './log-lane.ts'
import { PartitionLog } from './partition-log.ts'
import { TableFollower } from './table-follower.ts'
import { unreadOf } from './unread.ts'
import { Watermarks } from './watermarks.ts'

export interface EmbeddedBusOptions extends BusOptions {
  readonly environment: Environment
  /** Wall clock, ms. Default Date.now. */
  readonly now?: () => number
}

/**
 * The number of partitions is fixed by the first start on a data folder. Closing the bus flushes it; the environment is
 * the caller's to close.
 */
export async function openEmbeddedBus(options: EmbeddedBusOptions): Promise<Bus> {
  const store = new BusStore(options.environment)
  const partitions = await store.register(
    options.topics.map(({ name }) => name),
    options.partitions,
  )
  return new EmbeddedBus(store, options, partitions)
}

class EmbeddedBus implements Bus {
  readonly #store: BusStore
  readonly #now: () => number
  readonly #logs = new Map<string, readonly PartitionLog[]>()
  readonly #groupsByTopic = new Map<string, Set<string>>()
  readonly #groups = new Map<string, Group>()
  readonly #followers = new Map<string, Set<TableFollower>>()
  readonly #members = new Set<Consumer>()
  readonly #watermarks: Watermarks
  readonly #appender: Appender
  readonly #host: MemberHost<LogLane>
  #closing: Promise<void> | undefined
  #isClosed = false

  constructor(store: BusStore, options: EmbeddedBusOptions, partitions: number) {
    this.#store = store
    this.#now = options.now ?? Date.now
    for (const topic of options.topics) {
      const groups = store.groupsOf(topic.name)
      this.#groupsByTopic.set(topic.name, groups)
      this.#logs.set(
        topic.name,
        Array.from({ length: partitions }, (_, partition) => new PartitionLog(store, topic, partition, groups)),
      )
    }
    this.#watermarks = new Watermarks({ store, now: this.#now, groupsOf: (topic) => this.#groupsByTopic.get(topic) ?? [] }, () =>
      this.#allLogs(),
    )
    this.#appender = new Appender({
      store,
      now: this.#now,
      followers: (topic) => this.#followers.get(topic) ?? [],
      groupsOf: (topic) => this.#groupsByTopic.get(topic) ?? [],
      mark: (group, log) => this.#watermarks.mark(group, log),
    })
    this.#host = {
      bury: (record, group, reason) => this.#bury(record, group, reason),
      markDirty: (group, lane) => this.#watermarks.markDirty(group, lane),
    }
  }

  partitions(topic: string): number {
    return this.#logsOf(topic).length
  }

  async publish(record: OutgoingRecord, options: PublishOptions = {}): Promise<Position> {
    this.#assertOpen()
    const logs = this.#logsOf(record.topic)
    const partition = record.partition ?? partitionOf(record.key, logs.length)
    const log = logs[partition]
    if (!log) throw new RangeError(`${record.topic} has no partition ${partition}, only 0 to ${logs.length - 1}`)
    const recordBytes = (record.value?.byteLength ?? 0) + (record.content?.byteLength ?? 0)
    if (recordBytes > maxRecordBytes) {
      throw new RangeError(`a record of ${recordBytes} bytes is too large for the bus, which takes at most 256 KiB`)
    }
    return this.#appender.append(log, record, options.durable ?? false)
  }

  async consume(options: ConsumeOptions): Promise<Consumer> {
    this.#assertNotClosing()
    for (const topic of options.topics) {
      const [log] = this.#logsOf(topic)
      if (log?.topic.retention.kind === 'table') throw new TypeError(`${topic} is a table: follow it with table()`)
    }
    for (const topic of options.topics) this.#groupsByTopic.get(topic)?.add(options.group)
    await this.#watermarks.introduce(
      options.group,
      options.topics.flatMap((topic) => this.#logsOf(topic)),
    )
    this.#assertNotClosing()
    const group = this.#group(options.group)
    const member = new Member(options, this.#host)
    let stopped: Promise<void> | undefined
    const consumer: Consumer = {
      assigned: () => member.assigned(),
      pause: (partitions) => member.setPaused(true, partitions),
      resume: (partitions) => member.setPaused(false, partitions),
      stop: () => {
        this.#members.delete(consumer)
        stopped ??= group.leave(member)
        return stopped
      },
    }
    this.#members.add(consumer)
    await group.join(member)
    return consumer
  }

  #group(name: string): Group {
    let group = this.#groups.get(name)
    if (!group) {
      group = new Group(name, {
        logs: (topic) => this.#logsOf(topic),
        mark: (of, log) => this.#watermarks.mark(of, log) ?? log.floor,
        commit: async (of, lanes) => {
          for (const lane of lanes) this.#watermarks.markDirty(of, lane)
          await this.#watermarks.write()
        },
      })
      this.#groups.set(name, group)
    }
    return group
  }

  async table(options: TableOptions): Promise<Table> {
    this.#assertNotClosing()
    const logs = this.#logsOf(options.topic)
    if (logs[0]?.topic.retention.kind !== 'table') throw new TypeError(`${options.topic} is not a table: use consume()`)
    const followers = this.#followers.get(options.topic) ?? new Set()
    this.#followers.set(options.topic, followers)
    const follower: TableFollower = new TableFollower(options, this.#store, logs.length, () => followers.delete(follower))
    followers.add(follower)
    return follower
  }

  async lag(group: string, topics: readonly string[]): Promise<readonly Lag[]> {
    this.#assertOpen()
    const lanes = this.#groups.get(group)?.lanes() ?? []
    return topics.flatMap((topic) =>
      this.#logsOf(topic).map((log) => {
        const lane = lanes.find((candidate) => candidate.log === log)
        const watermark = lane?.unsettled.watermark ?? this.#watermarks.mark(group, log) ?? log.floor
        return lagOf(this.#store, log, watermark, this.#now())
      }),
    )
  }

  async *unread(group: string, topics: readonly string[]): AsyncIterable<BusRecord> {
    this.#assertOpen()
    for (const log of topics.flatMap((topic) => this.#logsOf(topic))) {
      const lane = this.#groups
        .get(group)
        ?.lanes()
        .find((candidate) => candidate.log === log)
      yield* unreadOf(log, lane?.unsettled.watermark ?? this.#watermarks.mark(group, log) ?? log.floor, lane)
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    await Promise.all(Array.from(this.#members, (consumer) => consumer.stop()))
    for (const followers of this.#followers.values()) for (const follower of followers) await follower.stop()
    this.#isClosed = true
    await this.#appender.flush()
    await this.#watermarks.close()
    await this.#store.environment.write(() => undefined, { durable: true }).catch(() => {})
  }

  async #bury(record: Buried, group: string, reason: string): Promise<void> {
    const letter = deadLetter(record, group, reason, this.#now())
    const [log] = this.#logsOf(letter.topic)
    if (log) await this.#appender.append(log, letter, true)
  }

  *#allLogs(): Iterable<PartitionLog> {
    for (const logs of this.#logs.values()) yield* logs
  }

  #logsOf(topic: string): readonly PartitionLog[] {
    const logs = this.#logs.get(topic)
    if (!logs) throw new TypeError(`the topic ${topic} does not exist: known are ${[...this.#logs.keys()].join(', ')}`)
    return logs
  }

  /** While the bus closes, handlers may still publish; nobody new may join. */
  #assertNotClosing(): void {
    if (this.#closing) throw closed()
  }

  #assertOpen(): void {
    if (this.#isClosed) throw closed()
  }
}

const closed = (): SallyportError => new SallyportError('BUS_CLOSED', 'the bus is closed: the gateway is stopping')
