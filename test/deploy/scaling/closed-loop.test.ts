/**
 * A checker scales by itself, in a closed loop: mail raises the lag in a real Kafka, KEDA's own operator sees it through the chart's own
 * ScaledObject and changes the Deployment in the real API server, and as many real processes of the gateway judge mail. What one process
 * can do is bounded by a scanner that takes its time, so that processor cores do not matter.
 * `SALLYPORT_SCALING_PICTURE=docs/scaling.svg` draws what happened.
 */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { after, before, suite, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { eventually } from '@sallyport/testkit'
import {
  type Cluster as Gateway,
  clusterMissing as serversMissing,
  startCluster as startGateway,
} from '../../distributed/cluster/cluster.ts'
import { type SlowScanner, startSlowScanner } from '../../distributed/cluster/slow-scanner.ts'
import { chartFolder, helm, sampleValues } from '../../infra/kubernetes/chart.ts'
import { type Cluster, clusterMissing, startCluster } from '../../infra/kubernetes/cluster.ts'
import { type Keda, startKeda } from '../../infra/kubernetes/keda.ts'
import { audit, type Load } from '../../process/load.ts'
import { type PodAgent, startPodAgent } from './pod-agent.ts'
import { type Moment, picture } from './timeline.ts'

const namespace = 'mail'
const role = 'spam-scoring'
const most = 4
// Slow on purpose: a busy machine, too, can send more than one process may judge.
const scanMs = 250
/** Messages a second that one process can have scanned. */
const capacity = 1_000 / scanMs
const calmMs = 20_000
const stepMs = Number(process.env.SALLYPORT_STEP_MS ?? 90_000)

suite('a checker scales by itself', { skip: serversMissing || clusterMissing }, () => {
  let kubernetes: Cluster
  let keda: Keda
  let gateway: Gateway
  let scanner: SlowScanner
  let agent: PodAgent
  before(async () => {
    scanner = await startSlowScanner(scanMs)
    gateway = await startGateway({
      settings: {
        'bus.partitions': '12',
        // Nothing is too late to be judged: what waits is judged by a scan, or not yet.
        'smtp.budgetMs': '600000',
        'spamScoring.engines': JSON.stringify([
          { kind: 'rspamd', address: scanner.address, concurrency: 1, waiting: 10_000, timeoutMs: 60_000, failures: 1_000 },
        ]),
      },
    })
    kubernetes = await startCluster()
    keda = await startKeda(kubernetes)
    await gateway.startAll([['console'], ['domain-check', 'address-check', 'throttle', 'verdict', 'delivery'], ['ingress']])
    await kubernetes.kubectl(['create', 'namespace', namespace])
    const values = {
      ...sampleValues.smallest,
      kafka: { brokers: gateway.servers.kafka.bootstrap },
      // Fast, so that a test can wait for it.
      autoscaling: { kind: 'keda', keda: { pollingInterval: 2, cooldownPeriod: 5, stabilizationSeconds: 5 } },
      defaults: { replicas: 1 },
      roles: {
        ingress: { replicas: 1 },
        verdict: { replicas: 1 },
        delivery: { replicas: 1 },
        [role]: { autoscaling: { enabled: true, maxReplicas: most, lagThreshold: 20 } },
      },
    }
    await helm(['install', 'mail', chartFolder, '--namespace', namespace, '--wait', '--timeout', '300s'], values, {
      KUBECONFIG: kubernetes.kubeconfig,
    })
    agent = startPodAgent(kubernetes, gateway, namespace, role)
  })
  after(async () => {
    await agent?.stop()
    await keda?.stop()
    await kubernetes?.remove()
    await gateway?.stop()
    await scanner?.stop()
  })

  interface Deployment {
    readonly metadata: { readonly labels: Readonly<Record<string, string>> }
    readonly spec: { readonly replicas: number }
  }
  async function replicas(): Promise<Readonly<Record<string, number>>> {
    const said = await kubernetes.kubectl(['--namespace', namespace, 'get', 'deployments', '--output', 'json'])
    const { items } = JSON.parse(said) as { readonly items: readonly Deployment[] }
    return Object.fromEntries(items.map(({ metadata, spec }) => [metadata.labels['app.kubernetes.io/component'], spec.replicas]))
  }
  async function lag(): Promise<number> {
    const [process] = agent.processes.values()
    return (await process?.metric('sallyport_bus_lag_records', 'group="check-spam"').catch(() => undefined)) ?? 0
  }

  test('a load step takes it from 1 to N and back, alone, and no accepted message is lost', { timeout: 1_500_000 }, async (t) => {
    await eventually(async () => agent.processes.size === 1 && (await [...agent.processes.values()][0]?.readyz())?.ready === true, {
      deadlineMs: 300_000,
      what: 'the first process of the role is ready',
    })
    const moments: Moment[] = []
    const began = performance.now()
    let isWatching = true
    const loads = { calm: gateway.load({ clients: 1, pauseMs: 1_500, bodyBytes: () => 200 }), step: undefined as Load | undefined }
    const accepted = (): number => loads.calm.promised.length + (loads.step?.promised.length ?? 0)
    const watching = (async () => {
      let earlier = { at: 0, accepted: 0, annotated: await agent.annotations() }
      while (isWatching) {
        await sleep(1_000)
        const now = { at: (performance.now() - began) / 1000, accepted: accepted(), annotated: await agent.annotations() }
        const perSecond = (to: number, from: number): number => (to - from) / (now.at - earlier.at)
        moments.push({
          at: now.at,
          acceptedPerSecond: perSecond(now.accepted, earlier.accepted),
          annotatedPerSecond: perSecond(now.annotated, earlier.annotated),
          lag: await lag(),
          replicas: await replicas(),
          processes: agent.processes.size,
        })
        earlier = now
      }
    })()

    await sleep(calmMs)
    const calm = moments.length
    const { promised } = loads.calm
    loads.step = gateway.load({ clients: 8, pauseMs: 400, bodyBytes: () => 200 })
    const step = loads.step
    await sleep(stepMs)
    await step.stop()
    const full = moments.length
    await eventually(async () => (await lag()) === 0, { deadlineMs: 300_000, what: 'the lag has drained' })
    await eventually(async () => (await replicas())[role] === 1 && agent.processes.size === 1, {
      deadlineMs: 600_000,
      what: 'the role is back at one replica',
    }).catch((error: Error) => {
      throw new Error(`${error.message}\n${keda.output()}`, { cause: error })
    })
    await loads.calm.stop()
    isWatching = false
    await watching
    const path = process.env.SALLYPORT_SCALING_PICTURE
    if (path !== undefined) writeFileSync(path, picture(moments, role))

    const highest = Math.max(...moments.map((moment) => moment.replicas[role] ?? 0))
    const best = Math.max(
      ...moments
        .slice(calm, full)
        .map((_, index, all) => mean(all.slice(index, index + 10).map((moment) => moment.annotatedPerSecond))),
    )
    t.diagnostic(`replicas 1 to ${highest} and back, lag at most ${Math.max(...moments.map((moment) => moment.lag))} records`)
    t.diagnostic(`one replica judges ${capacity} messages/s, ${highest} judged ${best.toFixed(1)}/s`)
    assert.ok(
      moments.slice(0, calm).every((moment) => moment.replicas[role] === 1),
      'it stays at one while it is calm',
    )
    assert.ok(highest >= 3, `it went to ${highest}\n${keda.output()}`)
    assert.ok(best > capacity * 1.8, `${highest} replicas judged ${best.toFixed(1)}/s, one ${capacity}/s`)
    for (const moment of moments)
      for (const [other, count] of Object.entries(moment.replicas))
        assert.ok(other === role || count === 1, `${other} went to ${count}`)
    const all = [...promised, ...step.promised]
    await gateway.arrival(step, 300_000)
    await gateway.arrival(loads.calm, 300_000)
    assert.deepEqual(audit(all, gateway.sink.received), { promised: all.length, lost: [], twice: 0 })
  })
})

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
