/** The ledger while Redis fails, and what is true afterwards: what is missing counts as not done, so nothing is lost. */
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { newMessageId } from '@sallyport/contracts'
import { openRedisLedger } from '@sallyport/ledger'
import { eventually, temporaryFolder } from '@sallyport/testkit'
import { redisMissing, startRedis } from '../../infra/redis.ts'
import { redisFaults } from '../redis-faults.ts'

const [a, b] = ['owner-a', 'owner-b']
const deadlineMs = 15_000

suite('ledger on Redis', { skip: redisMissing }, () => {
  redisFaults({
    name: 'the ledger',
    code: 'LEDGER_UNAVAILABLE',
    async open(redis, onChange) {
      const ledger = openRedisLedger({ redis, onChange })
      return {
        probe: async () => (await ledger.claim(newMessageId(), [0, 1], a, 60_000)).claimed,
        close: () => ledger.close(),
      }
    },
  })

  test('killed with its data: claims are lost and said to be, entries are missing, and what is finished then stands', async () => {
    let redis = await startRedis()
    const [first, second] = [openRedisLedger({ redis: { url: redis.url } }), openRedisLedger({ redis: { url: redis.url } })]
    const id = newMessageId()
    await first.claim(id, [0, 1], a, 60_000)
    await first.finish(id, a, [{ recipient: 1, attempt: 1, outcome: 'delivered' }])
    await first.markSplit(id)
    assert.equal((await second.claim(id, [0], b, 60_000)).claimed, false)
    await redis.kill()
    const unavailable = { code: 'LEDGER_UNAVAILABLE', retriable: true }
    await assert.rejects(first.finish(id, a, [{ recipient: 0, attempt: 1, outcome: 'delivered' }]), unavailable)
    redis = await startRedis({ port: redis.port })
    assert.equal(await eventually(async () => !(await first.renew(id, [0], a, 60_000)), { deadlineMs }), true)
    assert.deepEqual(
      [await eventually(() => second.entries(id, [0, 1]), { deadlineMs }), await second.wasSplit(id)],
      [new Map(), false],
    )
    assert.equal((await second.claim(id, [0], b, 60_000)).claimed, true)
    await first.finish(id, a, [{ recipient: 0, attempt: 1, outcome: 'delivered' }])
    assert.equal((await first.claim(id, [0], a, 60_000)).claimed, false, 'the claim of another is not let go')
    await second.finish(id, b, [{ recipient: 0, attempt: 1, outcome: 'deferred' }])
    assert.deepEqual(await second.entries(id, [0]), new Map([[0, { attempt: 1, outcome: 'delivered' }]]))
    await Promise.all([first.close(), second.close()])
    await redis.stop()
  })

  test('killed with its data on disk: outcomes, splits and senders are there again', async () => {
    const folder = temporaryFolder('sallyport-redis-')
    let redis = await startRedis({ folder: folder.path, isDurable: true })
    const ledger = openRedisLedger({ redis: { url: redis.url } })
    const ids = Array.from({ length: 50 }, () => newMessageId())
    for (const id of ids) {
      await Promise.all([ledger.markSplit(id), ledger.recordVerifiedSender(id, true)])
      await ledger.finish(id, a, [{ recipient: 7, attempt: 2, outcome: 'bounced' }])
    }
    await redis.kill()
    redis = await startRedis({ folder: folder.path, isDurable: true, port: redis.port })
    await eventually(() => ledger.wasSplit(ids[0] ?? ''), { deadlineMs })
    for (const id of ids) {
      assert.deepEqual(await ledger.entries(id, [7]), new Map([[7, { attempt: 2, outcome: 'bounced' }]]))
      assert.deepEqual([await ledger.wasSplit(id), await ledger.verifiedSender(id)], [true, true])
    }
    await ledger.close()
    await redis.stop()
    folder.remove()
  })

  test('a message is forgotten by itself, later where a process says so, and `prune` has then nothing to do', async () => {
    const redis = await startRedis()
    const brief = openRedisLedger({ redis: { url: redis.url }, keepMs: 250 })
    const long = openRedisLedger({ redis: { url: redis.url }, keepMs: 60_000 })
    const [gone, kept] = [newMessageId(), newMessageId()]
    await brief.markSplit(gone)
    await long.markSplit(kept)
    await brief.recordVerifiedSender(kept, true)
    await eventually(async () => !(await brief.wasSplit(gone)))
    assert.deepEqual([await brief.wasSplit(kept), await brief.verifiedSender(kept)], [true, true])
    assert.equal(await long.prune(60_000), 0)
    await brief.prune(60_000)
    await brief.markSplit(gone)
    await new Promise((resolve) => setTimeout(resolve, 400))
    assert.equal(await brief.wasSplit(gone), true)
    await Promise.all([brief.close(), long.close()])
    await redis.stop()
  })

  test('thousands of messages are pruned, and those of another prefix are left alone', async () => {
    const redis = await startRedis()
    const open = (prefix: string) => openRedisLedger({ redis: { url: redis.url }, prefix })
    const [own, other] = [open('a[1]*:'), open('a1:')]
    const ids = Array.from({ length: 3_000 }, () => newMessageId())
    await Promise.all(ids.map((id) => own.finish(id, a, [{ recipient: 0, attempt: 1, outcome: 'delivered' }])))
    await other.markSplit(ids[0] ?? '')
    await new Promise((resolve) => setTimeout(resolve, 50))
    assert.equal(await own.prune(20), 3_000)
    assert.equal(await other.wasSplit(ids[0] ?? ''), true)
    await Promise.all([own.close(), other.close()])
    await redis.stop()
  })
})
