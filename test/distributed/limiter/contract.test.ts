/** The limiter's contract, against a real Redis. */
import { after, before, suite } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { openRedisLimiter } from '@sallyport/limiter'
import { limiterContract } from '@sallyport/limiter/contract'
import { type Redis, redisMissing, startRedis } from '../../infra/redis.ts'

suite('on Redis', { skip: redisMissing }, () => {
  let redis: Redis
  let opened = 0
  before(async () => {
    redis = await startRedis()
  })
  after(() => redis.stop())

  const open = () => openRedisLimiter({ redis: { url: redis.url }, prefix: `t${opened}:` })
  limiterContract({
    name: 'Redis',
    async open() {
      opened++
      return open()
    },
    reopen: async () => open(),
    advance: async (ms) => void (await sleep(ms + 2)),
    slackMs: 1_000,
    runs: 15,
  })
})
