/** Consumers on a real broker: what is slow holds up nothing else, a stop is fast, and what is taken away commits no more. */
import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Bus, openKafkaBus } from '@sallyport/bus'
import { type TopicSpec, topics } from '@sallyport/contracts'
import { eventually, freePort, silentLogger } from '@sallyport/testkit'
import { type Kafka, startKafka } from '../../infra/kafka.ts'
import { kafkaMissing } from '../../infra/kafka-libraries.ts'
import { startToxiproxy, type Toxiproxy } from '../../infra/toxiproxy.ts'

const partitions = 4
const numbered = Array.from({ length: partitions }, (_, partition) => partition)
const text = (value: Uint8Array | null): string => Buffer.from(value ?? []).toString()
const soon = (condition: () => unknown, what: string) => eventually(condition, { deadlineMs: 60_000, what })

suite('consuming from Kafka', { skip: kafkaMissing }, () => {
  let kafka: Kafka
  let toxiproxy: Toxiproxy
  const proxied = { port: 0, advertisedPort: 0 }
  let proxy: Awaited<ReturnType<Toxiproxy['proxy']>>
  const open: Bus[] = []
  let count = 0

  before(async () => {
    toxiproxy = await startToxiproxy()
    proxied.port = await freePort()
    proxy = await toxiproxy.proxy(proxied.port)
    proxied.advertisedPort = proxy.port
    kafka = await startKafka({ alsoListens: () => [proxied] })
  })
  after(async () => {
    await Promise.all(open.map((bus) => bus.close()))
    await kafka.remove()
    await toxiproxy.stop()
  })

  /** The group that owns it has the same name. */
  const nextSpec = (): TopicSpec => ({ name: `t${++count}`, retention: { kind: 'until-read', readers: [`t${count}`] } })
  async function bus(spec: TopicSpec, brokers: readonly string[] = kafka.bootstrap): Promise<Bus> {
    return busOf([spec], brokers)
  }
  async function busOf(specs: readonly TopicSpec[], brokers: readonly string[] = kafka.bootstrap): Promise<Bus> {
    const opened = await openKafkaBus({
      kafka: { brokers },
      topics: [...specs, topics.dead],
      partitions,
      replication: 1,
      instance: 'consuming',
      log: silentLogger(),
      trimEveryMs: 500,
    })
    open.push(opened)
    return opened
  }
  const publish = (to: Bus, { name: topic }: TopicSpec, partition: number, value: string) =>
    to.publish({ topic, key: value, partition, value: Buffer.from(value) }, { durable: true })

  test('a slow handler on one partition does not hold up another, nor its own', async () => {
    const spec = nextSpec()
    const b = await bus(spec)
    const never = Promise.withResolvers<void>()
    const seen: string[] = []
    await b.consume({
      group: spec.name,
      topics: [spec.name],
      handle: async ({ value }) => {
        if (text(value) === 'slow') await never.promise
        seen.push(text(value))
      },
    })
    await publish(b, spec, 0, 'slow')
    await sleep(300)
    for (let n = 0; n < 20; n++) for (const partition of numbered) await publish(b, spec, partition, `${partition}-${n}`)
    await soon(() => seen.length === 20 * partitions, 'all others')
    never.resolve()
    await soon(() => seen.includes('slow'), 'the slow one')
  })

  test('what is read is deleted, nothing above the watermark is', async () => {
    const spec = nextSpec()
    const b = await bus(spec)
    const seen: string[] = []
    const last = Promise.withResolvers<void>()
    await b.consume({
      group: spec.name,
      topics: [spec.name],
      handle: async ({ value }) => {
        seen.push(text(value))
        if (text(value) === 'open') await last.promise
      },
    })
    for (let n = 0; n < 10; n++) await publish(b, spec, 1, `done ${n}`)
    await publish(b, spec, 1, 'open')
    for (let n = 0; n < 5; n++) await publish(b, spec, 1, `above ${n}`)
    await soon(() => seen.length === 16, 'all records')
    const left = async (): Promise<readonly string[]> => {
      const found: string[] = []
      const reader = await b.consume({
        group: `reader ${Math.random()}`,
        topics: [spec.name],
        handle: ({ value }) => void found.push(text(value)),
      })
      await soon(() => found.includes('above 4'), 'the last record')
      await reader.stop()
      return found
    }
    await soon(async () => (await left()).length <= 6, 'deletion')
    assert.deepEqual([...(await left())].sort(), ['above 0', 'above 1', 'above 2', 'above 3', 'above 4', 'open'])
    last.resolve()
    await soon(async () => (await b.lag(spec.name, [spec.name])).every(({ records }) => records === 0), 'no lag')
  })

  test('an idle bus closes within two seconds', async () => {
    const spec = nextSpec()
    const b = await bus(spec)
    await b.consume({ group: spec.name, topics: [spec.name], handle: () => {} })
    await publish(b, spec, 0, 'x')
    await sleep(500)
    const began = performance.now()
    await b.close()
    // 0.2 s on an idle machine.
    assert.ok(performance.now() - began < 2_000, `${performance.now() - began} ms`)
  })

  test('lag is told of a group without members', async () => {
    const spec = nextSpec()
    const b = await bus(spec)
    const consumer = await b.consume({ group: spec.name, topics: [spec.name], handle: () => {} })
    await publish(b, spec, 0, 'read')
    await soon(async () => (await b.lag(spec.name, [spec.name])).every(({ records }) => records === 0), 'no lag')
    await consumer.stop()
    await publish(b, spec, 0, 'waits')
    await sleep(300)
    const [first] = await b.lag(spec.name, [spec.name])
    assert.equal(first?.records, 1)
    assert.ok(first.oldestAgeMs >= 300 && first.oldestAgeMs < 60_000, String(first.oldestAgeMs))
  })

  test('members of one group may read different topics', async () => {
    const specs = [nextSpec(), nextSpec()]
    const b = await busOf(specs)
    const seen: string[] = []
    for (const { name } of specs) {
      await b.consume({ group: 'of both', topics: [name], handle: ({ topic, value }) => void seen.push(`${topic} ${text(value)}`) })
    }
    for (const spec of specs) await publish(b, spec, 0, 'x')
    await soon(() => seen.length === 2, 'both records')
    assert.deepEqual(seen.sort(), specs.map(({ name }) => `${name} x`).sort())
  })

  test('a member that is cut off loses its partitions, commits nothing more of them, and takes part again', async () => {
    const spec = nextSpec()
    const [near, far] = [await bus(spec), await bus(spec, [`127.0.0.1:${proxied.advertisedPort}`])]
    const seen: string[] = []
    const revoked: number[] = []
    const held = Promise.withResolvers<void>()
    const cutOff = await far.consume({
      group: spec.name,
      topics: [spec.name],
      onRevoked: (gone) => void revoked.push(gone.length),
      handle: async ({ value }) => {
        seen.push(`far ${text(value)}`)
        await held.promise
      },
    })
    await soon(() => cutOff.assigned().length === partitions, 'all partitions of the first')
    for (const partition of numbered) await publish(near, spec, partition, `${partition}`)
    await soon(() => seen.length === partitions, 'all records in flight')
    await proxy.cut()
    const other = await near.consume({
      group: spec.name,
      topics: [spec.name],
      settle: 'manual',
      drainMs: 0,
      handle: ({ value }) => void seen.push(`near ${text(value)}`),
    })
    // The group puts out who has not been heard of for 6 s; then the records come to the other.
    await soon(() => numbered.every((n) => seen.includes(`near ${n}`)), 'the records again')
    await soon(() => revoked.length > 0, 'the cut off member knows')
    held.resolve()
    await proxy.mend()
    await soon(() => cutOff.assigned().length === 2 && other.assigned().length === 2, 'both share')
    const lag = await near.lag(spec.name, [spec.name])
    const ofOther = lag.filter(({ partition }) => other.assigned().some((at) => at.partition === partition))
    assert.deepEqual(
      ofOther.map(({ records }) => records),
      [1, 1],
    )
  })
})
