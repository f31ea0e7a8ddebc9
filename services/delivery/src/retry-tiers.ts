/** How long a message waits, and in which deferred topic. */
import { type DeferredTier, deferredTiers } from '@sallyport/contracts'

export interface RetrySchedule {
  readonly retryTiers: readonly DeferredTier[]
  readonly tierMs: Readonly<Record<DeferredTier, number>>
}

/** The tier after this failed attempt (from 1 on); the last tier repeats. */
export function tierAfter(attempt: number, schedule: RetrySchedule): DeferredTier {
  return schedule.retryTiers[Math.min(attempt, schedule.retryTiers.length) - 1] ?? '4h'
}

/**
 * The tier for a wait that is not a retry: the longest that does not exceed it, else the shortest. What is left of the
 * wait then goes on in another tier: so every record of a tier waits equally long, and none stands before an earlier one.
 */
export function tierForWait(waitMs: number, schedule: RetrySchedule): DeferredTier {
  return deferredTiers.findLast((tier) => schedule.tierMs[tier] <= waitMs) ?? '1m'
}

/** When a record of a tier is to be looked at: when its tier is over, or when it is due, whichever is first. */
export function wakeAt(tier: DeferredTier, publishedAt: number, dueAt: number, schedule: RetrySchedule): number {
  return Math.min(dueAt, publishedAt + schedule.tierMs[tier])
}
