/** A refund in Redis gives back what one in memory does, to the microsecond: the script against the function. */
import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { newMessageId } from '@sallyport/contracts'
import { giveBack, openRedisLimiter } from '@sallyport/limiter'
import { openRedis } from '@sallyport/redis'
import fc from 'fast-check'
import { type Redis, redisMissing, startRedis } from '../../infra/redis.ts'

/** Long enough that the time of the calls themselves is nothing. */
const hourUs = 3_600_000_000
const slackUs = 30_000_000

const cases = fc.record({
  backlogHours: fc.integer({ min: 0, max: 40 }),
  costHours: fc.integer({ min: 1, max: 20 }),
  reservedAt: fc.integer({ min: 0, max: 20 }),
  points: fc.uniqueArray(fc.record({ at: fc.integer({ min: 0, max: 20 }), hours: fc.integer({ min: 0, max: 40 }) }), {
    maxLength: 8,
    selector: ({ at }) => at,
  }),
  hasTime: fc.boolean(),
})

const doubles = (numbers: readonly number[]): Buffer => {
  const bytes = Buffer.alloc(8 * numbers.length)
  numbers.forEach((number, index) => void bytes.writeDoubleLE(number, 8 * index))
  return bytes
}

/** A reservation as the script keeps it: outcome, wait, above, then cost, wait and bucket of each claim. */
function recordOf(costUs: number, bucket: string, atUs: number | undefined): Buffer {
  const claim = (cost: number, wait: number, name: string): Buffer => {
    const length = Buffer.alloc(2)
    length.writeUInt16LE(Buffer.byteLength(name))
    return Buffer.concat([doubles([cost, wait]), length, Buffer.from(name)])
  }
  const time = atUs === undefined ? [] : [claim(0, atUs, '')]
  return Buffer.concat([Buffer.of(0), doubles([0, 0]), claim(costUs, 0, bucket), ...time])
}

suite('limiter on Redis', { skip: redisMissing }, () => {
  let redis: Redis
  before(async () => {
    redis = await startRedis()
  })
  after(() => redis.stop())

  test('the script of refunds is the function of refunds', async () => {
    const connection = openRedis({ redis: { url: redis.url }, purpose: 'the test', unavailable: 'LIMITER_UNAVAILABLE' })
    const limiter = openRedisLimiter({ redis: { url: redis.url } })
    const bucket = 'billing\0all'
    const key = `sallyport:{limits}:bucket:${bucket}`
    await fc.assert(
      fc.asyncProperty(cases, async ({ backlogHours, costHours, reservedAt, points, hasTime }) => {
        const messageId = newMessageId()
        const [seconds, micros] = await connection.call('TEST', (client) => client.time())
        const nowUs = Number(seconds) * 1e6 + Number(micros)
        // Hours of the case, with the last a minute ago; without its time a reservation is as old as its key says.
        const momentUs = (hours: number): number => nowUs - 60_000_000 - (20 - hours) * 50_000_000
        const rising = points.toSorted((one, other) => one.at - other.at)
        const kept = rising
          .filter(({ hours }, index) => rising.slice(index + 1).every((later) => later.hours > hours))
          .flatMap(({ at, hours }) => [momentUs(at), hours * hourUs])
        const atUs = momentUs(reservedAt) - (hasTime ? 0 : 1_000_000)
        const [backlogUs, costUs] = [backlogHours * hourUs, costHours * hourUs]
        const ttl = 20 * 60_000 - Math.round((nowUs - atUs) / 1000)
        await connection.call('TEST', (client) =>
          client.set(key, Buffer.concat([doubles([backlogUs, nowUs, hourUs, 100]), doubles(kept)])),
        )
        await connection.call('TEST', (client) =>
          client.set(
            `sallyport:{limits}:reservation:${messageId}`,
            recordOf(costUs, bucket, hasTime ? atUs : undefined),
            'PX',
            hasTime ? 1_200_000 : ttl,
          ),
        )
        await limiter.refund(messageId)
        const givenUs = giveBack(kept, atUs, costUs, backlogUs)
        const row = await connection.call('TEST', (client) => client.getBuffer(key))
        const found = row === null ? [0] : Array.from({ length: row.length / 8 }, (_, index) => row.readDoubleLE(8 * index))
        assert.ok(Math.abs((found[0] ?? 0) - (backlogUs - givenUs)) < slackUs, `${found[0]} instead of ${backlogUs - givenUs}`)
        if (row !== null)
          for (const [index, number] of kept.entries()) assert.ok(Math.abs((found[4 + index] ?? 0) - number) < slackUs)
        if (row !== null) assert.equal(found.length - 4, kept.length)
      }),
      { numRuns: 200 },
    )
    await limiter.close()
    await connection.close()
  })
})
