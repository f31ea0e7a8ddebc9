/** The brokers go away and come back: what is published meanwhile fails in bounded time, and everything goes on by itself. */
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Bus, type DeliveredRecord, openKafkaBus } from '@sallyport/bus'
import { type TopicSpec, topics } from '@sallyport/contracts'
import { eventually, silentLogger } from '@sallyport/testkit'
import { type Kafka, startKafka } from '../../infra/kafka.ts'
import { kafkaMissing } from '../../infra/kafka-libraries.ts'

const spec: TopicSpec = { name: 'mail', retention: { kind: 'until-read', readers: ['g'] } }
const table: TopicSpec = { name: 'rows', retention: { kind: 'table' } }

/** A consumer that is refused for this long gives up, as measured; it must come back nevertheless. */
const awayMs = 60_000
/** What a caller may have to wait for the answer that there is none. */
const boundMs = 16_000

const open = (kafka: Kafka): Promise<Bus> =>
  openKafkaBus({
    kafka: { brokers: kafka.bootstrap },
    topics: [spec, table, topics.dead],
    partitions: 4,
    replication: 1,
    instance: 'recovery',
    log: silentLogger(),
  })

suite('recovery of the bus on Kafka', { skip: kafkaMissing }, () => {
  test('all brokers are gone for a minute', async (t) => {
    const kafka = await startKafka()
    const bus = await open(kafka)
    try {
      const seen = new Map<string, number>()
      const rows = new Map<string, string>()
      const handle = ({ value }: DeliveredRecord): void => {
        const text = Buffer.from(value ?? []).toString()
        seen.set(text, (seen.get(text) ?? 0) + 1)
      }
      await bus.consume({ group: 'g', topics: [spec.name], handle })
      const onRow = (key: string, value: Uint8Array | null): void => void rows.set(key, Buffer.from(value ?? []).toString())
      await (await bus.table({ topic: table.name, onRow })).loaded
      const acked = new Set<string>()
      const publish = async (text: string): Promise<void> => {
        await bus.publish({ topic: spec.name, key: text, value: Buffer.from(text) }, { durable: true })
        acked.add(text)
      }
      await publish('before')
      await eventually(() => seen.has('before'), { deadlineMs: 30_000, what: 'the first record' })

      const [broker] = kafka.brokers
      await broker?.kill()
      const until = performance.now() + awayMs
      let slowestMs = 0
      for (let n = 0; performance.now() < until; n++) {
        const began = performance.now()
        await assert.rejects(publish(`away ${n}`), { code: 'BUS_UNAVAILABLE', retriable: true })
        slowestMs = Math.max(slowestMs, performance.now() - began)
        await sleep(500)
      }
      t.diagnostic(`the slowest refusal took ${Math.round(slowestMs)} ms`)
      assert.ok(slowestMs < boundMs, `${slowestMs} ms`)
      await broker?.start()

      let tries = 0
      await eventually(
        () =>
          publish(`after ${tries++}`).then(
            () => true,
            () => false,
          ),
        { deadlineMs: 60_000, what: 'a publish' },
      )
      await bus.publish({ topic: table.name, key: 'k', value: Buffer.from('new') }, { durable: true })
      await eventually(() => [...acked].every((text) => seen.has(text)), { deadlineMs: 60_000, what: 'every acknowledged record' })
      await eventually(() => rows.get('k') === 'new', { deadlineMs: 60_000, what: 'the row' })
      await eventually(async () => (await bus.lag('g', [spec.name])).every(({ records }) => records === 0), {
        deadlineMs: 30_000,
        what: 'no lag',
      })
    } finally {
      await bus.close()
      await kafka.remove()
    }
  })
})
