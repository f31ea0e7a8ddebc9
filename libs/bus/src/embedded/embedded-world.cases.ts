/** What the tests of the embedded bus share: a bus on an environment in memory, whose rows can be counted and broken. */
import { type Retention, type TopicSpec, topics } from '@sallyport/contracts'
import { type MemoryEnvironment, memoryEnvironment } from '@sallyport/testkit'
import type { Bus, ConsumeOptions, DeliveredRecord } from '../port.ts'
import { BusStore } from './bus-store.ts'
import { openEmbeddedBus } from './embedded-bus.ts'
import { offsetOf } from './log-row.ts'
import { PartitionLog } from './partition-log.ts'

export interface World {
  readonly environment: MemoryEnvironment
  bus: Bus
  /** The wall clock, ms. */
  now: number
  /** Texts to the one partition of `t`, each under its own key. */
  publish(...texts: readonly string[]): Promise<readonly number[]>
  /** Joins a group on `t`; what it handles is in the list. */
  read(group: string, options?: Partial<ConsumeOptions>): Promise<DeliveredRecord[]>
  /** Closes the bus and opens it on the same environment. */
  reopen(): Promise<void>
  /** Offsets of the rows of `t` that are in the log. */
  rows(): readonly number[]
  /** Keys of the rows of `t`. */
  keys(): readonly Uint8Array[]
  /** The log of `t` as a bus that opens now would see it, and its store. */
  log(groups?: readonly string[]): Promise<{ readonly store: BusStore; readonly log: PartitionLog }>
}

/** Opens a bus with the topic `t`, kept so, and `mail.dead`, of one partition each. */
export async function embeddedWorld(retention: Retention): Promise<World> {
  const environment = memoryEnvironment()
  const t: TopicSpec = { name: 't', retention }
  const open = (): Promise<Bus> => openEmbeddedBus({ environment, topics: [t, topics.dead], partitions: 1, now: () => world.now })
  const keys = (): Uint8Array[] =>
    [...environment.table('log').keys({})].filter((key) => Buffer.from(key).readUInt16BE(0) === firstTopicId)
  const world: Omit<World, 'bus'> & { bus?: Bus } = {
    environment,
    now: Date.UTC(2026, 0, 1),
    publish: (...texts) =>
      Promise.all(texts.map(async (key) => (await opened.bus.publish({ topic: 't', key, value: Buffer.from(key) })).offset)),
    async read(group, options = {}) {
      const records: DeliveredRecord[] = []
      await opened.bus.consume({ drainMs: 0, ...options, group, topics: ['t'], handle: (record) => void records.push(record) })
      return records
    },
    async reopen() {
      await opened.bus.close()
      opened.bus = await open()
    },
    keys,
    rows: () => keys().map(offsetOf),
    async log(groups = []) {
      const store = new BusStore(environment)
      await store.register(['t', topics.dead.name], 1)
      return { store, log: new PartitionLog(store, t, 0, groups) }
    },
  }
  const opened: World = Object.assign(world, { bus: await open() })
  return opened
}

const firstTopicId = 1

export const textsOf = (records: readonly DeliveredRecord[]): string[] =>
  records.map(({ value }) => Buffer.from(value ?? []).toString())
