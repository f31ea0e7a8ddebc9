/** The bus port in memory: what the embedded bus and Kafka promise, with faults as fields and everything open to look at. */
import {
  type Bus,
  type BusRecord,
  maxRecordBytes,
  type OutgoingRecord,
  type Position,
  type PublishOptions,
  type TableOptions,
  type TopicPartition,
} from '@sallyport/bus'
import { type Dead, deadCodec, partitionOf, SallyportError, topics } from '@sallyport/contracts'
import { MemoryConsumer } from './memory-consumer.ts'
import { MemoryGroup } from './memory-group.ts'

export interface MemoryBusFaults {
  /** An error fails this publish, before anything is written. */
  publish?: ((record: OutgoingRecord, options: PublishOptions) => Error | undefined) | undefined
  /** Each publish takes this long; its record is written at the end of it. */
  delayMs?: number | undefined
}

export interface MemoryBus extends Bus {
  readonly faults: MemoryBusFaults
  /** What was published on a topic, in order over all partitions. */
  records(topic: string): readonly BusRecord[]
  /** Was this record published with `durable: true`? */
  isDurable(record: BusRecord): boolean
  /** The rows that stand in a table. */
  rows(topic: string): ReadonlyMap<string, Uint8Array>
  deadLetters(): readonly { readonly record: Dead; readonly bytes: Uint8Array }[]
  /** The first offset that the group's watermark has not passed. */
  committed(group: string, topic: string, partition: number): number
  /** Resolves when no handler runs and every consumer that is not paused has been given all that it may take. */
  idle(): Promise<void>
  /** Closes, and opens again on the same records, rows and watermarks. */
  reopen(): Promise<MemoryBus>
  /** As kill -9: every consumer and table is gone, nothing is awaited or committed; records and watermarks stay. */
  crash(): void
}

export interface MemoryBusOptions {
  /** Default 4. */
  readonly partitions?: number
  /** Names of the topics that there are. Default: a topic comes into being when it is first named. */
  readonly topics?: readonly string[]
  /** Publisher's wall clock. Default the machine's. */
  readonly now?: () => number
  /** First wait before a failed handler is tried again; doubles up to 20 times this. Default 2. */
  readonly retryMs?: number
  /** How long `stop` and a revocation wait for records that nobody settles. Default 200 (real adapters: 30,000). */
  readonly drainMs?: number
}

interface FollowedTable {
  readonly topic: string
  readonly onRow: TableOptions['onRow']
}

/** What stays when a bus is closed. */
interface Kept {
  readonly logs: Map<string, BusRecord[][]>
  readonly inOrder: Map<string, BusRecord[]>
  readonly rows: Map<string, Map<string, BusRecord & { value: Uint8Array }>>
  readonly durable: WeakSet<BusRecord>
  readonly groups: Map<string, MemoryGroup>
}

/** Nothing is ever deleted. */
export function memoryBus(options: MemoryBusOptions = {}): MemoryBus {
  return openOn({ logs: new Map(), inOrder: new Map(), rows: new Map(), durable: new WeakSet(), groups: new Map() }, options)
}

