/** Roles that nobody runs are seen, and handled by `whenUnavailable`; who only watches sees no difference. */
import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { eventually } from '@sallyport/testkit'
import { api, putPolicy } from '../../process/api.ts'
import { type Cluster, checkers, clusterMissing, startCluster } from '../cluster/cluster.ts'
import { clusterPolicy, enforcedAddress } from '../cluster/policy.ts'
import { sendOne } from '../cluster/send-one.ts'

const deadlineMs = 90_000
const budgetMs = 4_000

suite('roles that nobody runs', { skip: clusterMissing }, () => {
  let cluster: Cluster
  before(async () => {
    cluster = await startCluster({ settings: { 'smtp.budgetMs': String(budgetMs) }, policy: { enforced: { retries: true } } })
    await cluster.startAll([['console', 'delivery'], ...checkers.map((role) => [role]), ['verdict'], ['ingress']])
  })
  after(() => cluster?.stop())

  const enforced = (token: string) => sendOne({ port: cluster.smtpPort(), localAddress: enforcedAddress, token })
  const warnings = async (): Promise<string> =>
    ((await cluster.process('ingress').readyz())?.roles.ingress?.warnings ?? []).join('\n')

  test('a checker that was killed is missed, and its check is unavailable, within the budget', { timeout: 180_000 }, async () => {
    assert.equal((await enforced('before')).code, 250)
    await cluster.process('domain-check').kill()
    const reply = await enforced('without-domain')
    assert.equal(reply.code, 451, 'the default of whenUnavailable is defer, and this application has a queue of its own')
    assert.ok(reply.tookMs < budgetMs + 1_000, `${reply.tookMs} ms`)
    await eventually(async () => (await warnings()).includes('no process runs domain-check'), { deadlineMs, what: 'readyz warns' })
    assert.equal((await cluster.process('ingress').readyz())?.ready, true)
    const { body } = await api(cluster.process('console').gateway, 'GET', '/api/roles')
    assert.deepEqual(
      body.missing.map(({ role, applications }: { role: string; applications: string[] }) => [role, applications]),
      [['domain-check', ['enforced']]],
    )
    const watched = await sendOne({ port: cluster.smtpPort(), token: 'watched' })
    assert.equal(watched.code, 250)
    assert.ok(watched.tookMs < budgetMs / 2, `${watched.tookMs} ms`)
  })

  test('with whenUnavailable: relay it is accepted, and with hold it is held', async () => {
    for (const [whenUnavailable, isDelivered] of [
      ['relay', true],
      ['hold', false],
    ] as const) {
      const checks = Object.fromEntries(['domain', 'address'].map((check) => [check, { mode: 'enforce', whenUnavailable }]))
      await putPolicy(cluster.process('console').gateway, clusterPolicy(cluster.sink.port, { enforced: { checks } }))
      // Each process sees it a moment later.
      const reply = await eventually(
        async () => {
          const answer = await enforced(`when-${whenUnavailable}`)
          return answer.code === 250 ? answer : undefined
        },
        { deadlineMs },
      )
      if (isDelivered) await eventually(() => cluster.sink.received.get('when-relay'), { deadlineMs })
      else {
        const console = cluster.process('console').gateway
        await eventually(async () => (await api(console, 'GET', `/api/messages/${reply.id}`)).body?.status === 'held', {
          deadlineMs,
        })
      }
    }
  })

  test('who comes back is used again, and not missed any more', async () => {
    await cluster.process('domain-check').start()
    await eventually(async () => !(await warnings()).includes('domain-check'), { deadlineMs, what: 'readyz has no warning' })
    const reply = await enforced('after')
    assert.equal(reply.code, 250)
    await eventually(() => cluster.sink.received.get('after'), { deadlineMs })
  })
})
