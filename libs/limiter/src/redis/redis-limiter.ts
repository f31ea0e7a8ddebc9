/**
 * The limiter on Redis, shared by every process of the gateway. A reservation is one call of a script, and what it knows is
 * only there: where Redis loses its data, each bucket is full again, which is at most one extra burst (design §5). What waits
 * in Redis are the buckets that are not full, and for each message of the last 20 minutes some 300 bytes.
 */
import { type CallEnded, isMessageId, SallyportError } from '@sallyport/contracts'
import { openRedis, type RedisChange, type RedisConnection, type RedisServer } from '@sallyport/redis'
import { checkClaims, fillOf } from '../judge-claims.ts'
import { bucketId } from '../limiter-rows.ts'
import type { BucketFill, Limiter, Reservation, ReserveResult } from '../port.ts'
import { rememberedMs } from '../reservations.ts'
import { fillScript } from './fill-script.ts'
import { type LimiterKeys, limiterKeys } from './limiter-keys.ts'
import { refundScript } from './refund-script.ts'
import { reserveScript } from './reserve-script.ts'
import { readFillReply, readReserveReply } from './script-replies.ts'

export interface RedisLimiterOptions {
  /** Redis 6 or later, without modules. */
  readonly redis: RedisServer
  /** What every key begins with: gateways that share a Redis have one each. Default `sallyport:`. */
  readonly prefix?: string
  /** After which Redis counts as not answering, ms. Default 1,000. */
  readonly callTimeoutMs?: number
  /** Told once when Redis goes away, and once when it is back. */
  readonly onChange?: (change: RedisChange) => void
  readonly onCall?: CallEnded | undefined
}

const mostFills = 1_000

/** Opens at once, whether Redis is there or not; calls fail within twice `callTimeoutMs`. Fails with CONFIG_INVALID. */
export function openRedisLimiter({ redis, prefix = 'sallyport:', ...options }: RedisLimiterOptions): Limiter {
  const connection = openRedis({ ...options, redis, purpose: 'the limiter', unavailable: 'LIMITER_UNAVAILABLE' })
  return new RedisLimiter(connection, limiterKeys(prefix))
}

class RedisLimiter implements Limiter {
  readonly #connection: RedisConnection
  readonly #keys: LimiterKeys

  constructor(connection: RedisConnection, keys: LimiterKeys) {
    this.#connection = connection
    this.#keys = keys
  }

  async reserve(reservation: Reservation): Promise<ReserveResult> {
    const { messageId, buckets, aheadMs } = reservation
    checkClaims(reservation)
    const keys = this.#keysOf(messageId)
    const words: (string | number)[] = [aheadMs, rememberedMs, this.#keys.buckets]
    for (const { application, name, intervalMs, burst, cost } of buckets) {
      keys.push(this.#keys.bucket(application, name))
      words.push(intervalMs * 1000, burst, cost)
    }
    if (buckets.length > 1 && new Set(keys).size < keys.length) throw new RangeError('a message claims a bucket twice')
    const reply = readReserveReply(await this.#connection.run(reserveScript, keys, words), buckets.length)
    if (!reply) throw unreadable()
    const { outcome, waitMs, above, repeated, backlogsUs, waitsMs } = reply
    return {
      outcome,
      waitMs,
      ...(above === undefined ? {} : { above }),
      buckets: buckets.map((claim, index) => fillOf(claim, backlogsUs[index] ?? 0, waitsMs[index] ?? 0)),
      repeated,
    }
  }

  async refund(messageId: string): Promise<void> {
    await this.#connection.run(refundScript, this.#keysOf(messageId), [this.#keys.buckets, rememberedMs])
  }

  async fill(
    application: string,
    options: { readonly after?: string; readonly limit?: number } = {},
  ): Promise<readonly BucketFill[]> {
    const limit = Math.min(options.limit ?? mostFills, mostFills)
    const fills: BucketFill[] = []
    let { after } = options
    while (fills.length < limit) {
      const from = `${after === undefined ? '[' : '('}${bucketId(application, after ?? '')}`
      const words = [this.#keys.buckets, from, `(${application}\x01`, limit]
      const page = readFillReply(
        await this.#connection.run(fillScript, [this.#keys.names, this.#keys.names, this.#keys.ends], words),
      )
      if (!page) throw unreadable()
      for (const { name, backlogUs, intervalMs, burst } of page.rows.slice(0, limit - fills.length)) {
        fills.push(fillOf({ application, name, intervalMs, burst }, backlogUs, 0))
      }
      if (page.next === undefined) break
      after = page.next
    }
    return fills
  }

  close(): Promise<void> {
    return this.#connection.close()
  }

  #keysOf(messageId: string): string[] {
    if (!isMessageId(messageId)) throw new RangeError(`not a message id: ${messageId}`)
    return [this.#keys.reservation(messageId), this.#keys.names, this.#keys.ends]
  }
}

const unreadable = (): SallyportError =>
  new SallyportError('LIMITER_UNAVAILABLE', 'Redis answered the limiter with what its scripts do not say: is it something else?')