function openOn(kept: Kept, options: MemoryBusOptions): MemoryBus {
  const { logs, inOrder, rows, durable, groups } = kept
  const partitionCount = options.partitions ?? 4
  const now = options.now ?? Date.now
  const faults: MemoryBusFaults = {}
  const tables = new Set<FollowedTable>()
  let isClosed = false

  const log = (topic: string): BusRecord[][] => {
    let found = logs.get(topic)
    if (!found) {
      if (options.topics && !options.topics.includes(topic)) throw new TypeError(`the topic ${topic} does not exist`)
      found = Array.from({ length: partitionCount }, () => [])
      logs.set(topic, found)
    }
    return found
  }

  function append(outgoing: OutgoingRecord, publishOptions: PublishOptions): Position {
    const partition = outgoing.partition ?? partitionOf(outgoing.key, partitionCount)
    const partitionLog = log(outgoing.topic)[partition]
    if (!partitionLog) throw new RangeError(`${outgoing.topic} has ${partitionCount} partitions, not one numbered ${partition}`)
    const { topic, key, headers = {}, content } = outgoing
    const value = content ? Buffer.concat([outgoing.value ?? Buffer.alloc(0), content]) : outgoing.value
    if ((value?.byteLength ?? 0) > maxRecordBytes) {
      throw new RangeError(`a record of ${value?.byteLength} bytes is too large for the bus, which takes at most 256 KiB`)
    }
    const record: BusRecord = { topic, key, value, headers, partition, offset: partitionLog.length, publishedAt: now() }
    partitionLog.push(record)
    if (publishOptions.durable) durable.add(record)
    getOrMake(inOrder, topic, () => []).push(record)
    const table = getOrMake(rows, topic, () => new Map())
    if (value === null) table.delete(key)
    else table.set(key, { ...record, value })
    for (const followed of tables) if (followed.topic === topic) followed.onRow(key, value, record)
    for (const group of groups.values()) group.wake()
    return { partition, offset: record.offset }
  }

  const bus: MemoryBus = {
    faults,
    partitions: () => partitionCount,
    async publish(record, publishOptions = {}) {
      if (isClosed) throw new SallyportError('BUS_CLOSED', 'the bus is closed')
      const fault = faults.publish?.(record, publishOptions)
      if (fault) throw fault
      if (faults.delayMs) await new Promise((resolve) => setTimeout(resolve, faults.delayMs))
      return append(record, publishOptions)
    },
    async consume(consumeOptions) {
      if (isClosed) throw new SallyportError('BUS_CLOSED', 'the bus is closed')
      consumeOptions.topics.forEach(log)
      const group = getOrMake(groups, consumeOptions.group, () => new MemoryGroup())
      const consumer = new MemoryConsumer(consumeOptions, group, {
        log: (at) => log(at.topic)[at.partition] ?? [],
        bury: (record, error) => void append(deadRecord(record, consumeOptions.group, error, now()), { durable: true }),
        retryMs: options.retryMs ?? 2,
        drainMs: options.drainMs ?? 200,
      })
      await group.join(consumer, (topic) => log(topic).map((_, partition): TopicPartition => ({ topic, partition })))
      return consumer
    },
    async table({ topic, onRow }) {
      if (isClosed) throw new SallyportError('BUS_CLOSED', 'the bus is closed')
      log(topic)
      const followed: FollowedTable = { topic, onRow }
      const standing = [...(rows.get(topic) ?? [])]
      for (const [key, record] of standing) onRow(key, record.value, record)
      tables.add(followed)
      return { loaded: Promise.resolve(), stop: async () => void tables.delete(followed) }
    },
    async lag(name, topicNames) {
      const group = groups.get(name)
      return topicNames.flatMap((topic) =>
        log(topic).map((records, partition) => {
          const committed = group?.committed({ topic, partition }) ?? 0
          const oldest = records[committed]
          return {
            topic,
            partition,
            records: records.length - committed,
            oldestAgeMs: oldest ? Math.max(1, now() - oldest.publishedAt) : 0,
          }
        }),
      )
    },
    async *unread(name, topicNames) {
      for (const topic of topicNames) {
        for (const [partition, records] of log(topic).entries()) {
          yield* records.slice(groups.get(name)?.committed({ topic, partition }) ?? 0)
        }
      }
    },
    async close() {
      if (isClosed) return
      await Promise.all([...groups.values()].flatMap((group) => group.members().map((member) => member.stop())))
      tables.clear()
      isClosed = true
    },
    records: (topic) => inOrder.get(topic) ?? [],
    isDurable: (record) => durable.has(record),
    rows: (topic) => new Map([...(rows.get(topic) ?? [])].map(([key, record]) => [key, record.value])),
    deadLetters: () =>
      (inOrder.get(topics.dead.name) ?? []).flatMap(({ value }) => (value === null ? [] : [deadCodec.decode(value)])),
    committed: (group, topic, partition) => groups.get(group)?.committed({ topic, partition }) ?? 0,
    async idle() {
      const isBusy = (): boolean => [...groups.values()].some((group) => group.members().some((member) => member.isBusy()))
      let quietTurns = 0
      while (quietTurns < 3) {
        await new Promise((resolve) => setImmediate(resolve))
        quietTurns = isBusy() ? 0 : quietTurns + 1
      }
    },
    async reopen() {
      await bus.close()
      return openOn(kept, options)
    },
    crash() {
      tables.clear()
      for (const group of groups.values()) group.crash()
    },
  }
  return bus
}

function deadRecord(record: BusRecord, group: string, error: Error, at: number): OutgoingRecord {
  const { topic, partition, offset, key } = record
  const dead: Dead = { v: 1, kind: 'dead', topic, partition, offset, key, group, reason: error.message, at }
  return { topic: topics.dead.name, key: topic, value: deadCodec.encode(dead, record.value ?? new Uint8Array(0)) }
}

function getOrMake<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key)
  if (value === undefined) {
    value = make()
    map.set(key, value)
  }
  return value
}
