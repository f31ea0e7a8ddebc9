/** Whether the sender of a message was shown to be its application's own: only then may a DSN go to it (no backscatter). */
import type { Verdict, VerifiedSender } from '@sallyport/contracts'

/** `yes` where `domain` and `address` both passed, `no` where one of them failed, `unknown` where one did not judge. */
export function verifiedSender(verdict: Verdict): VerifiedSender {
  const outcomes = ['domain', 'address'].map((check) => verdict.contributions.find((one) => one.check === check)?.outcome)
  if (outcomes.includes('fail')) return 'no'
  return outcomes.every((outcome) => outcome === 'pass') ? 'yes' : 'unknown'
}
