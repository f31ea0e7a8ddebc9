/**
 * Redis killed, emptied and frozen for 5 s under load: watched mail flows as ever, enforced mail is answered when its budget ends (the
 * verdict comes over Redis, and whenUndecided is accept), it recovers by itself, and nothing that got a 250 is lost.
 * `SALLYPORT_ROUNDS=10` for a longer run.
 */
import assert from 'node:assert/strict'
import { after, before, suite, type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { eventually } from '@sallyport/testkit'
import { audit, type Load } from '../../process/load.ts'
import { arrivalOrTrace } from '../cluster/arrival-or-trace.ts'
import { type Cluster, checkers, clusterMissing, startCluster } from '../cluster/cluster.ts'
import { enforcedAddress } from '../cluster/policy.ts'
import { relayedUnchecked } from '../cluster/relayed-unchecked.ts'
import { redisCommand } from '../redis-command.ts'

const rounds = Number(process.env.SALLYPORT_ROUNDS ?? 1)
const budgetMs = 4_000

suite('Redis that fails', { skip: clusterMissing }, () => {
  let cluster: Cluster
  before(async () => {
    cluster = await startCluster({
      policy: { enforced: { checks: relayedUnchecked } },
      settings: { 'smtp.budgetMs': String(budgetMs) },
    })
    await cluster.startAll([['console'], checkers, ['verdict', 'delivery'], ['ingress']])
  })
  after(() => cluster?.stop())

  async function under(t: TestContext, fault: (loads: readonly [Load, Load]) => Promise<void>): Promise<void> {
    const watched = cluster.load({ clients: 4, pauseMs: 10 })
    const enforced = cluster.load({ clients: 4, pauseMs: 10, localAddress: enforcedAddress })
    try {
      await audited(t, watched, enforced, fault)
    } finally {
      await Promise.all([watched.stop(), enforced.stop()])
    }
  }

  async function audited(
    t: TestContext,
    watched: Load,
    enforced: Load,
    fault: (loads: readonly [Load, Load]) => Promise<void>,
  ): Promise<void> {
    await eventually(() => watched.promised.length > 20 && enforced.promised.length > 20, { deadlineMs: 60_000 })
    for (let round = 0; round < rounds; round++) await fault([watched, enforced])
    await recovers(enforced)
    await Promise.all([watched.stop(), enforced.stop()])
    for (const load of [watched, enforced]) await arrivalOrTrace(cluster, load)
    const promised = [...watched.promised, ...enforced.promised]
    const { lost, twice } = audit(promised, cluster.sink.received)
    const refused = [watched, enforced].map((load) => Object.fromEntries(load.refused))
    t.diagnostic(`promised ${promised.length}, lost ${lost.length}, twice so far ${twice}, refused ${JSON.stringify(refused)}`)
    t.diagnostic(
      `slowest reply: watched ${Math.round(watched.slowestReplyMs())}, enforced ${Math.round(enforced.slowestReplyMs())} ms`,
    )
    assert.deepEqual(lost, [])
    assert.deepEqual(refused, [{}, {}], 'the policy refuses none of it')
  }

  /** Verdicts come before the budget ends again: several in a row. */
  async function recovers(load: Load): Promise<void> {
    await eventually(
      () => {
        const last = load.promised.slice(-5)
        return last.length === 5 && last.every(({ tookMs, atMs }) => tookMs < budgetMs * 0.75 && performance.now() - atMs < 3_000)
      },
      { deadlineMs: 60_000, what: 'verdicts come in time again' },
    )
  }

  /** Mail of both goes on while the fault lasts. */
  async function flows(loads: readonly Load[], sinceMs: number): Promise<void> {
    await eventually(() => loads.every((load) => load.promised.some(({ atMs, tookMs }) => atMs - tookMs > sinceMs)), {
      deadlineMs: 60_000,
      what: 'mail is accepted while Redis is away',
    })
  }

  test('killed, away for a while, and back on its data', { timeout: 400_000 }, (t) =>
    under(t, async (loads) => {
      await cluster.servers.redis.kill()
      await flows(loads, performance.now())
      await sleep(2_000)
      await cluster.servers.restartRedis()
    }),
  )

  test('emptied', { timeout: 400_000 }, (t) =>
    under(t, async () => {
      await redisCommand(cluster.servers.redis.port, 'FLUSHALL')
      await sleep(1_000)
    }),
  )

  test('frozen for 5 s', { timeout: 400_000 }, (t) =>
    under(t, async (loads) => {
      const sinceMs = performance.now()
      cluster.servers.redis.freeze()
      await sleep(5_000)
      cluster.servers.redis.thaw()
      await flows(loads, sinceMs)
    }),
  )
})
