/** What a checker is: a name and a function of one message. The harness does everything else. */
import type { Annotation, ContentRef, Message, Reason } from '@sallyport/contracts'
import type { HeaderBlock, HeaderIdentities } from '@sallyport/mail'
import type { CheckSettings, CompiledApplication, CompiledPolicy } from '@sallyport/policy'
import type { Readiness, RolePorts } from '@sallyport/runtime'

/** The message under check. What is parsed is parsed when it is first read, and then kept. */
export interface CheckInput {
  readonly message: Message
  readonly content: ContentRef
  /** The header with its closing empty line, at most 64 KiB. A view: do not change or keep it. */
  readonly headerBytes: Uint8Array
  readonly headerBlock: HeaderBlock
  readonly identities: HeaderIdentities
  /** The whole content where it is not in the content store, a view; otherwise undefined. */
  readonly inlineContent: Uint8Array | undefined
  /**
   * The whole content in chunks, wherever it is. Fails with CONTENT_MISSING, CONTENT_DAMAGED or STORE_UNAVAILABLE, which a
   * check lets through: it could not judge.
   */
  readContent(): AsyncIterable<Uint8Array>
}

/** What a check judges by. */
export interface CheckContext {
  /** The revision that ingress pinned for this message. */
  readonly policy: CompiledPolicy
  readonly application: CompiledApplication
  /** What the policy says about this check for this application. */
  readonly settings: CheckSettings
  /** Aborted when the answer would come too late: stop then. */
  readonly signal: AbortSignal
  readonly log: RolePorts['log']
}

/**
 * What was found. `reasons` come with the decisive one first, since it is what the client is told; a `pass` may carry reasons
 * that are only worth knowing. `unavailable` where the check could not judge, with the reason why.
 */
export type CheckResult = Pick<Annotation, 'outcome' | 'score' | 'waitMs' | 'costAboveBurst' | 'waits' | 'directoryRevision'> & {
  readonly reasons: readonly Reason[]
}

export interface CheckerDefinition {
  /** The name of the check in the policy, and what its rules begin with: `domain` in `domain.from-missing`. */
  readonly name: string
  /** The name of the role, which is that of its folder. Default `<name>-check`. */
  readonly role?: string
  /**
   * Judges one message; called for many at once. Synchronously where it can: a promise costs more than most checks. What it
   * throws becomes `unavailable`, never a pass.
   */
  check(input: CheckInput, context: CheckContext): CheckResult | Promise<CheckResult>
  /** What the check itself waits for, beside the harness: a directory, a model. Default ready. */
  readiness?(): Readiness
  /** Ends what belongs to the check, after the last message. Must not throw. */
  stop?(): Promise<void>
}

/** The definition as it is, with its type. Refuses a name that no policy could use. */
export function defineChecker(definition: CheckerDefinition): CheckerDefinition {
  if (!/^[a-z][a-z0-9-]{0,31}$/.test(definition.name)) {
    throw new TypeError(
      `"${definition.name}" cannot be the name of a check: at most 32 lower-case letters, digits and dashes, a letter first`,
    )
  }
  return definition
}

export const pass = (reasons: readonly Reason[] = []): CheckResult => ({ outcome: 'pass', reasons })
