/**
 * The limits of an application at the door: what is known to be refused is answered at MAIL, or at the RCPT whose domain or
 * number matters, and no message gets more recipients than a limit lets go at once. Of enforced limits only.
 */
import type { Verdict } from '@sallyport/contracts'
import { recipientDomain, senderNames } from '@sallyport/mail'
import {
  burstReachedReply,
  type CompiledApplication,
  type LimitOwners,
  limitReachedReply,
  limitText,
  reserveAheadMs,
  type SmtpReply,
  type ThrottleLimit,
  throttleLimits,
} from '@sallyport/policy'
import { KnownRefusals } from './known-refusals.ts'

const check = 'throttle'

export interface DoorClock {
  /** ms since the epoch, for people. */
  now(): number
  /** Monotonic, ms. */
  elapsed(): number
}

/** What is known of a message before its content comes. */
export interface Envelope {
  readonly application: CompiledApplication
  readonly policyRevision: number
  readonly sender: string
  /** As the client declared it (RFC 1870); 0 where it did not. */
  readonly sizeBytes: number
}

export interface RecipientCounts {
  all: number
  readonly byDomain: Map<string, number>
}

export class ThrottleDoor {
  readonly #clock: DoorClock
  readonly #refusals: KnownRefusals

  constructor(clock: DoorClock) {
    this.#clock = clock
    this.#refusals = new KnownRefusals(() => clock.elapsed())
  }

  /** The reply to MAIL where a message to one recipient, whoever that is, would be refused. */
  atMail(envelope: Envelope): SmtpReply | undefined {
    if (!this.#refusals.knowsAnyOf(envelope.application.name, envelope.policyRevision)) return undefined
    for (const limit of enforcedLimits(envelope.application)) {
      if (limit.per.includes('recipient-domain')) continue
      const refused = this.#refused(envelope, limit, '', limit.count === 'bytes' ? Math.max(1, envelope.sizeBytes) : 1)
      if (refused) return refused
    }
    return undefined
  }

  /**
   * The reply to RCPT where the message with one more recipient would cost more than a burst, or be refused. Undefined counts the
   * recipient.
   */
  atRecipient(envelope: Envelope, counts: RecipientCounts, address: string): SmtpReply | undefined {
    const limits = enforcedLimits(envelope.application)
    if (limits.length === 0) return undefined
    const domain = recipientDomain(address)
    const ofDomain = (counts.byDomain.get(domain) ?? 0) + 1
    const knowsAny = this.#refusals.knowsAnyOf(envelope.application.name, envelope.policyRevision)
    for (const limit of limits) {
      const isOfDomain = limit.per.includes('recipient-domain')
      if (limit.count !== 'recipients' && (!isOfDomain || ofDomain > 1)) continue
      const cost = costOf(limit, isOfDomain ? ofDomain : counts.all + 1, envelope.sizeBytes)
      if (limit.count === 'recipients' && cost > limit.burst) {
        return burstReachedReply(limitText(limit, ownersOf(envelope, domain)), limit.burst)
      }
      const refused = knowsAny ? this.#refused(envelope, limit, domain, cost) : undefined
      if (refused) return refused
    }
    counts.all++
    counts.byDomain.set(domain, ofDomain)
    return undefined
  }

  /** The application was answered 451 for these limits. */
  refused({ name }: CompiledApplication, { policyRevision, waits }: Verdict): void {
    if (waits) this.#refusals.remember(name, policyRevision, waits)
  }

  /** A message of the application was not accepted, and what it was charged was given back. */
  gaveBack({ name }: CompiledApplication): void {
    this.#refusals.forget(name)
  }

  #refused(envelope: Envelope, limit: ThrottleLimit, domain: string, cost: number): SmtpReply | undefined {
    const { application, policyRevision } = envelope
    const text = limitText(limit, ownersOf(envelope, domain))
    const known = this.#refusals.find(application.name, policyRevision, text, cost)
    // Without a queue of its own its messages wait here, so far ahead as the throttle reserves.
    if (!known || known.waitMs <= reserveAheadMs(application)) return undefined
    return limitReachedReply({ text, count: limit.count, cost, ...known }, this.#clock.now())
  }
}

/** True where this verdict says that the throttle took nothing for the message. */
export function chargedNothing({ contributions, waitMs = 0 }: Verdict, application: CompiledApplication): boolean {
  const aheadMs = reserveAheadMs(application)
  const hasFailed = contributions.some(({ check: name, outcome }) => name === check && outcome === 'fail')
  return hasFailed && (aheadMs === 0 || waitMs > aheadMs)
}

const enforcedLimits = (application: CompiledApplication): readonly ThrottleLimit[] =>
  application.mode(check) === 'enforce' ? throttleLimits(application.settings(check)) : []

function costOf({ count }: ThrottleLimit, recipients: number, sizeBytes: number): number {
  switch (count) {
    case 'messages':
      return 1
    case 'recipients':
      return recipients
    case 'bytes':
      return Math.max(1, sizeBytes)
  }
}

function ownersOf({ application, sender }: Envelope, domain: string): LimitOwners {
  const names = senderNames(sender)
  return {
    application: application.name,
    sender: names.sender,
    'sender-domain': names.domain,
    'recipient-domain': domain,
  }
}
