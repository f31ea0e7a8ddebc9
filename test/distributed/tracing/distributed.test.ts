/**
 * One message through the distributed gateway is one trace in a real Jaeger: a process and a service for each role, real Kafka, Redis and
 * object store, a scanner, over a next hop that puts off and a delivery process that is killed. Nothing is sampled by the ratio here: that the
 * whole tree is there shows that every process hears of a message that became worth a look.
 */
import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { eventually } from '@sallyport/testkit'
import { type Jaeger, startJaeger } from '../../infra/jaeger.ts'
import { api } from '../../process/api.ts'
import { type Cluster, clusterMissing, everyRoleAlone, startCluster } from '../cluster/cluster.ts'
import { enforcedAddress } from '../cluster/policy.ts'
import { sendOne } from '../cluster/send-one.ts'
import { type SlowScanner, startSlowScanner } from '../cluster/slow-scanner.ts'
import { drawn, type Node, parentOf, type TraceTree, tag, traceTree } from './trace-tree.ts'

const deadlineMs = 120_000
const busy = 'busy@example.net'

suite('traces of the distributed gateway', { skip: clusterMissing, timeout: 600_000 }, () => {
  let jaeger: Jaeger
  let scanner: SlowScanner
  let cluster: Cluster

  before(async () => {
    jaeger = await startJaeger()
    scanner = await startSlowScanner(1)
    cluster = await startCluster({
      settings: {
        'tracing.endpoint': jaeger.endpoint,
        'tracing.ratio': '0',
        'tracing.slowMs': '600000',
        'delivery.tierMs.1m': '8000',
        'spamScoring.engines': JSON.stringify([{ kind: 'rspamd', address: scanner.address }]),
      },
    })
    await cluster.startAll(everyRoleAlone)
  })
  after(async () => {
    await cluster?.stop()
    await scanner?.stop()
    await jaeger?.stop()
  })

  /** By the id of the reply, as an operator finds it: a search for a tag. */
  const found = async (id: string): Promise<TraceTree | undefined> => {
    const [trace] = await jaeger.find('sallyport-ingress', { 'mail.message.id': id })
    return trace && traceTree(trace)
  }

  const whole = (id: string, isWhole: (tree: TraceTree) => boolean, what: string): Promise<TraceTree> => {
    let last: TraceTree | undefined
    return eventually(
      async () => {
        last = await found(id)
        return last !== undefined && last.orphans.length === 0 && isWhole(last) ? last : undefined
      },
      { deadlineMs, what },
    ).catch(async (error: Error) => {
      const { body } = await api(cluster.process('console').gateway, 'GET', `/api/messages/${id}`)
      const seen = last ? `${drawn(last.roots)}orphans:\n${drawn(last.orphans)}` : 'no trace'
      throw new Error([error.message, seen, JSON.stringify(body)].join('\n'), { cause: error })
    })
  }

  const idOf = (text: string): string => /[0-9a-f]{8}-[0-9a-f-]{27}/.exec(text)?.[0] ?? ''

  /** Spans of this name in this service, each below one of those names. */
  function assertBelow(tree: TraceTree, name: string, service: string, ...parents: readonly string[]): readonly Node[] {
    const nodes = tree.all(name).filter((node) => node.service === `sallyport-${service}`)
    assert.ok(nodes.length > 0, `no "${name}" of ${service} in\n${drawn(tree.roots)}`)
    const places = new Set(parents.flatMap((parent) => tree.all(parent).map(({ span }) => span.spanID)))
    for (const { span } of nodes)
      assert.ok(places.has(parentOf(span) ?? ''), `"${name}" of ${service} below something else in\n${drawn(tree.roots)}`)
    return nodes
  }

  test('the whole tree of a message, over a retry and a killed delivery process', async () => {
    cluster.sink.recipientReplies.set(busy, '451 4.2.1 later')
    const reply = await sendOne({
      port: cluster.smtpPort(),
      localAddress: enforcedAddress,
      to: busy,
      token: 'retried',
      bodyBytes: 200_000,
    })
    assert.equal(reply.code, 250)
    await whole(
      reply.id,
      (tree) =>
        tree.all('deliver').length === 1 && tree.all('send mail.deferred.1m').length === 1 && tree.all('INSERT events').length > 0,
      'the first attempt',
    )
    await cluster.process('delivery').kill()
    cluster.sink.recipientReplies.clear()
    await cluster.process('delivery').start()
    await eventually(() => cluster.sink.received.get('retried'), { deadlineMs, what: 'the next hop has it' })
    const isDelivered = ({ span }: Node): boolean => String(tag(span, 'mail.dispositions')).includes('delivered')
    const tree = await whole(
      reply.id,
      (candidate) =>
        candidate.all('deliver').some(isDelivered) &&
        candidate
          .all('INSERT events')
          .some(({ span }) => span.startTime > (candidate.all('deliver').find(isDelivered)?.span.startTime ?? 0)),
      'the attempt after the restart',
    )
    assert.deepEqual(
      tree.roots.map(({ name, service }) => `${service}: ${name}`),
      ['sallyport-ingress: smtp transaction'],
      drawn(tree.roots),
    )
    assertBelow(tree, 'store content', 'ingress', 'smtp transaction')
    assertBelow(tree, 'wait for the verdict', 'ingress', 'smtp transaction')
    assertBelow(tree, 'send mail.received', 'ingress', 'wait for the verdict')
    assertBelow(tree, 'send mail.annotations', 'ingress', 'wait for the verdict')
    for (const [role, check] of [
      ['domain-check', 'domain'],
      ['address-check', 'address'],
      ['spam-scoring', 'spam'],
      ['throttle', 'throttle'],
    ] as const) {
      assert.equal(assertBelow(tree, 'process mail.received', role, 'send mail.received').length, 1)
      assertBelow(tree, `check ${check}`, role, 'process mail.received')
      assertBelow(tree, 'send mail.annotations', role, 'process mail.received')
    }
    assertBelow(tree, 'ask rspamd', 'spam-scoring', 'check spam')
    assertBelow(tree, 's3 GetObjectCommand', 'spam-scoring', 'check spam', 'ask rspamd')
    assertBelow(tree, 'redis', 'throttle', 'check throttle')
    assertBelow(tree, 'process mail.annotations', 'verdict', 'send mail.annotations')
    assert.equal(assertBelow(tree, 'verdict', 'verdict', 'process mail.annotations').length, 1)
    assertBelow(tree, 'send the reply', 'verdict', 'verdict')
    assertBelow(tree, 'send mail.decided', 'ingress', 'smtp transaction')
    assertBelow(tree, 'process mail.decided', 'delivery', 'send mail.decided')
    // What waited in the window of its tier comes back below the record, since its handling ended long before.
    const sources = ['process mail.decided', 'process mail.deferred.1m', 'send mail.deferred.1m']
    assertBelow(tree, 'send mail.outbound.normal', 'delivery', ...sources)
    assertBelow(tree, 'process mail.outbound.normal', 'delivery', 'send mail.outbound.normal')
    const attempts = assertBelow(tree, 'deliver', 'delivery', 'process mail.outbound.normal', 'send mail.outbound.normal').toSorted(
      (a, b) => a.span.startTime - b.span.startTime,
    )
    const [first, last] = [attempts[0], attempts.at(-1)]
    assert.ok(first && last && attempts.length >= 2, drawn(tree.roots))
    assert.deepEqual([tag(first.span, 'mail.attempt'), tag(last.span, 'mail.attempt')], [1, 2])
    assert.notEqual(first.instance, last.instance, 'both attempts by the same process')
    assert.ok(
      last.span.references.some(({ refType, spanID }) => refType === 'FOLLOWS_FROM' && spanID === first.span.spanID),
      'the second attempt links to the first',
    )
    assertBelow(tree, 'redis', 'delivery', 'deliver', 'process mail.decided')
    assertBelow(tree, 's3 GetObjectCommand', 'delivery', 'deliver')
    for (const { span } of assertBelow(tree, 'INSERT events', 'console', 'smtp transaction'))
      assert.equal(tag(span, 'db.system.name'), 'sqlite')
    const services = new Set(tree.nodes.map(({ service }) => service))
    assert.deepEqual([...services].toSorted(), everyRoleAlone.map(([role]) => `sallyport-${role}`).toSorted())
  })

  test('what is logged is changed in every process from the console', async () => {
    const console = cluster.process('console').gateway
    const body = { level: 'info', reason: 'a test' }
    assert.equal((await api(console, 'PUT', '/api/log-level', { body })).status, 200)
    for (const process of cluster.processes)
      await eventually(() => process.log().includes('what is logged was changed'), {
        deadlineMs,
        what: `${process.name} logs more`,
      })
  })

  test('a refused message is kept whole, without an address; what is delivered at once is not', async () => {
    const port = cluster.smtpPort()
    const relayed = await sendOne({ port, localAddress: enforcedAddress, token: 'relayed' })
    const refused = await sendOne({ port, localAddress: enforcedAddress, from: 'boss@elsewhere.example', token: 'refused' })
    assert.deepEqual([relayed.code, refused.code], [250, 550])
    const id = idOf(refused.text)
    const tree = await whole(
      id,
      (candidate) => candidate.all('process mail.received').length === 4 && candidate.all('verdict').length === 1,
      'the trace of the refusal',
    )
    assert.equal(tag(tree.all('verdict')[0]?.span ?? assert.fail(), 'mail.verdict'), 'reject')
    assert.equal(tree.roots.length, 1, drawn(tree.roots))
    const told = JSON.stringify(tree.nodes.map(({ span }) => span))
    for (const address of ['boss@elsewhere.example', 'b@example.net']) assert.equal(told.includes(address), false, address)
    await eventually(() => cluster.sink.received.get('relayed'), { deadlineMs })
    assert.equal(await found(relayed.id), undefined)
  })
})
