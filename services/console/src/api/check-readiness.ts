/** Whether a check is safe to enforce for an application: counts, and what to do about them in words. */
import type { CheckReadiness, Mode, Violation } from '@sallyport/contracts'
import type { Records } from '@sallyport/records'

type Judged = Awaited<ReturnType<Records['readiness']>>['checks'][number]

/** Fewer days show no weekend and no end of a week's batch. */
export const enoughDays = 7

export function checkReadiness(
  check: string,
  mode: Mode,
  judged: Judged | undefined,
  violationOf: (found: Judged['violations'][number]) => Violation,
): CheckReadiness {
  const { watchedSince = null, watchedDays = 0, messages = 0, unavailable = 0, violations = [], byDay = [] } = judged ?? {}
  const suffered = { wouldReject: judged?.wouldReject ?? 0, wouldHold: judged?.wouldHold ?? 0, wouldDefer: judged?.wouldDefer ?? 0 }
  const hurt = suffered.wouldReject + suffered.wouldHold + suffered.wouldDefer
  const isSafe = watchedDays >= enoughDays && messages > 0 && hurt === 0 && unavailable === 0
  return {
    check,
    mode,
    watchedSince,
    daysWatched: watchedDays,
    messages,
    ...suffered,
    unavailable,
    perDay: byDay.map(({ day, messages, wouldReject, wouldHold, wouldDefer }) => ({
      day,
      messages,
      wouldReject,
      wouldHold,
      wouldDefer,
    })),
    violations: merged(violations.map(violationOf)),
    isSafe,
    advice: adviceOn({ check, mode, days: watchedDays, messages, unavailable, hurt, isSafe }),
  }
}

/** The records tell by rule and sender; here a rule is one row. */
function merged(violations: readonly Violation[]): Violation[] {
  const byRule = new Map<string, Violation>()
  for (const violation of violations) {
    const known = byRule.get(violation.rule)
    if (!known) byRule.set(violation.rule, violation)
    else {
      byRule.set(violation.rule, {
        ...known,
        messages: known.messages + violation.messages,
        firstAt: Math.min(known.firstAt, violation.firstAt),
        lastAt: Math.max(known.lastAt, violation.lastAt),
        samples: [...known.samples, ...violation.samples].sort().reverse().slice(0, 5),
      })
    }
  }
  return [...byRule.values()].sort((left, right) => right.messages - left.messages)
}

interface Facts {
  readonly check: string
  readonly mode: Mode
  readonly days: number
  readonly messages: number
  readonly unavailable: number
  readonly hurt: number
  readonly isSafe: boolean
}

function adviceOn({ check, mode, days, messages, unavailable, hurt, isSafe }: Facts): string {
  if (mode === 'off') return `It is off: switch ${check} to monitor first, and look again after ${enoughDays} days.`
  if (mode === 'enforce')
    return hurt === 0
      ? 'It is enforced, and nothing suffers.'
      : `It is enforced, and ${hurt} messages suffered: tell the owner how to fix them.`
  if (messages === 0) return 'It judged no message in this time: wait until the application sends.'
  if (hurt > 0) return `Not yet: ${hurt} of ${messages} messages would have suffered. Tell the owner what to fix, and look again.`
  if (unavailable > 0) return `Not yet: ${unavailable} of ${messages} messages could not be judged. See why in their traces.`
  if (isSafe) return 'Safe: it watched long enough, and nothing would have suffered. Enforce it.'
  return `Nothing suffers so far, but it watched ${days} of ${enoughDays} days: wait, or enforce it if you know that this is all the application sends.`
}
