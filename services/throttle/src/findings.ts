/** What the throttle says of a message, in the words of a developer: which limit, what remains, when. */
import type { CheckResult } from '@sallyport/checker'
import type { Reason, Waits } from '@sallyport/contracts'
import type { BucketFill } from '@sallyport/limiter'
import { countedText, limitReachedRule, limitReachedText, momentText } from '@sallyport/policy'
import type { NamedClaim } from './claims.ts'

/** A message to hundreds of domains may meet as many limits: the longest waits are told. */
const maxTold = 10

/** Some of it costs more than may ever go at once. */
export function aboveBurst(claims: readonly NamedClaim[]): CheckResult {
  const above = claims.filter(({ cost, burst }) => cost > burst).slice(0, maxTold)
  return { outcome: 'fail', costAboveBurst: true, reasons: above.map(aboveBurstReason) }
}

function aboveBurstReason(claim: NamedClaim): Reason {
  const { cost, burst, application, limit } = claim
  return {
    rule: 'throttle.above-burst',
    text: `This message counts ${countedText(cost, limit.count)}, and the limit of ${claim.text} lets only ${burst} go at once: it can never be sent like this.`,
    fix:
      limit.count === 'recipients'
        ? `Split it into messages of at most ${burst} recipients, or ask the mail team to raise the burst of application "${application}".`
        : `Make it smaller than ${burst + 1} ${limit.count}, or ask the mail team to raise the burst of application "${application}".`,
    evidence: { limit: claim.text, cost, burst },
  }
}

/**
 * It met limits that it conforms to after `waitMs`. `isReserved`: its turn is taken, so that it only has to wait; else nothing
 * was charged, and it has to come again.
 */
export function waiting(
  claims: readonly NamedClaim[],
  fills: readonly BucketFill[],
  waitMs: number,
  { nowMs, isReserved }: { readonly nowMs: number; readonly isReserved: boolean },
): CheckResult {
  const met = claims
    .map((claim, index) => ({ claim, fill: fills[index] }))
    .filter((each): each is { claim: NamedClaim; fill: BucketFill } => each.fill !== undefined && each.fill.waitMs > 0)
    .sort((left, right) => right.fill.waitMs - left.fill.waitMs)
    .slice(0, maxTold)
  const reasons: Reason[] = []
  const waits: Waits = []
  for (const { claim, fill } of met) {
    const ms = Math.ceil(fill.waitMs)
    const text = waitText(claim, fill, nowMs, isReserved)
    reasons.push({
      rule: isReserved ? 'throttle.waits' : limitReachedRule,
      text,
      fix: isReserved
        ? `Nothing has to be done. If it waits too often, ask the mail team to raise the limits of application "${claim.application}".`
        : `Send it again then. If that is too late, ask the mail team to raise the limits of application "${claim.application}".`,
      evidence: { limit: claim.text, cost: claim.cost, remaining: fill.remaining, waitMs: ms },
    })
    waits.push({ limit: claim.text, cost: claim.cost, intervalMs: claim.intervalMs, waitMs: ms })
  }
  return { outcome: 'fail', waitMs: Math.ceil(waitMs), waits, reasons }
}

function waitText(
  { text, cost, limit }: NamedClaim,
  { remaining, waitMs }: BucketFill,
  nowMs: number,
  isReserved: boolean,
): string {
  if (!isReserved) return limitReachedText({ text, count: limit.count, cost, remaining, waitMs }, nowMs)
  return `This message waits its turn, as the limit of ${text} is reached: it goes ${momentText(waitMs, nowMs)}.`
}
