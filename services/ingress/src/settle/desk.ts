/** Asks for the verdict on a message and settles it once (design §4.3 and §4.6): every message gets one outcome, and one reply. */
import type { ContentStore } from '@sallyport/content'
import { type Action, type ContentRef, SallyportError, type Verdict } from '@sallyport/contracts'
import { isOnlyAWait, reserveAheadMs, type SmtpReply, smtpReplyFor } from '@sallyport/policy'
import type { RolePorts } from '@sallyport/runtime'
import { inSpan, keepActiveTrace } from '@sallyport/tracing'
import type { Background } from '../background.ts'
import { chargedNothing, type ThrottleDoor } from '../limits/throttle-door.ts'
import { replies } from '../replies.ts'
import { LaterTurns } from './later-turns.ts'
import { type Candidate, decidedRecord, openedRecord, receivedRecord, undecidedRecord } from './records.ts'
import type { WaitingVerdicts } from './waiting-verdicts.ts'

export interface Outcome {
  readonly outcome: Action | 'undecided' | 'abandoned' | 'failed'
  readonly accepted: boolean
  readonly reply: SmtpReply
  /** Of a message that is not accepted: the throttle took nothing for it, so there is nothing to give back. */
  readonly isUncharged?: boolean
}

/** What the desk wants to know of the client while the message is on it. */
export interface Listening {
  readonly isGone: boolean
}

export interface DeskOptions {
  readonly ports: RolePorts
  readonly content: ContentStore
  readonly waiting: WaitingVerdicts
  readonly channel: string
  readonly budgetMs: number
  readonly background: Background
  readonly throttleDoor: Pick<ThrottleDoor, 'refused' | 'gaveBack'>
  /** Nothing was accepted, although the throttle may have reserved for it. */
  readonly refund?: ((messageId: string) => void) | undefined
  /** Where the refusal of a message is explained to whoever made the program that sent it. */
  readonly explanationLink?: ((messageId: string) => string) | undefined
}

const durable = { durable: true } as const

export class Desk {
  readonly #options: DeskOptions
  readonly #laterTurns = new LaterTurns()

  constructor(options: DeskOptions) {
    this.#options = options
  }

  /** The client of this message is gone: its verdict is not waited for any longer. */
  leave(messageId: string): void {
    this.#options.waiting.leave(messageId)
  }

  /** Never rejects. `accepted` is true exactly when a durable publish has told that the message is ours. */
  async settle(candidate: Candidate, client: Listening): Promise<Outcome> {
    const outcome = await this.#decide(candidate, client)
    if (!outcome.accepted && outcome.isUncharged !== true && candidate.application.hasEnforcedCheck) {
      this.#options.refund?.(candidate.message.id)
      this.#options.throttleDoor.gaveBack(candidate.application)
    }
    return outcome
  }

  async #decide(candidate: Candidate, client: Listening): Promise<Outcome> {
    const { application, message } = candidate
    if (!application.hasEnforcedCheck) {
      this.#askOnly(candidate)
      return await this.#accept(candidate, client, unjudged(message.policyRevision))
    }
    if (application.reply === 'at-once') {
      this.#askOnly(candidate)
      return await this.#acceptUndecided(candidate, client)
    }
    const answer = await inSpan('wait for the verdict', {}, () => this.#ask(candidate))
    if (answer.kind !== 'verdict') keepActiveTrace(answer.kind)
    switch (answer.kind) {
      case 'verdict':
        return await this.#apply(candidate, client, answer.verdict)
      case 'late':
        if (application.whenUndecided === 'accept') return await this.#acceptUndecided(candidate, client)
        return this.#refuse(candidate, { outcome: 'failed', reply: replies.noVerdict() })
      case 'gone':
        return this.#abandon(candidate)
      case 'stopped':
        return this.#refuse(candidate, { outcome: 'failed', reply: replies.shuttingDown() })
      case 'failed':
        return this.#refuse(candidate, this.#failure(candidate, answer.error))
    }
  }

