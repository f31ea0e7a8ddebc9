/**
 * The throttle: does the message conform to every limit of its application? It reserves what it counts, once for each message
 * id however often its record is delivered, from all buckets or none.
 */
import {
  type CheckContext,
  type CheckerDefinition,
  type CheckInput,
  type CheckResult,
  defineChecker,
  pass,
} from '@sallyport/checker'
import type { Limiter } from '@sallyport/limiter'
import { reserveAheadMs, throttleLimits } from '@sallyport/policy'
import { claimsOf } from './claims.ts'
import { aboveBurst, waiting } from './findings.ts'

/** `clock.now` is for what people read. What the limiter throws makes the check unavailable. */
export function throttleChecker(limiter: Limiter, clock: { now(): number }): CheckerDefinition {
  async function check({ message, content }: CheckInput, { application, settings }: CheckContext): Promise<CheckResult> {
    const mode = settings.mode === 'enforce' ? 'enforce' : 'monitor'
    const claims = claimsOf(message, content, throttleLimits(settings), mode)
    if (claims.length === 0) return pass()
    const { outcome, waitMs, buckets } = await limiter.reserve({
      messageId: message.id,
      buckets: claims,
      aheadMs: reserveAheadMs(application),
    })
    switch (outcome) {
      case 'taken':
        return waitMs === 0 ? pass() : waiting(claims, buckets, waitMs, { nowMs: clock.now(), isReserved: true })
      case 'refused':
        return waiting(claims, buckets, waitMs, { nowMs: clock.now(), isReserved: false })
      case 'above-burst':
        return aboveBurst(claims)
    }
  }
  return defineChecker({ name: 'throttle', role: 'throttle', check })
}
