/**
 * A record that cannot be parsed, on every topic, goes to `mail.dead` with its reason and delays nothing; an accepted message that hits a
 * defect is held (`fault`), and nothing else is.
 */
import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Bus, openKafkaBus } from '@sallyport/bus'
import {
  commandCodec,
  type Dead,
  deadCodec,
  decidedCodec,
  type Held,
  heldCodec,
  jobCodec,
  type Message,
  newMessageId,
  topics,
} from '@sallyport/contracts'
import { eventually, silentLogger } from '@sallyport/testkit'
import { api } from '../../process/api.ts'
import { audit } from '../../process/load.ts'
import { type Cluster, checkers, clusterMissing, startCluster } from '../cluster/cluster.ts'
import { enforcedAddress } from '../cluster/policy.ts'

/** How many groups read a topic: each buries what it cannot parse. Of a table the console does. */
const lettersOf: Readonly<Record<string, number>> = { [topics.received.name]: checkers.length, [topics.dead.name]: 0 }
const garbage = Buffer.from([0xff, 0xff, 0xff, 0xff, 0x7b])

suite('what cannot be parsed, and what cannot be done', { skip: clusterMissing }, () => {
  let cluster: Cluster
  let bus: Bus
  before(async () => {
    cluster = await startCluster()
    await cluster.startAll([['console'], checkers, ['verdict', 'delivery'], ['ingress']])
    bus = await openKafkaBus({
      topics: Object.values(topics),
      partitions: 6,
      kafka: { brokers: cluster.servers.kafka.bootstrap },
      replication: 1,
      instance: 'the-test',
      log: silentLogger(),
    })
  })
  after(async () => {
    await bus?.close()
    await cluster?.stop()
  })

  test('on every topic it goes to mail.dead, and mail flows meanwhile', { timeout: 300_000 }, async (t) => {
    const letters: { dead: Dead; bytes: Uint8Array }[] = []
    const reader = await bus.consume({
      group: 'the-test',
      topics: [topics.dead.name],
      handle({ value }) {
        const { record: dead, bytes } = deadCodec.decode(value ?? new Uint8Array())
        letters.push({ dead, bytes })
      },
    })
    const loads = [
      cluster.load({ clients: 2, pauseMs: 10 }),
      cluster.load({ clients: 2, pauseMs: 10, localAddress: enforcedAddress }),
    ]
    t.after(() => Promise.all(loads.map((load) => load.stop())))
    const accepted = () => loads.map((load) => load.promised.length)
    await eventually(() => accepted().every((count) => count > 20), { deadlineMs: 60_000 })
    for (const { name } of Object.values(topics)) {
      if (lettersOf[name] === 0) continue
      for (let partition = 0; partition < bus.partitions(name); partition++) {
        await bus.publish({ topic: name, partition, key: `odd-${partition}`, value: garbage }, { durable: true })
      }
    }
    const expected = Object.values(topics).flatMap(({ name }) =>
      Array<string>((lettersOf[name] ?? 1) * bus.partitions(name)).fill(name),
    )
    const found = () => letters.map(({ dead }) => dead.topic)
    await eventually(() => found().length >= expected.length, { deadlineMs: 90_000, what: 'every one is in mail.dead' }).catch(
      (error: Error) => {
        const missing = expected.filter((name) => !found().includes(name))
        throw new Error(`${error.message}: ${found().length} of ${expected.length}, none of ${[...new Set(missing)].join(', ')}`)
      },
    )
    assert.deepEqual(found().sort(), expected.sort())
    for (const { dead, bytes } of letters) {
      assert.match(dead.reason, /announces 4294967299 bytes/)
      assert.deepEqual(Buffer.from(bytes), garbage)
      assert.match(dead.key ?? '', /^odd-/)
    }
    const before = accepted()
    await eventually(() => accepted().every((count, index) => count > (before[index] ?? 0) + 20), { deadlineMs: 60_000 })
    await Promise.all(loads.map((load) => load.stop()))
    for (const load of loads) await cluster.arrival(load)
    const { lost, twice } = audit(
      loads.flatMap(({ promised }) => promised),
      cluster.sink.received,
    )
    const slowest = Math.round(Math.max(...loads.map((load) => load.slowestReplyMs())))
    t.diagnostic(`${letters.length} letters; promised ${accepted()}, lost ${lost.length}, slowest reply ${slowest} ms`)
    assert.deepEqual([lost, twice], [[], 0])
    for (const load of loads) assert.deepEqual([...load.refused], [])
    // Nothing is stuck behind them.
    const { body } = await api(cluster.process('console').gateway, 'GET', '/api/lag')
    const behind = (body.lag as { group: string; oldestAgeMs: number }[]).filter(({ oldestAgeMs }) => oldestAgeMs > 30_000)
    assert.deepEqual(behind, [])
    await reader.stop()
  })

  test('a message that its handler cannot do anything with is held, others pass', { timeout: 300_000 }, async (t) => {
    const rows = new Map<string, Held>()
    const table = await bus.table({
      topic: topics.held.name,
      onRow(key, value) {
        if (value === null || key.startsWith('odd-')) rows.delete(key)
        else rows.set(key, heldCodec.decode(value).record)
      },
    })
    const content = Buffer.from('From: app@example.com\r\nX-Token: poison\r\n\r\nHello\r\n')
    const acceptedAt = Date.now()
    const message = (): Message => ({
      id: newMessageId(),
      application: 'watched',
      policyRevision: 1,
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      receivedAt: acceptedAt,
      client: { address: '127.0.0.1', helo: 'app' },
      sender: 'app@example.com',
      recipients: [{ index: 0, address: 'b@example.net' }],
    })
    const inline = { kind: 'inline' as const, contentBytes: content.length, headerBytes: content.indexOf('\r\n\r\n') + 4 }
    const noRoute = message()
    const noContent = message()
    const verdict = {
      action: 'relay' as const,
      decidedBy: [],
      wouldBe: { action: 'relay' as const, by: [] },
      contributions: [],
      policyRevision: 1,
    }
    const load = cluster.load({ clients: 2, pauseMs: 10 })
    t.after(() => load.stop())
    await eventually(() => load.promised.length > 20, { deadlineMs: 60_000 })
    const job = jobCodec.encode(
      {
        v: 1,
        kind: 'job',
        message: noRoute,
        content: inline,
        verifiedSender: 'unknown',
        class: 'normal',
        destination: 'a-route-that-is-gone',
        remaining: [0],
        attempt: 1,
        acceptedAt,
        expiresAt: acceptedAt + 3_600_000,
      },
      content,
    )
    await bus.publish({ topic: topics.outboundNormal.name, key: noRoute.id, value: job }, { durable: true })
    const gone = { kind: 'stored' as const, key: '20260101/0000/gone.0000000000', sha256: '0'.repeat(64) }
    const decided = decidedCodec.encode({
      v: 1,
      kind: 'decided',
      message: noContent,
      content: { ...gone, contentBytes: 100_000, headerBytes: 0 },
      verdict,
      verifiedSender: 'unknown',
      acceptedAt,
      origin: 'ingress',
    })
    await bus.publish({ topic: topics.decided.name, key: noContent.id, value: decided }, { durable: true })
    await eventually(() => rows.has(noRoute.id) && rows.has(noContent.id), { deadlineMs: 60_000, what: 'both are held' })
    assert.deepEqual([rows.get(noRoute.id)?.cause, rows.get(noContent.id)?.cause], ['fault', 'fault'])
    assert.match(rows.get(noRoute.id)?.explanation ?? '', /no route a-route-that-is-gone/)
    assert.match(rows.get(noContent.id)?.explanation ?? '', /no content/)
    await sleep(1_000)
    await load.stop()
    await cluster.arrival(load)
    assert.equal(rows.size, 2, 'nothing else is held')
    assert.ok(!cluster.sink.received.has('poison'))
    const { lost } = audit(load.promised, cluster.sink.received)
    t.diagnostic(`promised ${load.promised.length}, lost ${lost.length}, slowest reply ${Math.round(load.slowestReplyMs())} ms`)
    assert.deepEqual(lost, [])
    // What was held for a route that is gone goes by another when it is released.
    const release = commandCodec.encode({
      v: 1,
      kind: 'release',
      id: noRoute.id,
      by: 'test',
      reason: 'the route is back',
      at: Date.now(),
    })
    await bus.publish({ topic: topics.commands.name, key: noRoute.id, value: release }, { durable: true })
    await eventually(() => cluster.sink.received.has('poison'), { deadlineMs: 60_000, what: 'the released message arrives' })
    await table.stop()
  })
})
