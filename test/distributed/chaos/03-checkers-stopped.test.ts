/** All checkers and verdict stopped, under load: who only watches sees no difference, and who enforces gets what the policy says. */
import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { audit, type Load } from '../../process/load.ts'
import { type Cluster, checkers, clusterMissing, startCluster } from '../cluster/cluster.ts'
import { enforcedAddress } from '../cluster/policy.ts'

const budgetMs = 3_000
const messages = Number(process.env.SALLYPORT_MESSAGES ?? 600)

suite('all checkers and verdict stopped', { skip: clusterMissing }, () => {
  let cluster: Cluster
  before(async () => {
    const settings = { 'smtp.budgetMs': String(budgetMs) }
    cluster = await startCluster({ settings, policy: { enforced: { whenUndecided: 'accept' } } })
    await cluster.startAll([['console'], checkers, ['verdict'], ['delivery'], ['ingress']])
  })
  after(() => cluster?.stop())

  const watched = (): Load => cluster.load({ clients: 4, pauseMs: 10, messages })

  const figures = (load: Load) => {
    const sorted = load.promised.map(({ tookMs }) => tookMs).sort((left, right) => left - right)
    const at = (share: number): number => Math.round(10 * (sorted[Math.floor(share * (sorted.length - 1))] ?? 0)) / 10
    return { promised: sorted.length, p50: at(0.5), p99: at(0.99), refused: Object.fromEntries(load.refused) }
  }

  test('monitor-only applications see no difference, and nothing of theirs is lost', { timeout: 300_000 }, async (t) => {
    const withAll = watched()
    await withAll.ended
    for (const role of ['domain-check', 'verdict']) await cluster.process(role).stop()
    await sleep(1_000)
    const without = watched()
    await without.ended
    const [before, then] = [figures(withAll), figures(without)]
    t.diagnostic(`with all ${JSON.stringify(before)}; without ${JSON.stringify(then)}`)
    assert.deepEqual(then.refused, {})
    assert.ok(then.promised >= messages)
    // The checks take the same processor, so it may be faster without; a wait for a verdict would be a second and more.
    assert.ok(then.p99 < Math.max(3 * before.p99, 500), `p99 ${before.p99} ms with, ${then.p99} ms without`)
    for (const load of [withAll, without]) await cluster.arrival(load)
    assert.deepEqual(audit([...withAll.promised, ...without.promised], cluster.sink.received), {
      promised: withAll.promised.length + without.promised.length,
      lost: [],
      twice: 0,
    })
  })

  test('enforced mail is accepted undecided at the end of its budget, and judged and delivered when they are back', {
    timeout: 300_000,
  }, async (t) => {
    const load = cluster.load({ clients: 4, localAddress: enforcedAddress, messages: 12 })
    await load.ended
    t.diagnostic(`slowest reply ${Math.round(load.slowestReplyMs())} ms, budget ${budgetMs} ms`)
    assert.deepEqual(Object.fromEntries(load.refused), {})
    for (const { tookMs } of load.promised) {
      assert.ok(tookMs >= budgetMs - 100 && tookMs < budgetMs + 2_000, `answered after ${tookMs} ms`)
    }
    assert.equal(load.promised.filter(({ token }) => cluster.sink.received.has(token)).length, 0, 'nothing leaves unjudged')
    for (const role of ['domain-check', 'verdict']) await cluster.process(role).start()
    await cluster.arrival(load)
    assert.deepEqual(audit(load.promised, cluster.sink.received).lost, [])
  })
})
