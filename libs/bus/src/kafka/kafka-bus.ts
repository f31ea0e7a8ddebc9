/** The bus on Apache Kafka, which other processes share. */
import { setTimeout as sleep } from 'node:timers/promises'
import { partitionOf, SallyportError, type TopicSpec } from '@sallyport/contracts'
import type { Logger } from 'pino'
import { deadLetter } from '../dead-letter.ts'
import { joined } from '../joined.ts'
import { maxRecordBytes } from '../max-record-bytes.ts'
import type {
  Bus,
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
import type { Bounds, KafkaClient } from './client-port.ts'
import { GroupLag } from './group-lag.ts'
import type { KafkaBusOptions } from './kafka-bus-options.ts'
import { KafkaConsumer } from './kafka-consumer.ts'
import { isLoginFailure, isRefused, messageOf, unavailable } from './kafka-failure.ts'
import { PartitionSender } from './partition-sender.ts'
import { prepareTopics } from './prepare-topics.ts'
import { ProducerPool } from './producer-pool.ts'
import { TableReader } from './table-reader.ts'
import { groupRefused, minInsyncOf, misconfigured } from './topic-plan.ts'
import { trimTopics } from './trim-topics.ts'
import { unreadOf } from './unread.ts'

const defaultTrimMs = 60_000
const leaderWaitMs = 60_000
const leaderLookMs = 250

/**
 * Creates the topics that are missing. Fails with BUS_UNAVAILABLE where no broker answers, and with CONFIG_INVALID where the
 * cluster does not let us in, forbids what is needed, or has topics that are not as they must be.
 */
export async function openKafkaBus(options: KafkaBusOptions): Promise<Bus> {
  const { kafka, topics, partitions, replication = 3, log } = options
  // A gateway on one machine has no use for it, and it takes 10 MB.
  const { kafkajsClient } = await import('./kafkajs-client.ts')
  const client = kafkajsClient(kafka, log)
  try {
    await client.connect()
    const plan = { partitions, replication, minInsync: minInsyncOf(replication) }
    const found = await prepareTopics(client, topics, plan, kafka.brokers)
    return new KafkaBus(client, options, found)
  } catch (error) {
    await client.close().catch(() => {})
    const where = `Kafka at ${kafka.brokers.join(', ')}`
    if (isLoginFailure(error)) throw misconfigured([`${where} does not let us in: ${messageOf(error)}; look at tls and sasl`])
    throw unavailable(`${where} cannot be used`, error)
  }
}

class KafkaBus implements Bus {
  readonly #client: KafkaClient
  readonly #log: Logger
  readonly #specs: ReadonlyMap<string, TopicSpec>
  readonly #partitions: ReadonlyMap<string, number>
  readonly #senders = new Map<string, PartitionSender>()
  readonly #producers: ProducerPool
  readonly #consumers = new Set<KafkaConsumer>()
  readonly #lag: GroupLag
  #tables: Promise<TableReader> | undefined
  readonly #trimTimer: NodeJS.Timeout
  #closing: Promise<void> | undefined
  #isClosed = false

  constructor(
    client: KafkaClient,
    { topics, log, trimEveryMs = defaultTrimMs }: KafkaBusOptions,
    partitions: ReadonlyMap<string, number>,
  ) {
    this.#client = client
    this.#log = log
    this.#specs = new Map(topics.map((spec) => [spec.name, spec]))
    this.#partitions = partitions
    this.#producers = new ProducerPool({
      client,
      onRetired: (reason) => log.warn({ reason }, 'a producer of Kafka failed: another takes its place'),
    })
    this.#lag = new GroupLag(client)
    this.#trimTimer = setInterval(() => void this.#trim(), trimEveryMs).unref()
  }

  partitions(topic: string): number {
    const count = this.#partitions.get(topic)
    if (count === undefined)
      throw new TypeError(`the topic ${topic} does not exist: known are ${[...this.#partitions.keys()].join(', ')}`)
    return count
  }

  async publish(record: OutgoingRecord, { durable = false, isPatient = false }: PublishOptions = {}): Promise<Position> {
    if (this.#isClosed) throw closed()
    const count = this.partitions(record.topic)
    const partition = record.partition ?? partitionOf(record.key, count)
    if (!(partition >= 0 && partition < count))
      throw new RangeError(`${record.topic} has no partition ${partition}, only 0 to ${count - 1}`)
    const bytes = (record.value?.byteLength ?? 0) + (record.content?.byteLength ?? 0)
    if (bytes > maxRecordBytes)
      throw new RangeError(`a record of ${bytes} bytes is too large for the bus, which takes at most 256 KiB`)
    const { topic, key, headers = {} } = record
    const value = record.content ? joined(record) : record.value
    try {
      const offset = await this.#sender(topic, partition).publish(
        { key, headers, value },
        { bytes, isDurable: durable !== false, isPatient },
      )
      return { partition, offset }
    } catch (error) {
      const mend = isRefused(error) ? `: allow WRITE on it (kafka-acls.sh --add --operation Write --topic ${topic} …)` : ''
      throw unavailable(`Kafka did not confirm a record of ${topic}${mend}`, error)
    }
  }

  async consume(options: ConsumeOptions): Promise<Consumer> {
    this.#assertNotClosing()
    for (const topic of options.topics) {
      this.partitions(topic)
      if (this.#specs.get(topic)?.retention.kind === 'table') throw new TypeError(`${topic} is a table: follow it with table()`)
    }
    const consumer = new KafkaConsumer({
      client: this.#client,
      consume: options,
      log: this.#log,
      bury: async (record, group, reason) =>
        void (await this.publish(deadLetter(record, group, reason, Date.now()), { durable: true })),
    })
    this.#consumers.add(consumer)
    try {
      await consumer.joined
    } catch (error) {
      this.#consumers.delete(consumer)
      await consumer.stop()
      throw isRefused(error) ? groupRefused(options, error) : error
    }
    return consumer
  }

  async table(options: TableOptions): Promise<Table> {
    this.#assertNotClosing()
    this.partitions(options.topic)
    if (this.#specs.get(options.topic)?.retention.kind !== 'table')
      throw new TypeError(`${options.topic} is not a table: use consume()`)
    try {
      const bounds = await this.#boundsOf(options.topic)
      const tables = await this.#openTables()
      this.#assertNotClosing()
      return tables.follow(options, bounds)
    } catch (error) {
      throw unavailable(`the table ${options.topic} cannot be followed`, error)
    }
  }

  async lag(group: string, topics: readonly string[]): Promise<readonly Lag[]> {
    if (this.#isClosed) throw closed()
    for (const topic of topics) this.partitions(topic)
    try {
      return await this.#lag.of(group, topics)
    } catch (error) {
      throw unavailable(`how far ${group} is behind cannot be told`, error)
    }
  }

  async *unread(group: string, topics: readonly string[]): AsyncIterable<BusRecord> {
    if (this.#isClosed) throw closed()
    for (const topic of topics) this.partitions(topic)
    try {
      yield* unreadOf(this.#client, group, topics)
    } catch (error) {
      throw unavailable(`what ${group} has not read cannot be looked at`, error)
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    clearInterval(this.#trimTimer)
    await Promise.all(Array.from(this.#consumers, (consumer) => consumer.stop()))
    this.#isClosed = true
    const tables = await this.#tables?.catch(() => undefined)
    await Promise.all(Array.from(this.#senders.values(), (sender) => sender.idle()))
    await Promise.allSettled([tables?.close(), this.#producers.close(), this.#client.close()])
  }

  /** Partitions whose topic was just made, or whose broker is gone, have no leader for a while. */
  async #boundsOf(topic: string): Promise<readonly Bounds[]> {
    const deadline = performance.now() + leaderWaitMs
    for (;;) {
      try {
        return await this.#client.bounds(topic)
      } catch (error) {
        if (this.#closing || isRefused(error) || performance.now() > deadline) throw error
        await sleep(leaderLookMs)
      }
    }
  }

  #sender(topic: string, partition: number): PartitionSender {
    const name = `${topic} ${partition}`
    let sender = this.#senders.get(name)
    if (!sender) {
      sender = new PartitionSender({ topic, partition }, (request, deadlineMs) => this.#producers.send(request, deadlineMs))
      this.#senders.set(name, sender)
    }
    return sender
  }

  #openTables(): Promise<TableReader> {
    this.#tables ??= this.#client.reader().then(
      (reader) => new TableReader(reader, this.#log),
      (error: unknown) => {
        this.#tables = undefined
        throw error
      },
    )
    return this.#tables
  }

  async #trim(): Promise<void> {
    const owned = [...this.#consumers].flatMap((consumer) =>
      consumer.assigned().map((at) => ({ ...at, group: consumer.options.group })),
    )
    await trimTopics(this.#client, [...this.#specs.values()], owned).catch((error: unknown) =>
      this.#log.warn({ reason: messageOf(error) }, 'what was read could not be deleted from Kafka: it is tried again'),
    )
  }

  /** While the bus closes, handlers may still publish; nobody new may join. */
  #assertNotClosing(): void {
    if (this.#closing) throw closed()
  }
}

const closed = (): SallyportError => new SallyportError('BUS_CLOSED', 'the bus is closed: the gateway is stopping')
