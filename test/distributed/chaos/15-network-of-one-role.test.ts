/**
 * One role after the other loses one server after the other, while all the others have them: cut, and half-open (nothing comes, and no
 * connection ends). All recovers without a restart, and nothing that got a 250 is lost. With 200 ms between the two every reply still comes
 * within its budget, and most take no longer than the round trips that they wait for, one after the other. In CI the pairs that mail waits
 * for; `SALLYPORT_EVERY_PAIR=1` for all of them, `SALLYPORT_FAULTS=late` for some of the faults.
 */
import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { eventually } from '@sallyport/testkit'
import { api } from '../../process/api.ts'
import { audit, type Load } from '../../process/load.ts'
import { arrivalOrTrace } from '../cluster/arrival-or-trace.ts'
import { type Cluster, checkers, clusterMissing, startCluster } from '../cluster/cluster.ts'
import { lateForMs, lateMs, networkFaults, type ReplyTimes, recovers, replyTimes } from '../cluster/network-faults.ts'
import { enforcedAddress } from '../cluster/policy.ts'
import { relayedUnchecked } from '../cluster/relayed-unchecked.ts'

const budgetMs = 6_000
/**
 * Of one role and one server, which a reply waits for in turn: a checker's fetch that is on its way back without the message, and the next
 * one, which has it; and what was added by a fetch of verdict, which hears of five records.
 */
const mostTripsInTurn = 3
const everyPair = process.env.SALLYPORT_EVERY_PAIR === '1'
const faults = (process.env.SALLYPORT_FAULTS ?? 'late,cut,halfOpen').split(',')

const roles: Readonly<Record<string, readonly string[]>> = {
  console: ['console'],
  checker: checkers,
  verdict: ['verdict'],
  delivery: ['delivery'],
  ingress: ['ingress'],
}
type Server = 'kafka' | 'redis' | 's3'
/** Who uses what, and whether it is tried in CI. */
const pairs: readonly (readonly [role: string, server: Server, isInCi: boolean])[] = [
  ['ingress', 'kafka', true],
  ['ingress', 'redis', true],
  ['ingress', 's3', true],
  ['checker', 'kafka', true],
  ['checker', 'redis', false],
  ['checker', 's3', false],
  ['verdict', 'kafka', true],
  ['verdict', 'redis', false],
  ['delivery', 'kafka', true],
  ['delivery', 'redis', false],
  ['delivery', 's3', false],
  ['console', 'kafka', false],
  ['console', 'redis', false],
  ['console', 's3', false],
]

suite('the network of one role fails', { skip: clusterMissing }, () => {
  let cluster: Cluster
  /** What this machine takes without a fault, while other work may keep it busy. */
  let quiet: ReplyTimes | undefined
  before(async () => {
    cluster = await startCluster({
      ways: Object.keys(roles),
      policy: { enforced: { checks: relayedUnchecked } },
      settings: { 'smtp.budgetMs': String(budgetMs) },
    })
    for (const [way, list] of Object.entries(roles)) await cluster.start(list, { through: way })
  })
  after(() => cluster?.stop())

  for (const [role, server, isInCi] of pairs) {
    for (const [name, fault] of Object.entries(networkFaults)) {
      if (!faults.includes(name) || !(isInCi || everyPair)) continue
      test(`${role} and ${server}: ${name}`, { timeout: 400_000 }, async (t) => {
        const proxies = cluster.servers.proxies(role)
        const pids = cluster.processes.map((process) => process.gateway.pid)
        const loads = [
          cluster.load({ clients: 1, pauseMs: 20 }),
          cluster.load({ clients: 2, pauseMs: 20, localAddress: enforcedAddress }),
          cluster.load({ clients: 1, pauseMs: 100, bodyBytes: () => 150_000 }),
        ]
        t.after(() => Promise.all(loads.map((load) => load.stop())))
        const recovered = (): Promise<unknown> => Promise.all(loads.map((load) => recovers(load, budgetMs)))
        await recovered()
        if (name === 'late') quiet ??= await quietTimes(loads)
        const beganMs = performance.now()
        await fault(server === 'kafka' ? proxies.kafka : [proxies[server]])
        const endedMs = performance.now()
        await recovered()
        const recoveredMs = Math.round(performance.now() - endedMs)
        await Promise.all(loads.map((load) => load.stop()))
        for (const load of loads) await arrivalOrTrace(cluster, load)
        const promised = loads.flatMap((load) => load.promised)
        const { lost, twice } = audit(promised, cluster.sink.received)
        const codes = [...new Set(loads.flatMap((load) => [...load.refused.keys()]))]
        const slowestMs = Math.round(Math.max(...loads.map((load) => load.slowestReplyMs())))
        t.diagnostic(
          `promised ${promised.length}, lost ${lost.length}, twice so far ${twice}, refused ${codes}, slowest reply ${slowestMs} ms, recovered after ${recoveredMs} ms`,
        )
        assert.deepEqual(lost, [])
        if (name === 'late' && quiet) {
          const late = replyTimes(loads, beganMs, endedMs)
          t.diagnostic(`without: ${JSON.stringify(quiet)}, 200 ms late: ${JSON.stringify(late)}`)
          assert.ok(late.replies > 0)
          assert.ok(late.longestMs <= budgetMs + quiet.longestMs, 'every reply within its budget')
          assert.ok(late.medianMs <= mostTripsInTurn * lateMs + 2 * quiet.longestMs, 'a reply waits for few round trips in turn')
        }
        assert.ok(
          codes.every((code) => code.startsWith('4')),
          `nothing is refused for good: ${codes}`,
        )
        const last = promised.reduce((latest, each) => (each.atMs > latest.atMs ? each : latest))
        await eventually(
          async () => (await api(cluster.process('console').gateway, 'GET', `/api/messages/${last.id}`)).status === 200,
          { deadlineMs: 120_000, what: 'the console knows the last message' },
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

async function quietTimes(loads: readonly Load[]): Promise<ReplyTimes> {
  const beganMs = performance.now()
  await sleep(lateForMs)
  return replyTimes(loads, beganMs, performance.now())
}
