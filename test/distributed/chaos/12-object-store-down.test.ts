/**
 * The object store is gone for a while under load: large messages alone get 452, small ones flow as ever, what was accepted before and
 * is large waits for its content, and all of it arrives when the store is back. `SALLYPORT_ROUNDS=10` for a longer run.
 */
import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { eventually } from '@sallyport/testkit'
import { audit, type Load } from '../../process/load.ts'
import { arrivalOrTrace } from '../cluster/arrival-or-trace.ts'
import { type Cluster, checkers, clusterMissing, startCluster } from '../cluster/cluster.ts'
import { enforcedAddress } from '../cluster/policy.ts'

const rounds = Number(process.env.SALLYPORT_ROUNDS ?? 1)

suite('an object store that is gone', { skip: clusterMissing }, () => {
  let cluster: Cluster
  before(async () => {
    // A next hop of some slowness: of what was accepted before, much is still to be sent when the store goes.
    cluster = await startCluster({ policy: { connections: 2 }, sink: { delayMs: 30 } })
    await cluster.startAll([['console'], checkers, ['verdict', 'delivery'], ['ingress']])
  })
  after(() => cluster?.stop())

  const accepted = (load: Load, more: number): Promise<unknown> => {
    const wanted = load.promised.length + more
    return eventually(() => load.promised.length >= wanted, { deadlineMs: 60_000, what: `${more} more messages are accepted` })
  }

  test('only large messages get 452', { timeout: 600_000 }, async (t) => {
    const small = [
      cluster.load({ clients: 2, pauseMs: 40 }),
      cluster.load({ clients: 2, pauseMs: 40, localAddress: enforcedAddress }),
    ]
    const large = cluster.load({ clients: 2, pauseMs: 100, bodyBytes: () => 400_000 })
    const all = [...small, large]
    t.after(() => Promise.all(all.map((load) => load.stop())))
    for (let round = 0; round < rounds; round++) {
      await Promise.all(all.map((load) => accepted(load, 10)))
      const refusedBefore = large.refused.get('452') ?? 0
      await cluster.servers.s3.kill()
      await eventually(() => (large.refused.get('452') ?? 0) > refusedBefore + 5, {
        deadlineMs: 120_000,
        what: 'large messages get 452',
      })
      await Promise.all(small.map((load) => accepted(load, 20)))
      await sleep(1_000)
      await cluster.servers.restartS3()
      await accepted(large, 10)
    }
    await Promise.all(all.map((load) => load.stop()))
    for (const load of all) await arrivalOrTrace(cluster, load)
    const { lost, twice } = audit(
      all.flatMap(({ promised }) => promised),
      cluster.sink.received,
    )
    const counts = all.map(({ promised, refused }) => ({ promised: promised.length, refused: Object.fromEntries(refused) }))
    t.diagnostic(`${JSON.stringify(counts)}, lost ${lost.length}, twice ${twice}`)
    assert.deepEqual(lost, [])
    assert.equal(twice, 0)
    for (const load of small) assert.deepEqual([...load.refused], [], 'no small message is refused')
    assert.deepEqual([...large.refused.keys()], ['452'])
  })
})
