/**
 * Every role reaches every server through a network that fails: 200 ms late, cut, and half-open (nothing comes, and no connection ends),
 * one server after the other, under load. All recovers without a restart, and nothing that got a 250 is lost.
 * `SALLYPORT_ROUNDS=10` for a longer run.
 */
import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { audit } from '../../process/load.ts'
import { arrivalOrTrace } from '../cluster/arrival-or-trace.ts'
import { type Cluster, clusterMissing, everyRoleAlone, startCluster } from '../cluster/cluster.ts'
import { networkFaults, recovers } from '../cluster/network-faults.ts'
import { enforcedAddress } from '../cluster/policy.ts'
import { relayedUnchecked } from '../cluster/relayed-unchecked.ts'

const rounds = Number(process.env.SALLYPORT_ROUNDS ?? 1)
const budgetMs = 6_000

suite('a network that fails', { skip: clusterMissing }, () => {
  let cluster: Cluster
  before(async () => {
    cluster = await startCluster({
      ways: ['all'],
      policy: { enforced: { checks: relayedUnchecked } },
      settings: { 'smtp.budgetMs': String(budgetMs) },
    })
    await cluster.startAll(everyRoleAlone, { through: 'all' })
  })
  after(() => cluster?.stop())

  for (const server of ['kafka', 'redis', 's3'] as const) {
    for (const [name, fault] of Object.entries(networkFaults)) {
      test(`${server}: ${name}`, { timeout: 400_000 * rounds }, async (t) => {
        const proxies = cluster.servers.proxies('all')
        const pids = cluster.processes.map((process) => process.gateway.pid)
        const loads = [
          cluster.load({ clients: 2, pauseMs: 20 }),
          cluster.load({ clients: 2, pauseMs: 20, localAddress: enforcedAddress }),
          cluster.load({ clients: 1, pauseMs: 100, bodyBytes: () => 150_000 }),
        ]
        t.after(() => Promise.all(loads.map((load) => load.stop())))
        await Promise.all(loads.map((load) => recovers(load, budgetMs)))
        for (let round = 0; round < rounds; round++) {
          await fault(server === 'kafka' ? proxies.kafka : [proxies[server]])
          await Promise.all(loads.map((load) => recovers(load, budgetMs)))
        }
        await Promise.all(loads.map((load) => load.stop()))
        for (const load of loads) await arrivalOrTrace(cluster, load)
        const promised = loads.flatMap((load) => load.promised)
        const { lost, twice } = audit(promised, cluster.sink.received)
        const codes = [...new Set(loads.flatMap((load) => [...load.refused.keys()]))]
        const slowest = Math.round(Math.max(...loads.map((load) => load.slowestReplyMs())))
        t.diagnostic(
          `promised ${promised.length}, lost ${lost.length}, twice so far ${twice}, refused ${codes}, slowest reply ${slowest} ms`,
        )
        assert.deepEqual(lost, [])
        assert.ok(
          codes.every((code) => code.startsWith('4')),
          `nothing is refused for good: ${codes}`,
        )
        assert.deepEqual(
          cluster.processes.map((process) => process.gateway.pid),
          pids,
          'no process was started again',
        )
      })
    }
  }
})
