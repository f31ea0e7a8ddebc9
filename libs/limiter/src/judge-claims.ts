/** What becomes of a message by the buckets that it needs: the same for every limiter that keeps its buckets in memory. */
import { remainingUnits, waitUs } from './gcra.ts'
import type { BucketClaim, BucketFill, Reservation, ReserveResult } from './port.ts'

export interface Judgement {
  readonly outcome: ReserveResult['outcome']
  /** Until all of them conform; 0 where it is above a burst. */
  readonly waitMs: number
  /** The first claim that is above its burst. */
  readonly above: number | undefined
  /** Of each claim. */
  readonly waitsMs: readonly number[]
}

/** The longest name of a bucket, in bytes of UTF-8. */
const maxNameBytes = 400

/** `backlogsUs` as they stand before, in the order of the claims. Charges nothing. */
export function judgeClaims({ buckets, aheadMs }: Reservation, backlogsUs: readonly number[]): Judgement {
  const waitsMs = new Array<number>(buckets.length).fill(0)
  const above = buckets.findIndex(({ cost, burst }) => cost > burst)
  if (above >= 0) return { outcome: 'above-burst', waitMs: 0, above, waitsMs }
  let longestMs = 0
  buckets.forEach((claim, index) => {
    const ms = waitUs(backlogsUs[index] ?? 0, { intervalUs: claim.intervalMs * 1000, burst: claim.burst }, claim.cost) / 1000
    waitsMs[index] = ms
    if (ms > longestMs) longestMs = ms
  })
  return { outcome: longestMs > aheadMs ? 'refused' : 'taken', waitMs: longestMs, above: undefined, waitsMs }
}

/** How a bucket stands with this backlog. */
export function fillOf(
  { application, name, intervalMs, burst }: Omit<BucketClaim, 'cost'>,
  backlogUs: number,
  waitMs: number,
): BucketFill {
  const remaining = remainingUnits(backlogUs, { intervalUs: intervalMs * 1000, burst })
  return { application, name, remaining, burst, waitMs, fullInMs: backlogUs / 1000 }
}

/** Fails with a RangeError where a claim means nothing. */
export function checkClaims({ buckets }: Reservation): void {
  for (const { application, name, intervalMs, burst, cost } of buckets) {
    const fits = intervalMs > 0 && Number.isFinite(intervalMs * 1000) && burst >= 1 && cost >= 0 && Number.isFinite(cost)
    if (!fits) throw new RangeError(`the bucket ${name} of ${application} needs an interval and a burst, and a cost from 0 on`)
    if (name.length * 3 > maxNameBytes && Buffer.byteLength(name) > maxNameBytes) {
      throw new RangeError(`the name of a bucket of ${application} is longer than ${maxNameBytes} bytes: ${name.slice(0, 80)}…`)
    }
  }
}
