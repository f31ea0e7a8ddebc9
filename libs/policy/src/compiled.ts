/** A policy revision made ready for questions: every look-up that a role makes per message is prepared once. */
import type { Annotation, Mode, TrafficClass, Verdict } from '@sallyport/contracts'
import type { Application, CheckSettings, PolicyDocument, Route } from './document.ts'
import type { DomainMatcher } from './domain-matcher.ts'

/** The name under which mail of unregistered systems is counted. */
export const unregistered = 'unregistered'

/** An application with every default filled in. */
export interface CompiledApplication {
  readonly name: string
  readonly owner: string
  readonly declared: Application
  readonly retries: boolean
  readonly reply: 'after-verdict' | 'at-once'
  readonly whenUndecided: 'accept' | 'defer'
  readonly lateReject: 'hold' | 'bounce'
  readonly maxUnsettled: number
  readonly maxWaiting: number
  readonly maxRecipients: number
  readonly maxMessageBytes: number
  readonly class: TrafficClass
  readonly route: string
  readonly expiryMs: number
  /** Checks whose mode is not `off`, in the order of their names. */
  readonly checks: readonly string[]
  readonly hasEnforcedCheck: boolean
  /** The sender domains that this application may use: its own and the organization's. */
  readonly authorizedDomains: DomainMatcher
  /** The application's settings over those of `defaults.checks`, defaults filled in. */
  settings(check: string): CheckSettings
  mode(check: string): Mode
}

/** Who is at the door. */
export interface ClientEvidence {
  readonly address: string
  readonly authIdentity?: string
  /** SHA-256 fingerprint, lower-case hex without colons, and the DNS names of a verified client certificate. */
  readonly certificate?: { readonly fingerprint: string; readonly names: readonly string[] }
}

export interface CompiledPolicy {
  readonly revision: number
  readonly document: PolicyDocument
  /** AUTH, else certificate, else longest network; else `unregistered` where that is on and the address is ours; else undefined. */
  findApplication(client: ClientEvidence): CompiledApplication | undefined
  application(name: string): CompiledApplication | undefined
  /** The secret's name of an AUTH user, or undefined. */
  authSecret(user: string): string | undefined
  route(name: string): Route | undefined
  readonly holdMs: number
  readonly onHoldExpiry: 'release' | 'drop' | 'bounce'
  readonly bouncesPerHour: number
  readonly bounceFrom: string
}

/** What `decide` judges: the message's application, and what came in. */
export interface DecideInput {
  readonly application: string
  readonly checks: readonly string[]
  readonly annotations: readonly Annotation[]
}

export type Decide = (policy: CompiledPolicy, input: DecideInput) => Verdict
