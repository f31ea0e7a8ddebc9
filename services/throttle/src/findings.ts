/** What the throttle says of a message, in the words of a developer: which limit, what remains, when. */
import type { CheckResult } from '@sallyport/checker'
import type { Reason, Waits } from '@sallyport/contracts'
import type { BucketFill } from '@sallyport/limiter'
import type { NamedClaim } from './claims.ts'

/** A message to hundreds of domains may meet as many limits: the longest waits are told. */
const maxTold = 10

const worded = { messages: 'message', recipients: 'recipient', bytes: 'byte' } as const

const amount = (units: number, count: NamedClaim['limit']['count']): string => `${units} ${worded[count]}${units === 1 ? '' : 's'}`

/** Some of it costs more than may ever go at once. */
export function aboveBurst(claims: readonly NamedClaim[]): CheckResult {
  const above = claims.filter(({ cost, burst }) => cost > burst).slice(0, maxTold)
  return { outcome: 'fail', costAboveBurst: true, reasons: above.map(aboveBurstReason) }
}

function aboveBurstReason(claim: NamedClaim): Reason {
  const { cost, burst, application, limit } = claim
  return {
    rule: 'throttle.above-burst',
    text: `This message counts ${amount(cost, limit.count)}, and the limit of ${claim.text} lets only ${burst} go at once: it can never be sent like this.`,
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
    const text = waitText(claim, fill, new Date(nowMs + ms), isReserved)
    reasons.push({
      rule: isReserved ? 'throttle.waits' : 'throttle.limit-reached',
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

function waitText(claim: NamedClaim, fill: BucketFill, at: Date, isReserved: boolean): string {
  const { cost, limit } = claim
  const moment = `in ${duration(fill.waitMs)}, at ${at.toISOString().slice(0, 19)}Z`
  const reached = `the limit of ${claim.text} is reached`
  if (isReserved) return `This message waits its turn, as ${reached}: it goes ${moment}.`
  return `This message counts ${amount(cost, limit.count)}, and ${reached}: ${fill.remaining} remain now, enough ${moment}.`
}

function duration(ms: number): string {
  const seconds = Math.max(1, Math.ceil(ms / 1000))
  if (seconds < 120) return `${seconds} s`
  const minutes = Math.ceil(seconds / 60)
  return minutes < 120 ? `${minutes} min` : `${Math.ceil(minutes / 60)} h`
}
