/**
 * Combines what the checks found into one verdict (design §4.5). Pure: no clock, no I/O, no state.
 *
 * Actions are ordered `relay < defer < hold < reject`, and the verdict is the greatest that an enforced check stands for. So
 * the order of the annotations cannot matter, and a further finding can only make the verdict stricter. Hold stands above
 * defer because a message that someone has to look at is not worth a retry, and what a hold keeps is neither lost nor sent.
 */
import type { Action, Annotation, Contribution, Verdict } from '@sallyport/contracts'
import { toldReason } from '@sallyport/contracts/rules'
import type { CompiledPolicy, DecideInput } from './compiled.ts'
import type { CheckSettings } from './document.ts'

const strictness: Readonly<Record<Action, number>> = { relay: 0, defer: 1, hold: 2, reject: 3 }

/** A contribution travels in every record of the verdict, beside the content: the annotation has the rest. */
const maxRules = 20
const maxRuleChars = 100
const maxTextChars = 500
const maxLimitChars = 1_000
const maxWaits = 10

/** The check that stands for the policy itself in a verdict on an application that the policy does not know. */
export const policyCheck = 'policy'

/**
 * The verdict on a message. Counts the first annotation of each check that is not `unavailable`; ignores those of checks that
 * are off or unknown. A check without an annotation, or with unavailable ones only, stands for its `whenUnavailable`.
 *
 * An application that the policy does not know is held, whatever was found: its settings are gone, so nobody can say which
 * checks were enforced, and neither relaying unchecked nor refusing mail that may be good is ours to choose. It happens only
 * when the pinned revision is no longer kept and the application was deleted since.
 */
export function decide(policy: CompiledPolicy, input: DecideInput): Verdict {
  const application = policy.application(input.application)
  if (application === undefined) return unknownApplication(policy, input.application)
  const contributions = application.checks.map((check) =>
    contribution(check, application.settings(check), countedAnnotation(check, input.annotations)),
  )
  const enforced = strictest(contributions.filter(({ mode }) => mode === 'enforce'))
  const wouldBe = strictest(contributions)
  const deferring = enforced.action === 'defer' ? judgingAnnotations(enforced.by, input.annotations) : []
  const waitMs = deferring.reduce((longest, annotation) => Math.max(longest, annotation.waitMs ?? 0), 0)
  const waits = deferring.flatMap((annotation) => annotation.waits ?? []).filter(({ limit }) => limit.length <= maxLimitChars)
  return {
    action: enforced.action,
    decidedBy: enforced.by,
    wouldBe,
    contributions,
    policyRevision: policy.revision,
    ...(waitMs > 0 ? { waitMs } : {}),
    ...(waits.length > 0 ? { waits: waits.slice(0, maxWaits) } : {}),
  }
}

/**
 * True where every check behind a `defer` named a time to wait for: the message may be accepted and sent then. False where one
 * of them could not judge: then waiting alone does not make it fit to leave.
 */
export function isOnlyAWait(verdict: Verdict): boolean {
  if (verdict.action !== 'defer') return false
  return verdict.contributions.every(({ check, outcome }) => outcome !== 'unavailable' || !verdict.decidedBy.includes(check))
}

function countedAnnotation(check: string, annotations: readonly Annotation[]): Annotation | undefined {
  let unavailable: Annotation | undefined
  for (const annotation of annotations) {
    if (annotation.check !== check) continue
    if (annotation.outcome !== 'unavailable') return annotation
    unavailable ??= annotation
  }
  return unavailable
}

function contribution(check: string, settings: CheckSettings, annotation: Annotation | undefined): Contribution {
  const { mode } = settings
  if (annotation === undefined) {
    const missing = {
      outcome: 'unavailable',
      rules: [`${check}.no-answer`],
      text: `the check "${check}" did not answer in time`,
    } as const
    return { check, mode, action: whenUnavailable(settings), ...missing, rules: [...missing.rules] }
  }
  const { outcome, score, reasons } = annotation
  const action = outcome === 'unavailable' ? whenUnavailable(settings) : foundAction(settings, annotation)
  const [first] = reasons
  // Of a message that passes nobody is told, so that words are not looked up.
  const text = first === undefined || action === 'relay' ? first?.text : toldReason(first).text
  return {
    check,
    mode,
    outcome,
    action,
    ...(score === undefined || outcome === 'unavailable' ? {} : { score }),
    rules: reasons.slice(0, maxRules).map(({ rule }) => rule.slice(0, maxRuleChars)),
    ...(text === undefined ? {} : { text: text.slice(0, maxTextChars) }),
  }
}

const whenUnavailable = (settings: CheckSettings): Action => settings.whenUnavailable ?? 'defer'

/** What a finding stands for. A measure (cost, wait, score) is judged by the policy, and only without one the outcome counts. */
function foundAction(settings: CheckSettings, annotation: Annotation): Action {
  const { outcome, score, waitMs = 0, costAboveBurst = false } = annotation
  const scored = score === undefined ? undefined : scoreAction(settings, score)
  if (costAboveBurst) return 'reject'
  if (waitMs > 0) return stricter('defer', scored ?? 'relay')
  if (scored !== undefined) return scored
  return outcome === 'fail' ? (settings.onFail ?? 'reject') : 'relay'
}

/** Undefined where the policy has no threshold, so that the score is for statistics only. */
function scoreAction({ holdAt, rejectAt }: CheckSettings, score: number): Action | undefined {
  if (holdAt === undefined && rejectAt === undefined) return undefined
  if (rejectAt !== undefined && score >= rejectAt) return 'reject'
  return holdAt !== undefined && score >= holdAt ? 'hold' : 'relay'
}

const stricter = (left: Action, right: Action): Action => (strictness[left] >= strictness[right] ? left : right)

function strictest(contributions: readonly Contribution[]): { action: Action; by: string[] } {
  const action = contributions.reduce<Action>((strict, { action }) => stricter(strict, action), 'relay')
  if (action === 'relay') return { action, by: [] }
  return { action, by: contributions.filter((one) => one.action === action).map(({ check }) => check) }
}

/** What counts of these checks, in their order, without those that could not judge. */
function judgingAnnotations(checks: readonly string[], annotations: readonly Annotation[]): readonly Annotation[] {
  return checks.flatMap((check) => {
    const counted = countedAnnotation(check, annotations)
    return counted === undefined || counted.outcome === 'unavailable' ? [] : [counted]
  })
}

function unknownApplication(policy: CompiledPolicy, name: string): Verdict {
  const by = [policyCheck]
  return {
    action: 'hold',
    decidedBy: by,
    wouldBe: { action: 'hold', by },
    contributions: [
      {
        check: policyCheck,
        mode: 'enforce',
        outcome: 'unavailable',
        action: 'hold',
        rules: ['policy.unknown-application'],
        text: `revision ${policy.revision} of the policy does not know the application "${name}"`,
      },
    ],
    policyRevision: policy.revision,
  }
}
