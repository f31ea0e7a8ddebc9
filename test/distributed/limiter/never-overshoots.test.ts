/** Several processes at one bucket: over any time no more goes than its burst and what its rate gives back, whatever they do. */
import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { newMessageId } from '@sallyport/contracts'
import { type BucketClaim, type Limiter, openRedisLimiter } from '@sallyport/limiter'
import fc from 'fast-check'
import { type Redis, redisMissing, startRedis } from '../../infra/redis.ts'

/** A message that was let go: not before `from`, not after `until`, by the clock of this process. */
interface Gone {
  readonly from: number
  readonly until: number
  readonly cost: number
}

/** Clocks of two processes of one machine, over a second. */
const clockSlackMs = 2

const bucketShape = fc.record({
  intervalMs: fc.constantFrom(1, 1000 / 300, 1000 / 70, 50),
  burst: fc.integer({ min: 1, max: 20 }),
})
interface Step {
  readonly what: 'reserve' | 'ahead' | 'again' | 'refund'
  readonly cost: number
  readonly pauseMs: number
}
const step: fc.Arbitrary<Step> = fc.record({
  what: fc.constantFrom('reserve', 'reserve', 'reserve', 'ahead', 'again', 'refund'),
  cost: fc.integer({ min: 1, max: 8 }),
  pauseMs: fc.constantFrom(0, 0, 0, 1, 5, 20),
})
/** What was reserved ahead keeps its time when a message before it is given back, so the two are apart. */
const clients = fc
  .tuple(
    fc.constantFrom('ahead', 'refund'),
    fc.array(fc.array(step, { minLength: 1, maxLength: 25 }), { minLength: 1, maxLength: 4 }),
  )
  .map(([without, all]) => all.map((steps) => steps.filter(({ what }) => what !== without)))

suite('limiter on Redis', { skip: redisMissing }, () => {
  let redis: Redis
  const limiters: Limiter[] = []
  before(async () => {
    redis = await startRedis()
    for (let client = 0; client < 4; client++) limiters.push(openRedisLimiter({ redis: { url: redis.url } }))
  })
  after(async () => {
    for (const limiter of limiters) await limiter.close()
    await redis.stop()
  })

  /** Does a client's steps; resolves with what went and was not given back. */
  async function work(limiter: Limiter, bucket: BucketClaim, steps: readonly Step[]): Promise<readonly Gone[]> {
    const gone = new Map<string, Gone>()
    for (const { what, cost, pauseMs } of steps) {
      if (pauseMs > 0) await sleep(pauseMs)
      const earlier = [...gone.keys()].at(-1)
      if (what === 'refund' && earlier !== undefined) {
        await limiter.refund(earlier)
        gone.delete(earlier)
        continue
      }
      const messageId = what === 'again' && earlier !== undefined ? earlier : newMessageId()
      const buckets = [{ ...bucket, cost: Math.min(cost, bucket.burst) }]
      const sentAt = performance.now()
      const { outcome, waitMs, repeated } = await limiter.reserve({ messageId, buckets, aheadMs: what === 'ahead' ? 100 : 0 })
      assert.equal(repeated, gone.has(messageId))
      if (outcome !== 'taken' || repeated) continue
      gone.set(messageId, { from: sentAt + waitMs, until: performance.now() + waitMs, cost: buckets[0]?.cost ?? 0 })
    }
    return [...gone.values()]
  }

  test('1 to 4 clients, ahead or not, again and given back', async () => {
    let letGo = 0
    await fc.assert(
      fc.asyncProperty(bucketShape, clients, async (shape, all) => {
        const bucket: BucketClaim = { application: newMessageId(), name: 'all', cost: 1, ...shape }
        const gone = (await Promise.all(all.map((steps, client) => work(limiters[client] ?? assert.fail(), bucket, steps)))).flat()
        letGo += gone.length
        for (const { from } of gone) {
          for (const { until } of gone) {
            const units = gone.filter((one) => one.from >= from && one.until <= until).reduce((sum, { cost }) => sum + cost, 0)
            const most = bucket.burst + (Math.max(0, until - from) + clockSlackMs) / bucket.intervalMs
            assert.ok(units <= most, `${units} units in ${until - from} ms, of ${most}`)
          }
        }
      }),
      { numRuns: 60 },
    )
    assert.ok(letGo > 100, 'it lets something go')
  })

  test('four that ask all the time get what the rate gives, and the burst is there again when they stop', async () => {
    const bucket: BucketClaim = { application: newMessageId(), name: 'all', cost: 1, intervalMs: 10, burst: 5 }
    const began = performance.now()
    let taken = 0
    const client = async (limiter: Limiter): Promise<void> => {
      while (taken < 60) {
        const { outcome, waitMs } = await limiter.reserve({ messageId: newMessageId(), buckets: [bucket], aheadMs: 0 })
        if (outcome === 'taken') taken++
        else await sleep(Math.min(waitMs, 5))
      }
    }
    await Promise.all(limiters.map(client))
    // The last of them went after at least what the rate allows; how much later is the machine's.
    assert.ok(performance.now() - began + clockSlackMs >= (taken - 4 - bucket.burst) * bucket.intervalMs)
    await sleep(bucket.burst * bucket.intervalMs + 20)
    const again = await limiters[0]?.reserve({ messageId: newMessageId(), buckets: [{ ...bucket, cost: 5 }], aheadMs: 0 })
    assert.equal(again?.outcome, 'taken')
  })
})