  async #apply(candidate: Candidate, client: Listening, verdict: Verdict): Promise<Outcome> {
    const { application, message } = candidate
    // Before what follows is published, so that it carries on that it is sampled.
    if (verdict.action !== 'relay') keepActiveTrace(verdict.action)
    switch (verdict.action) {
      case 'relay':
      case 'hold':
        return await this.#accept(candidate, client, verdict)
      case 'reject':
        return this.#refuse(candidate, {
          outcome: 'reject',
          reply: this.#replyFor(verdict, message.id),
          isUncharged: chargedNothing(verdict, application),
        })
      case 'defer': {
        const isFarBehind = isOnlyAWait(verdict) && (verdict.waitMs ?? 0) > reserveAheadMs(application)
        // Further behind than the throttle reserves, it has no turn to wait for.
        if (application.retries || isFarBehind) {
          this.#options.throttleDoor.refused(application, verdict)
          return this.#refuse(candidate, {
            outcome: 'defer',
            reply: this.#replyFor(verdict, message.id),
            isUncharged: chargedNothing(verdict, application),
          })
        }
        if (!isOnlyAWait(verdict)) return await this.#accept(candidate, client, { ...verdict, action: 'hold' })
        const now = this.#options.ports.clock.now()
        const notBefore = now + Math.ceil(verdict.waitMs ?? 0)
        const nextAt = this.#laterTurns.add(application.name, notBefore, now, application.maxWaiting)
        if (nextAt !== undefined) {
          return this.#refuse(candidate, { outcome: 'defer', reply: replies.tooManyWaiting(application.maxWaiting, nextAt - now) })
        }
        const accepted = await this.#accept(candidate, client, { ...verdict, action: 'relay' }, notBefore)
        if (accepted.accepted) return { ...accepted, outcome: 'defer' }
        this.#laterTurns.remove(application.name, notBefore)
        return accepted
      }
    }
  }

  #replyFor(verdict: Verdict, messageId: string): SmtpReply {
    const link = this.#options.explanationLink?.(messageId)
    return smtpReplyFor(verdict, messageId, link === undefined ? {} : { link })
  }

  /** Somebody waits: `opened` names our channel, and the first of reply, end of budget and failure is the answer. */
  #ask(candidate: Candidate): ReturnType<WaitingVerdicts['wait']> {
    const { ports, waiting, channel, budgetMs } = this.#options
    const { id } = candidate.message
    const answer = waiting.wait(id)
    const fail = (error: unknown): void => void waiting.fail(id, error)
    ports.bus.publish(openedRecord(candidate, budgetMs, channel, ports.signer)).catch(fail)
    ports.bus.publish(receivedRecord(candidate, budgetMs)).catch(fail)
    return answer
  }

  /** Nobody waits: the annotations only count, or decide later. */
  #askOnly(candidate: Candidate): void {
    if (candidate.application.checks.length === 0) return
    const { ports, budgetMs, background } = this.#options
    background.run('question', ports.bus.publish(openedRecord(candidate, budgetMs, undefined, ports.signer)))
    background.run('question', ports.bus.publish(receivedRecord(candidate, budgetMs)))
  }

  async #accept(candidate: Candidate, client: Listening, verdict: Verdict, notBefore?: number): Promise<Outcome> {
    if (client.isGone) return this.#abandon(candidate)
    const { ports } = this.#options
    try {
      await ports.bus.publish(decidedRecord(candidate, verdict, ports.clock.now(), notBefore), durable)
    } catch (error) {
      return { ...this.#failure(candidate, error), accepted: false }
    }
    return { outcome: verdict.action, accepted: true, reply: replies.accepted(candidate.message.id) }
  }

  async #acceptUndecided(candidate: Candidate, client: Listening): Promise<Outcome> {
    if (client.isGone) return this.#abandon(candidate)
    const { ports } = this.#options
    const {
      message,
      content: { headerBytes },
      bytes,
    } = candidate
    let content: ContentRef
    try {
      content = await this.#storedContent(candidate)
    } catch (error) {
      return this.#refuse(candidate, this.#failure(candidate, error))
    }
    if (client.isGone) {
      this.#drop(content)
      return this.#abandon(candidate)
    }
    try {
      const record = undecidedRecord(candidate, content, bytes.subarray(0, headerBytes), ports.clock.now(), ports.signer)
      await ports.bus.publish(record, durable)
    } catch (error) {
      return { ...this.#failure(candidate, error), accepted: false }
    }
    return { outcome: 'undecided', accepted: true, reply: replies.accepted(message.id) }
  }

  async #storedContent({ message, content, bytes }: Candidate): Promise<ContentRef> {
    if (content.kind === 'stored') return content
    const { key, sha256, contentBytes } = await this.#options.content.put(message.id, bytes)
    return { kind: 'stored', key, sha256, contentBytes, headerBytes: content.headerBytes }
  }

  #abandon(candidate: Candidate): Outcome {
    return this.#refuse(candidate, { outcome: 'abandoned', reply: replies.failed() })
  }

  /** Nothing was begun that could make the message ours: its content can go. */
  #refuse(candidate: Candidate, refusal: Omit<Outcome, 'accepted'>): Outcome {
    this.#drop(candidate.content)
    return { ...refusal, accepted: false }
  }

  #drop(content: ContentRef): void {
    if (content.kind === 'stored') this.#options.background.run('store', this.#options.content.delete(content.key))
  }

  #failure({ message }: Candidate, error: unknown): Omit<Outcome, 'accepted'> {
    this.#options.ports.log.error({ err: error, id: message.id }, 'a message could not be accepted')
    return { outcome: 'failed', reply: replyToFailure(error) }
  }
}

/** 452 where the content has no place, since it is the message's size that makes the difference; else 451. */
export function replyToFailure(error: unknown): SmtpReply {
  const code = error instanceof SallyportError ? error.code : undefined
  if (code === 'STORE_FULL') return replies.diskLow()
  return code === 'STORE_UNAVAILABLE' ? replies.storeAway() : replies.failed()
}

/** No enforced check, so nothing to wait for. */
const unjudged = (policyRevision: number): Verdict => ({
  action: 'relay',
  decidedBy: [],
  wouldBe: { action: 'relay', by: [] },
  contributions: [],
  policyRevision,
})
