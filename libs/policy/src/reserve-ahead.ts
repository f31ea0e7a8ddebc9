/** How far ahead the throttle reserves for an application: what it refuses beyond that is not accepted to wait. */
import type { CompiledApplication } from './compiled.ts'

const dayMs = 86_400_000

/**
 * Milliseconds. 0 for an application that has a queue of its own and is answered before its mail is accepted: it is told to
 * come again. Otherwise its messages wait here in the order in which they came: for a day at most, since an application that is
 * further behind than that is better told (451) than kept waiting unseen, or where each message was accepted already, for as
 * long as it lives.
 */
export function reserveAheadMs({ retries, reply, expiryMs }: Pick<CompiledApplication, 'retries' | 'reply' | 'expiryMs'>): number {
  if (reply === 'at-once') return expiryMs
  return retries ? 0 : Math.min(dayMs, expiryMs)
}
