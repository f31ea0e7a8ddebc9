/**
 * One checker from 1 to 4 processes and back, under load: its throughput follows, each rebalance is measured, and no reply comes later
 * than its budget. What one process can do is bounded here by a scanner that takes its time, so that processor cores do not matter.
 */
import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { audit } from '../../process/load.ts'
import { type Cluster, clusterMissing, startCluster } from '../cluster/cluster.ts'
import { enforcedAddress } from '../cluster/policy.ts'
import { type SlowScanner, startSlowScanner } from '../cluster/slow-scanner.ts'

const budgetMs = 20_000
const scanMs = 50
/** Messages a second that one process can have scanned. */
const capacity = 1_000 / scanMs
const measuredMs = Number(process.env.SALLYPORT_MEASURE_MS ?? 8_000)

suite('one checker from 1 to 4 processes and back', { skip: clusterMissing }, () => {
  let cluster: Cluster
  let scanner: SlowScanner
  before(async () => {
    scanner = await startSlowScanner(scanMs)
    cluster = await startCluster({
      settings: {
        'smtp.budgetMs': String(budgetMs),
        'bus.partitions': '12',
        'spamScoring.engines': JSON.stringify([
          { kind: 'rspamd', address: scanner.address, concurrency: 1, waiting: 1000, timeoutMs: 20_000 },
        ]),
      },
    })
    await cluster.startAll([
      ['console'],
      ['domain-check', 'address-check', 'throttle', 'verdict', 'delivery'],
      ['spam-scoring'],
      ['ingress'],
    ])
  })
  after(async () => {
    await cluster?.stop()
    await scanner?.stop()
  })

  test('throughput follows', { timeout: 600_000 }, async (t) => {
    // As many as wait for an answer of four processes and no more: each sends when it was answered.
    const load = cluster.load({ clients: 24, localAddress: enforcedAddress, bodyBytes: () => 200 })
    const rate = async (): Promise<number> => {
      const before = load.promised.length
      await sleep(measuredMs)
      return ((load.promised.length - before) * 1_000) / measuredMs
    }
    /** The longest that nobody was answered, from a change until `settleMs` later. */
    const longestSilence = (fromMs: number): number => {
      const times = load.promised.map(({ atMs }) => atMs).filter((atMs) => atMs >= fromMs)
      return Math.max(...[fromMs, ...times].map((atMs, index) => (times[index] ?? performance.now()) - atMs))
    }
    async function change(what: string, act: () => Promise<unknown>): Promise<number> {
      const fromMs = performance.now()
      await act()
      await sleep(6_000)
      const silentMs = Math.round(longestSilence(fromMs))
      const perSecond = await rate()
      t.diagnostic(`${what}: ${perSecond.toFixed(1)} messages/s, at most ${silentMs} ms without an answer while it rebalanced`)
      return perSecond
    }

    await sleep(3_000)
    const one = await rate()
    t.diagnostic(`1 process: ${one.toFixed(1)} messages/s`)
    const four = await change('4 processes', () => cluster.startAll([['spam-scoring'], ['spam-scoring'], ['spam-scoring']]))
    const mates = cluster.processes.filter(({ roles }) => roles.includes('spam-scoring')).slice(1)
    const again = await change('1 process again, one of three was killed', () =>
      Promise.all(mates.map((mate, index) => (index === 0 ? mate.kill() : mate.stop()))),
    )
    await load.stop()
    await cluster.arrival(load)
    t.diagnostic(
      `slowest reply ${Math.round(load.slowestReplyMs())} ms, refused ${JSON.stringify(Object.fromEntries(load.refused))}`,
    )
    assert.ok(one <= capacity * 1.2, `one process did ${one}/s: what bounds it does not hold`)
    assert.ok(four > one * 2.5, `four processes did ${four}/s, one ${one}/s`)
    assert.ok(again < one * 1.5, `one again did ${again}/s`)
    assert.ok(load.slowestReplyMs() < budgetMs + 1_000, `a reply came after ${load.slowestReplyMs()} ms`)
    assert.deepEqual(audit(load.promised, cluster.sink.received), { promised: load.promised.length, lost: [], twice: 0 })
  })
})
