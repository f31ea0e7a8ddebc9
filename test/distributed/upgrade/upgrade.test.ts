/**
 * An upgrade of the distributed form under load: each role goes from the release before to the present one while mail is put off, held,
 * accepted without a verdict and on its way, and every 250 is kept.
 */
import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { eventually, type TemporaryFolder, temporaryFolder } from '@sallyport/testkit'
import { api } from '../../process/api.ts'
import { audit, type Load } from '../../process/load.ts'
import { checkOutPrevious, previousMissing } from '../../upgrade/releases.ts'
import { type Cluster, clusterMissing, everyRoleAlone, startCluster } from '../cluster/cluster.ts'
import type { ClusterProcess } from '../cluster/cluster-process.ts'
import { enforcedAddress } from '../cluster/policy.ts'

const deadlineMs = 120_000
const heldAddress = '127.0.0.3'
const off = { mode: 'off' }
const heldApplication = {
  name: 'held',
  owner: 'owner@example.com',
  from: { networks: [`${heldAddress}/32`] },
  senders: { domains: ['example.com'] },
  checks: { domain: { mode: 'enforce', onFail: 'hold' }, address: off, spam: off, throttle: off },
}
const recipient = 'someone@example.net'
const tiers = Object.fromEntries(['1m', '5m', '15m', '1h', '4h'].map((tier) => [`delivery.tierMs.${tier}`, '2000']))
const mixed = { pauseMs: 50, bodyBytes: (index: number) => (index % 20 === 0 ? 150_000 : 800) }

suite('an upgrade of the distributed form', { skip: clusterMissing || previousMissing() }, () => {
  let place: TemporaryFolder
  let checkout: string
  let cluster: Cluster
  const loads: Load[] = []
  let held: Load
  before(async () => {
    place = temporaryFolder('sallyport-previous-')
    checkout = place.join('checkout')
    checkOutPrevious(checkout)
    cluster = await startCluster({
      policy: { enforced: { retries: true }, more: [heldApplication] },
      // However often a message was put off meanwhile, it is soon tried again.
      settings: { ...tiers, 'smtp.budgetMs': '4000', 'delivery.claimMs': '10000' },
    })
    await cluster.startAll(everyRoleAlone, { checkout })
  })
  after(async () => {
    await cluster?.stop()
    place?.remove()
  })

  const begin = (options: Parameters<Cluster['load']>[0]): Load => {
    const load = cluster.load(options)
    loads.push(load)
    return load
  }
  const promised = () => loads.flatMap((load) => load.promised)

  /** As Kubernetes rolls a Deployment: the new one is ready before the old one is told to stop. */
  async function roll(old: ClusterProcess): Promise<void> {
    await cluster.start(old.roles)
    await stop(old)
  }
  async function stop(old: ClusterProcess): Promise<void> {
    const code = await old.stop()
    assert.equal(code, 0, `${old.name} of the release before stopped with ${code}:\n${old.log().slice(-2_000)}`)
  }

  test('the release before takes mail: some of it is put off, some held', { timeout: 300_000 }, async () => {
    cluster.sink.recipientReplies.set(recipient, '451 4.2.1 later')
    begin({ clients: 3, ...mixed })
    begin({ clients: 3, localAddress: enforcedAddress, ...mixed })
    held = cluster.load({ clients: 2, messages: 10, localAddress: heldAddress, sender: 'app@elsewhere.example' })
    await held.ended
    await eventually(() => promised().length > 150, { deadlineMs, what: 'mail is in flight' })
    assert.equal(cluster.sink.received.size, 0)
  })

  test('each role is rolled under load', { timeout: 600_000 }, async () => {
    for (const old of [...cluster.processes]) {
      if (old.roles.includes('console')) {
        // Its records are its own: as a Deployment that is recreated.
        await stop(old)
        await cluster.start(old.roles)
      } else if (old.roles.includes('verdict')) {
        await stop(old)
        const undecided = begin({ clients: 2, messages: 6, localAddress: enforcedAddress })
        await undecided.ended
        await cluster.start(old.roles)
      } else {
        if (old.roles.includes('delivery')) cluster.sink.recipientReplies.delete(recipient)
        await roll(old)
      }
    }
    await sleep(2_000)
    await Promise.all(loads.map((load) => load.stop()))
  })

  test('every 250 came to the next hop once, and what was held can be released', { timeout: 600_000 }, async (t) => {
    for (const load of loads) await cluster.arrival(load, 180_000)
    const console = cluster.processes.findLast(({ roles }) => roles.includes('console'))?.gateway
    assert.ok(console)
    const tokens = held.promised.map(({ token }) => token)
    const waiting = async (): Promise<number> => (await api(console, 'GET', '/api/quarantine?application=held')).body.total
    await eventually(async () => (await waiting()) === tokens.length, { deadlineMs, what: 'the quarantine has what was held' })
    assert.deepEqual(
      tokens.filter((token) => cluster.sink.received.has(token)),
      [],
    )
    const body = { command: 'release', reason: 'after the upgrade', filter: { application: 'held' } }
    assert.equal((await api(console, 'POST', '/api/quarantine/bulk', { body })).status, 202)
    await cluster.arrival(held, 180_000)
    const all = [...promised(), ...held.promised]
    const { lost, twice } = audit(all, cluster.sink.received)
    t.diagnostic(`promised ${all.length}, lost ${lost.length}, delivered twice ${twice}`)
    assert.deepEqual({ lost, twice }, { lost: [], twice: 0 })
    // Who stops says 421; what a check could not judge in time comes again.
    for (const load of loads) for (const code of load.refused.keys()) assert.match(code, /^(421|451)$/)
  })
})
