/** What each test of the contract starts from: an open bus, topics and a group that no other test uses. */
import type { TopicSpec } from '@sallyport/contracts'
import { topics } from '@sallyport/contracts'
import { eventually } from '@sallyport/testkit'
import type { Bus, BusRecord, DeliveredRecord, Position } from '../port.ts'

export interface OpenedBus {
  readonly bus: Bus
  /** Closes what is open, and opens again on the same data. */
  reopen(): Promise<Bus>
  /** Closes what is open, and removes the data. */
  close(): Promise<void>
}

/** Opens a bus with these topics, new to it (but for `mail.dead`), of at least 2 partitions each. */
export type OpenBus = (topics: readonly TopicSpec[]) => Promise<OpenedBus>

export interface Fixture {
  /** The bus that is open now. */
  bus: Bus
  readonly topic: string
  readonly secondTopic: string
  readonly tableTopic: string
  readonly group: string
  /** Closes, opens again, and leaves the new bus in `bus`. */
  reopen(): Promise<void>
}

let fixtures = 0
const day = 86_400_000

/** Runs `body` on a bus of its own; what it leaves open is closed. */
export async function withBus(open: OpenBus, body: (fixture: Fixture) => Promise<void>): Promise<void> {
  const prefix = `contract.${process.pid}.${Date.now().toString(36)}.${fixtures++}`
  const [topic, secondTopic, tableTopic] = [`${prefix}.first`, `${prefix}.second`, `${prefix}.table`]
  const opened = await open([
    { name: topic, retention: { kind: 'age', ms: day } },
    { name: secondTopic, retention: { kind: 'age', ms: day } },
    { name: tableTopic, retention: { kind: 'table' } },
    topics.dead,
  ])
  const fixture: Fixture = {
    bus: opened.bus,
    topic,
    secondTopic,
    tableTopic,
    group: `${prefix}.group`,
    async reopen() {
      fixture.bus = await opened.reopen()
    },
  }
  try {
    await body(fixture)
  } finally {
    await opened.close()
  }
}

export const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text))
export const text = (record: { readonly value: Uint8Array | null }): string => Buffer.from(record.value ?? []).toString()

/** Publishes texts to partition 0, one after the other, each under its own key unless `key` says otherwise. */
export async function publishAll(
  bus: Bus,
  topic: string,
  values: readonly string[],
  key: (value: string) => string = (value) => value,
): Promise<Position[]> {
  return Promise.all(values.map((value) => bus.publish({ topic, key: key(value), partition: 0, value: bytes(value) })))
}

/** Waits as long as a real broker may need. */
export const soon = <T>(condition: () => T | Promise<T>, what: string): Promise<NonNullable<T>> =>
  eventually(condition, { deadlineMs: 30_000, what })

export interface Seen {
  readonly records: DeliveredRecord[]
  readonly texts: string[]
  readonly handle: (record: DeliveredRecord) => void
}

/** A handler that keeps what it is given. */
export function seen(): Seen {
  const records: DeliveredRecord[] = []
  const texts: string[] = []
  return {
    records,
    texts,
    handle(record) {
      records.push(record)
      texts.push(text(record))
    },
  }
}

/** Consumes with a group of its own until `count` records came, and leaves. */
export async function readAll(fixture: Fixture, topic: string, count: number): Promise<readonly BusRecord[]> {
  const reader = seen()
  const group = `${fixture.group}.reader.${fixtures++}`
  const consumer = await fixture.bus.consume({ group, topics: [topic], handle: reader.handle })
  await soon(() => reader.records.length >= count, `${count} records of ${topic}`)
  await consumer.stop()
  return reader.records
}

/** A promise in the hands of the test. */
export function gate(): { readonly opened: Promise<void>; open(): void } {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { opened: promise, open: resolve }
}
