/**
 * kill -9 of every role in turn and of all at once under load, and a rolling restart of all: nothing that got a 250 is lost, and only
 * what was in flight to the next hop may come twice. `SALLYPORT_ROUNDS=10` for a longer run.
 */
import assert from 'node:assert/strict'
import { after, before, suite, type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { audit, type Load } from '../../process/load.ts'
import { type Cluster, clusterMissing, everyRoleAlone, startCluster } from '../cluster/cluster.ts'
import { enforcedAddress } from '../cluster/policy.ts'

const rounds = Number(process.env.SALLYPORT_ROUNDS ?? 1)
const connections = 20
const sinkDelayMs = 2
const body = { bodyBytes: (index: number) => (index % 40 === 0 ? 150_000 : 800) }

suite('roles that are killed', { skip: clusterMissing }, () => {
  let cluster: Cluster
  before(async () => {
    // What was in flight at a kill comes again when its claim ends.
    const settings = { 'delivery.claimMs': '10000', 'delivery.tierMs.1m': '3000' }
    // With a queue of its own it is told to come again where a check could not judge; else its mail would be held.
    const policy = { connections, enforced: { retries: true } }
    cluster = await startCluster({ policy, sink: { delayMs: sinkDelayMs }, settings })
    await cluster.startAll(everyRoleAlone)
  })
  after(() => cluster?.stop())

  /** Load of who is watched and of who is enforced. */
  const loads = (): readonly Load[] => [
    cluster.load({ clients: 4, pauseMs: 5, ...body }),
    cluster.load({ clients: 4, pauseMs: 5, localAddress: enforcedAddress, ...body }),
  ]

  async function audited(t: TestContext, began: readonly Load[], deliveryKills: number, twiceBefore: number): Promise<void> {
    await Promise.all(began.map((load) => load.stop()))
    for (const load of began) await cluster.arrival(load, 180_000)
    const promised = began.flatMap((load) => load.promised)
    const { lost, twice: twiceInAll } = audit(promised, cluster.sink.received)
    const twice = twiceInAll - twiceBefore
    const refused = began.map((load) => Object.fromEntries(load.refused))
    t.diagnostic(`promised ${promised.length}, lost ${lost.length}, delivered twice ${twice}, refused ${JSON.stringify(refused)}`)
    t.diagnostic(`slowest reply ${Math.round(Math.max(...began.map((load) => load.slowestReplyMs())))} ms`)
    assert.ok(promised.length > 100, `only ${promised.length} messages were accepted: the test proves nothing`)
    assert.deepEqual(lost, [])
    assert.ok(
      twice <= deliveryKills * connections,
      `${twice} deliveries came twice, ${deliveryKills * connections} could be in flight`,
    )
  }

  const twiceSoFar = (): number => audit([], cluster.sink.received).twice

  test('each role in turn', { timeout: 300_000 + rounds * 240_000 }, async (t) => {
    const before = twiceSoFar()
    const began = loads()
    for (let round = 0; round < rounds; round++) {
      for (const process of cluster.processes) {
        await sleep(700)
        await process.kill()
        await sleep(300)
        await process.start()
      }
    }
    await sleep(2_000)
    await audited(t, began, rounds, before)
  })

  test('all at once', { timeout: 300_000 + rounds * 120_000 }, async (t) => {
    const before = twiceSoFar()
    const began = loads()
    for (let round = 0; round < rounds; round++) {
      await sleep(2_000)
      await Promise.all(cluster.processes.map((process) => process.kill()))
      await Promise.all(cluster.processes.map((process) => process.start()))
    }
    await sleep(4_000)
    await audited(t, began, rounds, before)
  })

  test('one more of each under load, then the first of each killed: clients see nothing but latency', {
    timeout: 600_000,
  }, async (t) => {
    const before = twiceSoFar()
    const first = [...cluster.processes]
    const began = loads()
    for (const { roles } of first) if (!roles.includes('console')) await cluster.start(roles)
    for (const process of first) if (!process.roles.includes('console')) await process.kill()
    await sleep(2_000)
    await audited(t, began, 1, before)
    for (const load of began) assert.deepEqual(Object.fromEntries(load.refused), {})
    for (const process of first) if (!process.isRunning) await process.start()
  })

  test('a rolling restart of all, two of each role: clients see nothing but latency', { timeout: 600_000 }, async (t) => {
    const before = twiceSoFar()
    const began = loads()
    for (const process of cluster.processes) {
      const code = await process.stop()
      assert.equal(code, 0, `${process.name} stopped with ${code}:\n${process.log().slice(-2_000)}`)
      await process.start()
    }
    await sleep(2_000)
    await audited(t, began, 0, before)
    // Who stops says 421, and its clients go to the other.
    for (const load of began)
      assert.deepEqual(
        [...load.refused.keys()].filter((code) => code !== '421'),
        [],
      )
  })
})
