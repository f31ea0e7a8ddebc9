/**
 * Three brokers, each killed in turn and started again, the controller too, and leaders moved in order, all under load: nothing that
 * got a 250 is lost. `SALLYPORT_ROUNDS=10` for a longer run.
 */
import assert from 'node:assert/strict'
import { after, before, suite, type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { eventually } from '@sallyport/testkit'
import { audit, type Load } from '../../process/load.ts'
import { type Cluster, checkers, clusterMissing, startCluster } from '../cluster/cluster.ts'
import { enforcedAddress } from '../cluster/policy.ts'

const rounds = Number(process.env.SALLYPORT_ROUNDS ?? 1)

suite('brokers that are killed', { skip: clusterMissing }, () => {
  let cluster: Cluster
  before(async () => {
    // With a queue of its own it is told to come again where a check could not judge; else its mail would be held.
    const policy = { enforced: { retries: true } }
    const settings = { 'smtp.budgetMs': '10000', 'delivery.tierMs.1m': '3000' }
    cluster = await startCluster({ brokers: 3, sink: { delayMs: 2 }, settings, policy })
    await cluster.startAll([['console'], checkers, ['verdict', 'delivery'], ['ingress']])
  })
  after(() => cluster?.stop())

  const loads = (): readonly Load[] => [
    cluster.load({ clients: 4, pauseMs: 5 }),
    cluster.load({ clients: 4, pauseMs: 5, localAddress: enforcedAddress }),
  ]

  /** Mail is accepted again, of both. */
  async function goesOn(began: readonly Load[], deadlineMs = 120_000): Promise<number> {
    const beganMs = performance.now()
    const counts = began.map((load) => load.promised.length)
    await eventually(() => began.every((load, index) => load.promised.length > (counts[index] ?? 0) + 5), {
      deadlineMs,
      what: 'mail is accepted again',
    })
    return performance.now() - beganMs
  }

  async function audited(t: TestContext, began: readonly Load[]): Promise<void> {
    await Promise.all(began.map((load) => load.stop()))
    for (const load of began) await cluster.arrival(load, 180_000)
    const promised = began.flatMap((load) => load.promised)
    const { lost, twice } = audit(promised, cluster.sink.received)
    const refused = began.map((load) => Object.fromEntries(load.refused))
    t.diagnostic(`promised ${promised.length}, lost ${lost.length}, delivered twice ${twice}, refused ${JSON.stringify(refused)}`)
    t.diagnostic(`slowest reply ${Math.round(Math.max(...began.map((load) => load.slowestReplyMs())))} ms`)
    assert.ok(promised.length > 60, `only ${promised.length} messages were accepted: the test proves nothing`)
    assert.deepEqual(lost, [])
    // No process ended, so the ledger knows of every delivery.
    assert.equal(twice, 0, `${twice} deliveries came twice`)
  }

  test('kill -9 of each broker in turn, and so of the controller', { timeout: 600_000 + rounds * 600_000 }, async (t) => {
    const began = loads()
    await goesOn(began)
    for (let round = 0; round < rounds; round++) {
      for (const broker of cluster.servers.kafka.brokers) {
        await broker.kill()
        const backMs = await goesOn(began)
        t.diagnostic(`broker ${broker.id} killed: mail goes on after ${Math.round(backMs)} ms`)
        await broker.start()
        await goesOn(began)
        // Until it is in sync again, another must not go.
        await sleep(3_000)
      }
    }
    await audited(t, began)
  })

  test('leaders move, as in a rolling restart of the brokers', { timeout: 600_000 + rounds * 600_000 }, async (t) => {
    const began = loads()
    await goesOn(began)
    for (let round = 0; round < rounds; round++) {
      for (const broker of cluster.servers.kafka.brokers) {
        await broker.stop()
        await goesOn(began)
        await broker.start()
        await sleep(3_000)
      }
    }
    await audited(t, began)
  })
})
