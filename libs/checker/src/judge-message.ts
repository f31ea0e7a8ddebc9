/** Runs a check on one message; whatever goes wrong is `unavailable` with the reason, never a pass and never an exception. */
import type { ContentStore } from '@sallyport/content'
import type { Reason, Received } from '@sallyport/contracts'
import type { CompiledApplication, CompiledPolicy } from '@sallyport/policy'
import type { Clock, RolePorts } from '@sallyport/runtime'
import type { Deadlines } from './deadlines.ts'
import type { CheckContext, CheckerDefinition, CheckResult } from './definition.ts'
import { MessageInput } from './message-input.ts'
import type { PinnedPolicies } from './pinned-policy.ts'

/** What the parts of the harness share. */
export interface CheckerRoom {
  readonly definition: CheckerDefinition
  readonly content: ContentStore | undefined
  readonly clock: Clock
  readonly log: RolePorts['log']
  readonly policies: PinnedPolicies
  readonly deadlines: Deadlines
  /** Told of each failure of the check. */
  readonly onFailure: (messageId: string, error: unknown) => void
}

/** `unavailable` with one reason, whose rule is `<check>.<what>`. */
export function unavailable(check: string, what: string, text: string, evidence: Reason['evidence'] = {}): CheckResult {
  return { outcome: 'unavailable', reasons: [{ rule: `${check}.${what}`, text, evidence }] }
}

/**
 * What the check found. A promise only where the policy is not here yet or the check itself takes time; one that takes longer
 * than `limitMs` is told so by its signal and not waited for.
 */
export function judgeMessage(
  room: CheckerRoom,
  received: Received,
  bytes: Uint8Array,
  limitMs: number,
): CheckResult | Promise<CheckResult> {
  const untilMs = room.clock.elapsed() + limitMs
  const policy = room.policies.at(received.message.policyRevision)
  return policy instanceof Promise
    ? policy.then((arrived) => judgeBy(room, arrived, received, bytes, untilMs))
    : judgeBy(room, policy, received, bytes, untilMs)
}

function judgeBy(
  room: CheckerRoom,
  policy: CompiledPolicy | undefined,
  received: Received,
  bytes: Uint8Array,
  untilMs: number,
): CheckResult | Promise<CheckResult> {
  const { name } = room.definition
  const { policyRevision, application: applicationName } = received.message
  if (!policy) {
    return unavailable(name, 'policy-unknown', `policy revision ${policyRevision} is not known here`, { policyRevision })
  }
  const application = policy.application(applicationName)
  if (!application) {
    const text = `policy revision ${policyRevision} has no application "${applicationName}"`
    return unavailable(name, 'application-unknown', text, { policyRevision, application: applicationName })
  }
  const context = new Context(room, policy, application)
  const input = new MessageInput(received, bytes, room.content, () => context.signal)
  try {
    const result = room.definition.check(input, context)
    return result instanceof Promise ? withinTime(room, received, context, result, untilMs) : result
  } catch (error) {
    return failed(room, received, error)
  }
}

class Context implements CheckContext {
  readonly policy: CompiledPolicy
  readonly application: CompiledApplication
  readonly log: RolePorts['log']
  readonly #check: string
  readonly #controller = lazyController()

  constructor(room: CheckerRoom, policy: CompiledPolicy, application: CompiledApplication) {
    this.policy = policy
    this.application = application
    this.log = room.log
    this.#check = room.definition.name
  }

  get settings() {
    return this.application.settings(this.#check)
  }

  get signal(): AbortSignal {
    return this.#controller().signal
  }

  abort(): void {
    this.#controller().abort()
  }
}

/** Most checks never look at their signal. */
function lazyController(): () => AbortController {
  let controller: AbortController | undefined
  return () => {
    controller ??= new AbortController()
    return controller
  }
}

function withinTime(
  room: CheckerRoom,
  received: Received,
  context: Context,
  result: Promise<CheckResult>,
  untilMs: number,
): Promise<CheckResult> {
  return new Promise((resolve) => {
    const callOff = room.deadlines.watch(untilMs, () => {
      context.abort()
      resolve(unavailable(room.definition.name, 'timed-out', 'the check took longer than the message could wait'))
    })
    result.then(
      (found) => {
        callOff()
        resolve(found)
      },
      (error: unknown) => {
        callOff()
        resolve(failed(room, received, error))
      },
    )
  })
}

function failed(room: CheckerRoom, received: Received, error: unknown): CheckResult {
  room.onFailure(received.message.id, error)
  return unavailable(room.definition.name, 'failed', 'the check failed on this message', {
    error: String(error instanceof Error ? error.message : error).slice(0, 200),
  })
}
