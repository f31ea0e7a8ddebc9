/** The limiter while Redis fails, and what it still promises then: at most one extra burst after the data is lost. */
import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { newMessageId } from '@sallyport/contracts'
import { type BucketClaim, type Limiter, openRedisLimiter } from '@sallyport/limiter'
import { openRedis } from '@sallyport/redis'
import { eventually } from '@sallyport/testkit'
import { type Redis, redisMissing, startRedis } from '../../infra/redis.ts'
import { redisFaults } from '../redis-faults.ts'

const hourly: BucketClaim = { application: 'billing', name: 'enforce messages', intervalMs: 3_600_000, burst: 50, cost: 1 }

const reserve = (limiter: Limiter, buckets: readonly BucketClaim[] = [hourly]) =>
  limiter.reserve({ messageId: newMessageId(), buckets, aheadMs: 0 })

async function takenOf(limiter: Limiter, messages: number): Promise<number> {
  const answers = await Promise.all(Array.from({ length: messages }, () => reserve(limiter)))
  return answers.filter(({ outcome }) => outcome === 'taken').length
}

suite('limiter on Redis', { skip: redisMissing }, () => {
  redisFaults({
    name: 'the limiter',
    code: 'LIMITER_UNAVAILABLE',
    async open(redis, onChange) {
      const limiter = openRedisLimiter({ redis, onChange })
      return { probe: async () => (await reserve(limiter)).repeated === false, close: () => limiter.close() }
    },
  })

  let redis: Redis
  before(async () => {
    redis = await startRedis()
  })
  after(() => redis.stop())

  const order = async (...words: readonly string[]): Promise<void> => {
    const connection = openRedis({ redis: { url: redis.url }, purpose: 'the test', unavailable: 'LIMITER_UNAVAILABLE' })
    await connection.call('TEST', (client) => client.call(words[0] ?? '', words.slice(1)))
    await connection.close()
  }

  test('killed with its data: one extra burst, no more', async () => {
    const limiter = openRedisLimiter({ redis: { url: redis.url } })
    assert.equal(await takenOf(limiter, 80), 50)
    await redis.kill()
    await assert.rejects(reserve(limiter), { code: 'LIMITER_UNAVAILABLE' })
    redis = await startRedis({ port: redis.port })
    await eventually(() => limiter.fill('billing'), { deadlineMs: 15_000 })
    assert.equal(await takenOf(limiter, 80), 50)
    await limiter.close()
  })

  test('flushed while it is used: one extra burst, no more, and a refund of what is forgotten gives nothing', async () => {
    await order('FLUSHALL')
    const limiter = openRedisLimiter({ redis: { url: redis.url } })
    const messageId = newMessageId()
    await limiter.reserve({ messageId, buckets: [{ ...hourly, cost: 10 }], aheadMs: 0 })
    assert.equal(await takenOf(limiter, 80), 40)
    await order('FLUSHALL')
    assert.deepEqual(await limiter.fill('billing'), [])
    assert.equal(await takenOf(limiter, 80), 50)
    await limiter.refund(messageId)
    assert.equal(await takenOf(limiter, 80), 0)
    await limiter.close()
  })

  test('scripts that the server forgot are sent again', async () => {
    await order('FLUSHALL')
    const limiter = openRedisLimiter({ redis: { url: redis.url } })
    await takenOf(limiter, 5)
    await order('SCRIPT', 'FLUSH')
    assert.equal(await takenOf(limiter, 80), 45)
    await limiter.close()
  })

  test('what is full leaves nothing behind', async () => {
    await order('FLUSHALL')
    const limiter = openRedisLimiter({ redis: { url: redis.url } })
    const quick = Array.from({ length: 200 }, (_, index) => ({ ...hourly, name: `sender=${index}`, intervalMs: 20 }))
    await reserve(limiter, quick)
    await eventually(async () => (await limiter.fill('billing')).length === 0)
    const connection = openRedis({ redis: { url: redis.url }, purpose: 'the test', unavailable: 'LIMITER_UNAVAILABLE' })
    const keys = await connection.call('KEYS', (client) => client.keys('*'))
    assert.deepEqual(
      keys.map((key) => key.replace(/[0-9a-f-]{36}/, 'id')),
      ['sallyport:{limits}:reservation:id'],
    )
    await connection.close()
    await limiter.close()
  })

  test('what has fewer calls than buckets is swept by the calls of others', async () => {
    await order('FLUSHALL')
    const limiter = openRedisLimiter({ redis: { url: redis.url } })
    const quick = Array.from({ length: 100 }, (_, index) => ({ ...hourly, application: 'crm', name: `s=${index}`, intervalMs: 1 }))
    await reserve(limiter, quick)
    for (let index = 0; index < 15; index++) await reserve(limiter)
    const connection = openRedis({ redis: { url: redis.url }, purpose: 'the test', unavailable: 'LIMITER_UNAVAILABLE' })
    assert.equal(await eventually(() => connection.call('ZCARD', (client) => client.zcard('sallyport:{limits}:names'))), 1)
    await connection.close()
    await limiter.close()
  })
})
