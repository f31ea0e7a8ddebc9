/** What a verdict means for a message that is ours already: after a 250 nothing can be refused and nothing may be lost. */
import type { Verdict } from '@sallyport/contracts'
import { isOnlyAWait } from '@sallyport/policy'

/**
 * The verdict as it is acted upon after acceptance (design §4.7). `defer` where only time is missing: relayed when
 * `waitMs` is over. Any other `defer`: held, since a check that could not judge never passes silently. `reject` stays one:
 * delivery holds it, or bounces it where the application wants that. Contributions and `wouldBe` are untouched.
 */
export function afterAcceptance(verdict: Verdict): Verdict {
  switch (verdict.action) {
    case 'relay':
    case 'hold':
    case 'reject':
      return { ...verdict, late: true }
    case 'defer':
      return { ...verdict, action: isOnlyAWait(verdict) ? 'relay' : 'hold', late: true }
  }
}
