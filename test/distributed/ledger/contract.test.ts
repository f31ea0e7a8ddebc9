/** The ledger's contract, against a real Redis. */
import { after, before, suite } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { openRedisLedger } from '@sallyport/ledger'
import { ledgerContract } from '@sallyport/ledger/contract'
import { type Redis, redisMissing, startRedis } from '../../infra/redis.ts'

suite('on Redis', { skip: redisMissing }, () => {
  let redis: Redis
  let opened = 0
  before(async () => {
    redis = await startRedis()
  })
  after(() => redis.stop())

  const open = () => openRedisLedger({ redis: { url: redis.url }, prefix: `t${opened}:` })
  ledgerContract({
    name: 'Redis',
    async open() {
      opened++
      return open()
    },
    reopen: async () => open(),
    advance: async (ms) => void (await sleep(ms + 2)),
    runs: 15,
  })
})
