/** One DATA from 354 to its reply: content in, question, settlement, and what is said about it to events, log and metrics. */
import { type MailEvent, type Message, newMessageId, partitionOf } from '@sallyport/contracts'
import { type HeaderBlock, type HeaderIdentities, headerIdentities, headerValues, recentIdentities } from '@sallyport/mail'
import { replyLine, type SmtpReply } from '@sallyport/policy'
import { startSpan, traceIdOf, underSpan } from '@sallyport/tracing'
import { inlineRoom } from '../content/inline-room.ts'
import { Intake } from '../content/intake.ts'
import { ourFields } from '../content/our-fields.ts'
import type { IngressRoom } from '../ingress-room.ts'
import type { Transaction } from '../transaction.ts'
import { type Outcome, replyToFailure } from './desk.ts'
import { endTransactionSpan, type TransactionSpan, transactionSpan } from './transaction-span.ts'

/** Of a header of 64 KiB, whose text takes up to six times as much in JSON, an event tells no more. */
const maxFromTold = 20
const maxCharsTold = 1_000

export class ReceivedMessage {
  /** All of its content came: it is being settled. */
  isWhole = false
  readonly #room: IngressRoom
  readonly #transaction: Transaction
  readonly #id: string
  readonly #startedAt: number
  readonly intake: Intake

  constructor(room: IngressRoom, transaction: Transaction) {
    const { ports, settings, content } = room
    const now = ports.clock.now()
    this.#room = room
    this.#transaction = transaction
    this.#id = newMessageId(now)
    this.#startedAt = now
    this.intake = new Intake({
      messageId: this.#id,
      store: content,
      ourFields: ourFields(transaction, this.#id, settings.hostname, now),
      maxMessageBytes: transaction.maxMessageBytes,
      maxInlineBytes: inlineRoom(settings.maxInlineBytes, transaction.recipientBytes),
      memory: room.contentMemory,
      refuseBareLineEnds: settings.bareLineEnds === 'reject',
    })
  }

  /** Ends what nobody will hear the reply of. What a durable publish has begun with is settled all the same. */
  leave(): void {
    if (this.isWhole) this.#room.desk.leave(this.#id)
    else this.intake.abort()
  }

  /** All of the content came. Resolves with the reply; never rejects. */
  async settle(hasBareLineEnd: boolean): Promise<SmtpReply> {
    const { ports, desk, backpressure, partitions } = this.#room
    const transaction = this.#transaction
    const began = ports.clock.elapsed()
    const taken = await this.intake.finish(hasBareLineEnd)
    let outcome: Outcome
    let contentBytes = this.intake.receivedBytes
    let identities: HeaderIdentities | undefined
    let traced: TransactionSpan
    switch (taken.kind) {
      case 'taken': {
        const { content, bytes, header } = taken.taken
        contentBytes = content.contentBytes
        // Read here, since the header is split already: checkers of this thread find them.
        identities = recentIdentities(this.#id, () => header)
        traced = this.#traced(header)
        if (content.kind === 'stored') this.#storedSpan(traced.traceparent, contentBytes)
        const message = this.#message(traced.traceparent)
        const candidate = {
          message,
          application: transaction.application,
          content,
          bytes,
          partition: partitionOf(this.#id, partitions),
        }
        outcome = await underSpan(traced.span, () => desk.settle(candidate, transaction))
        this.intake.release()
        if (outcome.accepted && outcome.outcome !== 'hold') backpressure.accepted(candidate.application.name)
        break
      }
      case 'refused':
        identities = taken.header && headerIdentities(taken.header)
        traced = this.#traced(taken.header)
        outcome = { outcome: 'reject', accepted: false, reply: taken.reply }
        break
      case 'failed':
        traced = this.#traced(undefined)
        ports.log.error({ err: taken.error, id: this.#id }, 'the content of a message could not be stored')
        outcome = { outcome: 'failed', accepted: false, reply: replyToFailure(taken.error) }
    }
    const tookMs = ports.clock.elapsed() - began
    this.#tell(outcome, traced.traceparent, identities, contentBytes, tookMs)
    endTransactionSpan(traced, { id: this.#id, transaction, outcome, contentBytes, tookMs }, ports.tracing)
    return outcome.reply
  }

  #traced(header: HeaderBlock | undefined): TransactionSpan {
    const isTrusted = this.#transaction.application.declared.trustTraceparent === true
    return transactionSpan(this.#startedAt, header && isTrusted ? headerValues(header, 'traceparent')[0] : undefined)
  }

  /** It was written while it came, when nobody knew yet whose trace the message belongs to. */
  #storedSpan(parent: string, contentBytes: number): void {
    const attributes = { 'mail.message.id': this.#id, 'mail.content.size': contentBytes }
    startSpan('store content', { parent, startedAt: this.#startedAt, attributes }).end()
  }

  #message(traceparent: string): Message {
    const { application, policyRevision, client, sender, parameters, recipients } = this.#transaction
    const { sizeBytes: _, ...carried } = parameters
    return {
      id: this.#id,
      application: application.name,
      policyRevision,
      traceparent,
      receivedAt: this.#room.ports.clock.now(),
      client,
      sender,
      ...carried,
      recipients,
    }
  }

  #tell(
    outcome: Outcome,
    traceparent: string,
    identities: HeaderIdentities | undefined,
    contentBytes: number,
    tookMs: number,
  ): void {
    const { ports, metrics, background } = this.#room
    const { application, policyRevision, client, sender, recipients, isGone } = this.#transaction
    const reply = isGone ? '' : replyLine(outcome.reply)
    const event: MailEvent = {
      v: 1,
      kind: 'settled',
      id: this.#id,
      application: application.name,
      traceparent,
      at: ports.clock.now(),
      accepted: outcome.accepted,
      outcome: outcome.outcome,
      reply,
      client,
      sender,
      recipients: recipients.map(({ address }) => address),
      headerFrom: identities?.from.slice(0, maxFromTold).map(({ address }) => address.slice(0, maxCharsTold)) ?? [],
      ...(identities?.subject === undefined ? {} : { subject: identities.subject.slice(0, maxCharsTold) }),
      ...(identities?.messageId === undefined ? {} : { messageId: identities.messageId.slice(0, maxCharsTold) }),
      contentBytes,
      policyRevision,
      tookMs,
    }
    background.run('event', ports.events.publish(event))
    metrics.settled({ application: application.name, outcome: outcome.outcome, traceparent, tookMs })
    if (!ports.log.isLevelEnabled('info')) return
    // Never the text of the reply: it names addresses, and may carry the link that explains a refusal.
    const { code, enhanced } = outcome.reply
    const told = { outcome: outcome.outcome, reply: isGone ? '' : `${code} ${enhanced}`, contentBytes, tookMs }
    ports.log.info({ id: this.#id, trace_id: traceIdOf(traceparent), application: application.name, ...told }, 'settled')
  }
}
