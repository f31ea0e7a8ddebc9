/** The contract of the reply channel, against a real Redis. */
import { after, before, suite } from 'node:test'
import { openRedisReplies } from '@sallyport/replies'
import { repliesContract } from '@sallyport/replies/contract'
import { type Redis, redisMissing, startRedis } from '../../infra/redis.ts'

suite('on Redis', { skip: redisMissing }, () => {
  let redis: Redis
  before(async () => {
    redis = await startRedis()
  })
  after(() => redis.stop())

  repliesContract({
    name: 'Redis',
    async open(verify) {
      const options = { redis: { url: redis.url }, verify }
      const listening = openRedisReplies(options)
      return { listening, sending: openRedisReplies(options), forged: () => listening.forged() }
    },
  })
})
