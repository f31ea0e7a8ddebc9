/** The limiter in memory. */
import { SallyportError } from '@sallyport/contracts'
import {
  type BucketClaim,
  backlogAt,
  checkClaims,
  fillOf,
  giveBack,
  judgeClaims,
  type Limiter,
  type LowPoints,
  noteLowPoint,
  type ReserveResult,
} from '@sallyport/limiter'
import type { Clock } from '@sallyport/runtime'

export interface MemoryLimiter extends Limiter {
  readonly faults: {
    /** An error fails this call, before anything changes. `subject` is a message id, or for `fill` an application. */
    call?: ((method: keyof Limiter, subject: string) => Error | undefined) | undefined
  }
  /** Loses every bucket and reservation, as Redis may. */
  loseEverything(): void
}

interface Bucket {
  readonly claim: BucketClaim
  readonly backlogUs: number
  readonly atUs: number
  readonly lowPoints: LowPoints
}

interface Reserved {
  readonly atMs: number
  readonly atUs: number
  readonly result: ReserveResult
  readonly charged: readonly BucketClaim[]
}

const rememberedMs = 20 * 60_000

/** `clock.elapsed` is its time. */
export function memoryLimiter(clock: Pick<Clock, 'elapsed'> = { elapsed: () => performance.now() }): MemoryLimiter {
  const faults: MemoryLimiter['faults'] = {}
  const buckets = new Map<string, Bucket>()
  const reserved = new Map<string, Reserved>()
  const nowUs = (): number => Math.floor(clock.elapsed() * 1000)
  const keyOf = ({ application, name }: Pick<BucketClaim, 'application' | 'name'>): string => JSON.stringify([application, name])
  const backlogOf = (claim: BucketClaim): number => {
    const bucket = buckets.get(keyOf(claim))
    return bucket ? backlogAt(bucket, nowUs()) : 0
  }
  const change = (claim: BucketClaim, backlogUs: number, lowPoints: LowPoints): void => {
    if (backlogUs > 0) buckets.set(keyOf(claim), { claim, backlogUs, atUs: nowUs(), lowPoints })
    else buckets.delete(keyOf(claim))
  }
  const charge = (claim: BucketClaim): void => {
    const costUs = claim.cost * claim.intervalMs * 1000
    const lowPoints = buckets.get(keyOf(claim))?.lowPoints ?? []
    if (costUs > 0) noteLowPoint(lowPoints, nowUs(), backlogOf(claim), rememberedMs * 1000)
    change(claim, backlogOf(claim) + costUs, lowPoints)
  }
  const check = (method: keyof Limiter, subject: string): void => {
    const fault = faults.call?.(method, subject)
    if (fault) throw fault
  }

  return {
    faults,
    loseEverything() {
      buckets.clear()
      reserved.clear()
    },
    async reserve(reservation) {
      check('reserve', reservation.messageId)
      checkClaims(reservation)
      const claims = reservation.buckets
      if (new Set(claims.map(keyOf)).size < claims.length) throw new RangeError('a message claims a bucket twice')
      const before = reserved.get(reservation.messageId)
      if (before && clock.elapsed() - before.atMs < rememberedMs) return { ...before.result, repeated: true }
      const judged = judgeClaims(reservation, claims.map(backlogOf))
      const isTaken = judged.outcome === 'taken'
      if (isTaken) for (const claim of claims) charge(claim)
      const result: ReserveResult = {
        outcome: judged.outcome,
        waitMs: judged.waitMs,
        ...(judged.above === undefined ? {} : { above: judged.above }),
        buckets: claims.map((claim, index) => fillOf(claim, backlogOf(claim), judged.waitsMs[index] ?? 0)),
        repeated: false,
      }
      reserved.set(reservation.messageId, { atMs: clock.elapsed(), atUs: nowUs(), result, charged: isTaken ? claims : [] })
      return result
    },
    async refund(messageId) {
      check('refund', messageId)
      const { charged = [], atUs = 0 } = reserved.get(messageId) ?? {}
      reserved.delete(messageId)
      for (const claim of charged) {
        const [costUs, backlogUs] = [claim.cost * claim.intervalMs * 1000, backlogOf(claim)]
        const lowPoints = buckets.get(keyOf(claim))?.lowPoints ?? []
        change(claim, backlogUs - giveBack(lowPoints, atUs, costUs, backlogUs), lowPoints)
      }
    },
    async fill(application, { after, limit = 1_000 } = {}) {
      check('fill', application)
      return [...buckets.values()]
        .filter(
          ({ claim }) => claim.application === application && backlogOf(claim) > 0 && (after === undefined || claim.name > after),
        )
        .map(({ claim }) => fillOf(claim, backlogOf(claim), 0))
        .sort((left, right) => Buffer.compare(Buffer.from(left.name), Buffer.from(right.name)))
        .slice(0, limit)
    },
    close: async () => {},
  }
}

/** The error of a limiter that cannot be reached, for `faults.call`. */
export const limiterUnavailable = (): SallyportError =>
  new SallyportError('LIMITER_UNAVAILABLE', 'the limiter is made to fail by the test')
