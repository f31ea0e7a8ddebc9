/** A message goes the whole road over separate processes, one for each role, which were started in any order. */
import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { after, before, suite, test } from 'node:test'
import { eventually } from '@sallyport/testkit'
import { api } from '../../process/api.ts'
import { type Cluster, checkers, clusterMissing, startCluster } from '../cluster/cluster.ts'
import type { ClusterProcess } from '../cluster/cluster-process.ts'
import { enforcedAddress } from '../cluster/policy.ts'
import { sendOne } from '../cluster/send-one.ts'

const deadlineMs = 60_000
const others = [...checkers, 'verdict', 'delivery', 'ingress']

suite('the road over separate processes', { skip: clusterMissing }, () => {
  let cluster: Cluster
  before(async () => {
    cluster = await startCluster()
  })
  after(() => cluster?.stop())

  const waitsFor = async (process: ClusterProcess): Promise<string> =>
    Object.values((await process.readyz())?.roles ?? {})
      .flatMap(({ waitingFor }) => waitingFor)
      .join('; ')

  test('without Kafka and without a policy each process waits and says what for', { timeout: 180_000 }, async () => {
    const [broker] = cluster.servers.kafka.brokers
    await broker?.stop()
    const early = await Promise.all(['domain-check', 'ingress'].map((role) => cluster.start([role], { isAwaited: false })))
    for (const process of early) {
      await eventually(async () => /Kafka at 127\.0\.0\.1/.test(await waitsFor(process)), {
        deadlineMs,
        what: `${process.name} waits for Kafka`,
      })
    }
    await broker?.start()
    for (const process of early) {
      await eventually(async () => /the first policy/.test(await waitsFor(process)), {
        deadlineMs,
        what: `${process.name} waits for a policy`,
      })
    }
    const rest = others.filter((role) => role !== 'domain-check' && role !== 'ingress')
    for (const role of rest) await cluster.start([role], { isAwaited: false })
    await cluster.start(['console'])
    for (const process of cluster.processes) {
      await eventually(async () => (await process.readyz())?.ready, { deadlineMs, what: `${process.name} is ready` })
      assert.equal((await process.readyz())?.roles[process.name]?.ready, true)
    }
  })

  test('every role is seen, once', async () => {
    const console = cluster.process('console').gateway
    const roles = await eventually(
      async () => {
        const { body } = await api(console, 'GET', '/api/roles')
        return body.missing.length === 0 && body
      },
      { deadlineMs, what: 'no role is missing' },
    )
    const running = Object.fromEntries(roles.roles.map((role: { role: string; processes: number }) => [role.role, role.processes]))
    for (const role of [...others, 'console']) assert.equal(running[role], 1, role)
  })

  async function traceOf(id: string, isWhole: (trace: { status: string; annotations: unknown[] }) => boolean) {
    const console = cluster.process('console').gateway
    return await eventually(
      async () => {
        const { status, body } = await api(console, 'GET', `/api/messages/${id}`)
        return status === 200 && isWhole(body) && body
      },
      { deadlineMs, what: `the trace of ${id}` },
    )
  }

  for (const [who, localAddress] of [
    ['watched', '127.0.0.1'],
    ['enforced', enforcedAddress],
  ] as const) {
    test(`mail of who is ${who} is accepted, delivered once, judged by every check, and told`, async () => {
      const reply = await sendOne({ port: cluster.smtpPort(), localAddress, token: who })
      assert.equal(reply.code, 250)
      await eventually(() => cluster.sink.received.get(who), { deadlineMs })
      const trace = await traceOf(reply.id, ({ annotations }) => annotations.length === 4)
      assert.equal(trace.application, who)
      assert.equal(cluster.sink.received.get(who), 1)
    })
  }

  test('what an enforced check finds is refused on the line, and delivered nowhere', async () => {
    const reply = await sendOne({
      port: cluster.smtpPort(),
      localAddress: enforcedAddress,
      from: 'boss@elsewhere.example',
      token: 'refused',
    })
    assert.equal(reply.code, 550)
    assert.match(reply.text, /elsewhere\.example/)
    const watched = await sendOne({ port: cluster.smtpPort(), from: 'boss@elsewhere.example', token: 'only-watched' })
    assert.equal(watched.code, 250)
    await eventually(() => cluster.sink.received.get('only-watched'), { deadlineMs })
    assert.equal(cluster.sink.received.get('refused'), undefined)
  })

  test('a large message goes through the object store, and leaves nothing there', async () => {
    const folder = `${cluster.servers.s3Folder}/${cluster.servers.s3.bucket}`
    const stored = (): string[] =>
      readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) => (entry.isFile() ? [entry.name] : []))
    const replies = await Promise.all(
      [100_000, 3_000_000].flatMap((bodyBytes) =>
        ['127.0.0.1', enforcedAddress].map((localAddress) =>
          sendOne({ port: cluster.smtpPort(), localAddress, token: `large-${bodyBytes}-${localAddress}`, bodyBytes }),
        ),
      ),
    )
    assert.deepEqual(
      replies.map(({ code }) => code),
      [250, 250, 250, 250],
    )
    await eventually(() => [...cluster.sink.received.keys()].filter((token) => token.startsWith('large-')).length === 4, {
      deadlineMs,
    })
    for (const { id } of replies) await traceOf(id, ({ annotations }) => annotations.length === 4)
    await eventually(() => stored().length === 0, { deadlineMs, what: 'the object store is empty again' })
  })

  test('each role counts how long its calls to Redis, the object store and the records took', async () => {
    const count = (role: string, name: string, label: string): Promise<number> =>
      cluster.process(role).metric(`${name}_duration_seconds_count`, label)
    const database = 'db_client_operation'
    for (const [role, name, label] of [
      ['throttle', database, 'db_system_name="redis",db_operation_name="reserve",error_type=""'],
      ['verdict', database, 'db_system_name="redis",db_operation_name="PUBLISH",error_type=""'],
      ['delivery', database, 'db_system_name="redis",db_operation_name="finish",error_type=""'],
      ['console', database, 'db_system_name="sqlite",db_operation_name="BATCH INSERT"'],
      ['console', 'http_server_request', 'http_route="/api/messages/:id",http_response_status_code="200"'],
      ['ingress', 'rpc_client_call', 'rpc_method="S3/PutObject",error_type=""'],
      ['delivery', 'rpc_client_call', 'rpc_method="S3/GetObject",error_type=""'],
    ] as const)
      assert.ok((await count(role, name, label)) >= 1, `${role}: ${name} {${label}}`)
    assert.equal(await count('domain-check', database, ''), 0, 'who calls none has none')
  })

  test('no process complained', () => {
    for (const process of cluster.processes) {
      const complaints = process
        .log()
        .split('\n')
        .filter((line) => /"level":(50|60)/.test(line))
      assert.deepEqual(complaints, [], process.name)
    }
  })
})
