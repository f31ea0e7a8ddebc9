/**
 * Mail at twice what the next hop takes: ingress slows and puts off before the cluster is overrun, nothing is lost, and all of it
 * drains. `SALLYPORT_MESSAGES=50000` for the size of the issue; `SALLYPORT_ANSWER_MS=80` for a next hop that a busy machine overruns.
 */
import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { eventually } from '@sallyport/testkit'
import { audit } from '../../process/load.ts'
import { type Cluster, checkers, clusterMissing, startCluster } from '../cluster/cluster.ts'
import { enforcedAddress } from '../cluster/policy.ts'

const messages = Number(process.env.SALLYPORT_MESSAGES ?? 4_000)
const connections = 4
const answerMs = Number(process.env.SALLYPORT_ANSWER_MS ?? 20)
/** Messages a second that the next hop takes at most. */
const capacity = (connections * 1_000) / answerMs
const maxQueued = Math.floor(messages / 5)

suite('twice the capacity', { skip: clusterMissing }, () => {
  let cluster: Cluster
  before(async () => {
    cluster = await startCluster({
      policy: { connections },
      sink: { delayMs: answerMs },
      settings: { 'smtp.maxQueued': String(maxQueued), 'smtp.maxDelayMs': '200' },
    })
    await cluster.startAll([['console'], checkers, ['verdict'], ['delivery'], ['ingress']])
  })
  after(() => cluster?.stop())

  test(`${messages} messages`, { timeout: 300_000 + messages * 40 }, async (t) => {
    const half = { clients: 10, pauseMs: 10, messages: messages / 2 }
    const beganMs = performance.now()
    const loads = [cluster.load(half), cluster.load({ ...half, localAddress: enforcedAddress })]
    const ingress = cluster.process('ingress')
    let [most, over] = [0, false]
    const watching = (async () => {
      while (!over) {
        most = Math.max(most, await ingress.metric('sallyport_ingress_queued_messages').catch(() => 0))
        await sleep(500)
      }
    })()
    // Until the queue fills nobody is put off: this is what is offered.
    const offered = await eventually(
      () => {
        const promised = loads.reduce((sum, load) => sum + load.promised.length, 0)
        return promised > maxQueued / 4 ? (promised * 1_000) / (performance.now() - beganMs) : undefined
      },
      { deadlineMs: 120_000 },
    )
    await Promise.all(loads.map((load) => load.ended))
    const acceptedMs = performance.now() - beganMs
    for (const load of loads) await cluster.arrival(load, 120_000 + messages * 30)
    over = true
    await watching
    const drainedMs = performance.now() - beganMs
    const promised = loads.flatMap((load) => load.promised)
    const { lost, twice } = audit(promised, cluster.sink.received)
    t.diagnostic(
      `offered ${offered.toFixed(0)}/s at first, the next hop takes ${capacity}/s; at most ${most} waited of ${maxQueued}`,
    )
    t.diagnostic(
      `accepted ${promised.length} in ${(acceptedMs / 1000).toFixed(1)} s, delivered after ${(drainedMs / 1000).toFixed(1)} s`,
    )
    t.diagnostic(
      `lost ${lost.length}, twice ${twice}, refused ${JSON.stringify(loads.map((load) => Object.fromEntries(load.refused)))}`,
    )
    // Processes that just started are slow at first: that the queue filled shows that more was offered than left.
    assert.ok(most > maxQueued / 2, `at most ${most} of ${maxQueued} waited: the next hop was not overrun, the test proves nothing`)
    assert.deepEqual(lost, [])
    assert.equal(twice, 0)
    assert.ok(most <= maxQueued * 1.2, `${most} waited, the queue is ${maxQueued} long`)
    await eventually(async () => (await ingress.metric('sallyport_ingress_queued_messages')) === 0, {
      deadlineMs: 60_000,
      what: 'the queue is empty',
    })
    for (const load of loads) assert.ok((load.refused.get('451') ?? 0) > 0, 'nobody was put off')
  })
})
