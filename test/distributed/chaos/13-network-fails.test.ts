/**
 * Every role reaches every server through a network that fails: 200 ms late, cut, and half-open (nothing comes, and no connection ends),
 * one server after the other, under load. All recovers without a restart, and nothing that got a 250 is lost.
 * `SALLYPORT_ROUNDS=10` for a longer run.
 */
import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { eventually } from '@sallyport/testkit'
import type { Proxy as ServerProxy } from '../../infra/toxiproxy.ts'
import { audit, type Load } from '../../process/load.ts'
import { arrivalOrTrace } from '../cluster/arrival-or-trace.ts'
import { type Cluster, clusterMissing, everyRoleAlone, startCluster } from '../cluster/cluster.ts'
import { enforcedAddress } from '../cluster/policy.ts'
import { relayedUnchecked } from '../cluster/relayed-unchecked.ts'

const rounds = Number(process.env.SALLYPORT_ROUNDS ?? 1)
const budgetMs = 6_000
const faultMs = 5_000

const faults: Readonly<Record<string, (proxies: readonly ServerProxy[]) => Promise<void>>> = {
  async late(proxies) {
    const ends = await Promise.all(
      proxies.map((proxy) => proxy.add({ type: 'latency', stream: 'downstream', attributes: { latency: 200 } })),
    )
    await sleep(faultMs)
    await Promise.all(ends.map((end) => end()))
  },
  async cut(proxies) {
    await Promise.all(proxies.map((proxy) => proxy.cut()))
    await sleep(faultMs)
    await Promise.all(proxies.map((proxy) => proxy.mend()))
  },
  async halfOpen(proxies) {
    const ends = await Promise.all(
      proxies.flatMap((proxy) =>
        (['upstream', 'downstream'] as const).map((stream) => proxy.add({ type: 'timeout', stream, attributes: { timeout: 0 } })),
      ),
    )
    await sleep(faultMs)
    // What was swallowed never comes: no connection of that time may go on.
    await Promise.all(proxies.map((proxy) => proxy.cut()))
    await Promise.all(ends.map((end) => end()))
    await Promise.all(proxies.map((proxy) => proxy.mend()))
  },
}

suite('a network that fails', { skip: clusterMissing }, () => {
  let cluster: Cluster
  before(async () => {
    cluster = await startCluster({
      proxies: true,
      policy: { enforced: { checks: relayedUnchecked } },
      settings: { 'smtp.budgetMs': String(budgetMs) },
    })
    await cluster.startAll(everyRoleAlone, { through: 'proxies' })
  })
  after(() => cluster?.stop())

  const recovers = (load: Load): Promise<unknown> =>
    eventually(
      () => {
        const last = load.promised.slice(-3)
        return last.length === 3 && last.every(({ tookMs, atMs }) => tookMs < budgetMs * 0.75 && performance.now() - atMs < 5_000)
      },
      { deadlineMs: 90_000, what: 'mail is accepted in time again' },
    )

  for (const server of ['kafka', 'redis', 's3'] as const) {
    for (const [name, fault] of Object.entries(faults)) {
      test(`${server}: ${name}`, { timeout: 400_000 * rounds }, async (t) => {
        const proxies = cluster.servers.proxies
        assert.ok(proxies)
        const pids = cluster.processes.map((process) => process.gateway.pid)
        const loads = [
          cluster.load({ clients: 2, pauseMs: 20 }),
          cluster.load({ clients: 2, pauseMs: 20, localAddress: enforcedAddress }),
          cluster.load({ clients: 1, pauseMs: 100, bodyBytes: () => 150_000 }),
        ]
        t.after(() => Promise.all(loads.map((load) => load.stop())))
        await Promise.all(loads.map(recovers))
        for (let round = 0; round < rounds; round++) {
          await fault(server === 'kafka' ? proxies.kafka : [proxies[server]])
          await Promise.all(loads.map(recovers))
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
