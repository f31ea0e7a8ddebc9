/**
 * Every durable record that was acknowledged is in the log, while the leaders of all partitions move again and again and brokers
 * are stopped under load.
 *
 * What taught it: a `send()` of kafkajs that spans partitions skips, when it tries again, the brokers that have already answered.
 * Where a leader has moved to one of these, its records are never sent, and the send resolves: 151 of 7,788 acknowledged records
 * were in no log. The same load sent so goes on beside ours, and its losses are printed: they say whether the leaders moved
 * enough for this test to mean something.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Bus, openKafkaBus } from '@sallyport/bus'
import { type TopicSpec, topics } from '@sallyport/contracts'
import { eventually, silentLogger } from '@sallyport/testkit'
import { Kafka as KafkaJs, logLevel } from 'kafkajs'
import { type Kafka, startKafka } from '../../infra/kafka.ts'
import { kafkaMissing } from '../../infra/kafka-libraries.ts'

const partitions = 12
const perSecond = 300
const moveForMs = 20_000
const moveEveryMs = 1_200
const spec = (name: string): TopicSpec => ({ name, retention: { kind: 'age', ms: 86_400_000 } })
const ours = spec('ours')
const spanning = spec('spanning')

interface Load {
  readonly acked: Set<number>
  rejected: number
}

/** Publishes over all partitions until it is told to stop; resolves when every record has its answer. */
async function publishing(bus: Bus, signal: AbortSignal): Promise<Load> {
  const load: Load = { acked: new Set(), rejected: 0 }
  const answers: Promise<void>[] = []
  const began = performance.now()
  for (let sent = 0; !signal.aborted; await sleep(5)) {
    for (; sent < ((performance.now() - began) / 1_000) * perSecond; sent++) {
      const number = sent
      const record = { topic: ours.name, key: String(number), partition: number % partitions, value: Buffer.from(String(number)) }
      answers.push(
        bus.publish(record, { durable: true }).then(
          () => void load.acked.add(number),
          (error: unknown) => {
            assert.equal((error as { code?: string }).code, 'BUS_UNAVAILABLE')
            load.rejected++
          },
        ),
      )
    }
  }
  await Promise.all(answers)
  return load
}

/** As one would use kafkajs without knowing it. */
async function spanningSends(kafka: KafkaJs, signal: AbortSignal): Promise<Load> {
  const load: Load = { acked: new Set(), rejected: 0 }
  const producer = kafka.producer({ allowAutoTopicCreation: false })
  await producer.connect()
  for (let sent = 0; !signal.aborted; await sleep(20)) {
    const numbers = Array.from({ length: partitions * 2 }, (_, n) => sent + n)
    sent += numbers.length
    const messages = numbers.map((n) => ({ partition: n % partitions, key: String(n), value: String(n) }))
    try {
      await producer.send({ topic: spanning.name, acks: -1, messages })
      for (const n of numbers) load.acked.add(n)
    } catch {
      load.rejected += numbers.length
    }
  }
  await producer.disconnect().catch(() => {})
  return load
}

/** The preferred leader of each partition is another one each time, and the controller elects it. */
async function movingLeaders(kafka: KafkaJs, forMs: number): Promise<number> {
  const admin = kafka.admin()
  await admin.connect()
  let moves = 0
  for (const until = performance.now() + forMs; performance.now() < until; await sleep(moveEveryMs)) {
    moves++
    const partitionAssignment = Array.from({ length: partitions }, (_, partition) => ({
      partition,
      replicas: [0, 1, 2].map((n) => ((partition + moves + n) % 3) + 1),
    }))
    const moved = [ours.name, spanning.name].map((topic) => ({ topic, partitionAssignment }))
    await admin.alterPartitionReassignments({ topics: moved }).catch(() => {})
  }
  await admin.disconnect()
  return moves
}

/** How often each number is in the log. */
async function audit(bus: Bus, topic: string, expected: ReadonlySet<number>): Promise<ReadonlyMap<number, number>> {
  const found = new Map<number, number>()
  let lastMs = performance.now()
  const consumer = await bus.consume({
    group: `audit-${topic}`,
    topics: [topic],
    handle: ({ value }) => {
      const number = Number(Buffer.from(value ?? []).toString())
      found.set(number, (found.get(number) ?? 0) + 1)
      lastMs = performance.now()
    },
  })
  const isComplete = (): boolean => [...expected].every((number) => found.has(number))
  // What is missing after all was read, and nothing came for long, is lost.
  await eventually(
    async () =>
      isComplete() ||
      ((await bus.lag(`audit-${topic}`, [topic])).every(({ records }) => records === 0) && performance.now() - lastMs > 5_000),
    { deadlineMs: 120_000, what: `the audit of ${topic}` },
  )
  await consumer.stop()
  return found
}

const summary = ({ acked, rejected }: Load, log: ReadonlyMap<number, number>) => ({
  acked: acked.size,
  lost: [...acked].filter((number) => !log.has(number)).length,
  duplicates: [...log.values()].filter((times) => times > 1).length,
  rejected,
})

test('0 acknowledged records lost while leaders move and brokers stop', { skip: kafkaMissing }, async (t) => {
  const kafka: Kafka = await startKafka({
    brokers: 3,
    properties: { 'leader.imbalance.check.interval.seconds': '1', 'leader.imbalance.per.broker.percentage': '0' },
  })
  const open = () =>
    openKafkaBus({
      kafka: { brokers: kafka.bootstrap },
      topics: [ours, spanning, topics.dead],
      partitions,
      instance: 'leader-moves',
      log: silentLogger(),
    })
  const bus = await open()
  const client = new KafkaJs({
    brokers: [...kafka.bootstrap],
    logLevel: logLevel.NOTHING,
    retry: { initialRetryTime: 50, maxRetryTime: 500, retries: 50 },
  })
  try {
    const stop = new AbortController()
    const loads = Promise.all([publishing(bus, stop.signal), spanningSends(client, stop.signal)])
    const moves = await movingLeaders(client, moveForMs)
    // In order: its leaders move first. Then without warning.
    const [first, second] = kafka.brokers
    await first?.stop()
    await sleep(2_000)
    await first?.start()
    await second?.kill()
    await sleep(3_000)
    await second?.start()
    await sleep(2_000)
    stop.abort()
    const [mine, others] = await loads
    const found = summary(mine, await audit(bus, ours.name, mine.acked))
    t.diagnostic(`one partition a send, ${moves} moves of all leaders, a broker stopped, one killed: ${JSON.stringify(found)}`)
    const spanned = summary(others, await audit(bus, spanning.name, others.acked))
    t.diagnostic(`for comparison, sends that span partitions: ${JSON.stringify(spanned)}`)
    assert.ok(found.acked > 1_000, `only ${found.acked} were acknowledged`)
    assert.equal(found.lost, 0)
  } finally {
    await bus.close()
    await kafka.remove()
  }
})
