/** Writes the gateway's own messages: DSNs (RFC 3464). */
import type { Job, Message } from '@sallyport/contracts'
import { buildDsn, derivedMessageId, enhancedStatus, findHeaderEnd, type MadeMessage } from '@sallyport/mail'
import type { Clock, OwnMessage, PolicyView } from '@sallyport/runtime'
import { isAsciiText } from '../job-transaction.ts'
import { isBeyondAsciiRefused, type ReportAction } from './dsn-rule.ts'

export interface BouncedRecipient {
  readonly index: number
  readonly address: string
  readonly originalRecipient?: string
  readonly reply: string
}

export interface DsnRequest {
  readonly job: Job
  /** The content, or its header block. */
  readonly bytes: Uint8Array
  readonly action: ReportAction
  readonly recipients: readonly BouncedRecipient[]
  /** host:port, or empty. */
  readonly nextHop: string
}

export interface NotificationComposer {
  /** Its id is derived from (id, action, recipients, attempt): a repeat is the same message. */
  dsn(request: DsnRequest): OwnMessage
}

/** What a next hop refused because it has more than ASCII would be refused within the notification as well, by the same road. */
const isReturnedWhole = ({ message, content }: Job, recipients: readonly BouncedRecipient[]): boolean =>
  message.ret === 'FULL' && content.kind === 'inline' && !recipients.some(({ reply }) => isBeyondAsciiRefused(reply))

export interface ComposerOptions {
  readonly hostname: string
  readonly clock: Clock
  readonly policy: PolicyView
}

export function notificationComposer(options: ComposerOptions): NotificationComposer {
  const { hostname, clock, policy } = options

  function own(id: string, to: string, made: MadeMessage, about: Message): OwnMessage {
    const message: Message = {
      id,
      application: about.application,
      policyRevision: about.policyRevision,
      traceparent: about.traceparent,
      receivedAt: clock.now(),
      client: { address: '127.0.0.1', helo: hostname },
      sender: '',
      body: made.body,
      recipients: [{ index: 0, address: to, notify: ['NEVER'] }],
      ...(made.smtpUtf8 ? { smtpUtf8: true } : {}),
    }
    const headerEnd = findHeaderEnd(made.bytes)
    return { message, content: made.bytes, headerBytes: headerEnd < 0 ? made.bytes.byteLength : headerEnd }
  }

  return {
    dsn(request) {
      const { job, action, recipients } = request
      const { message } = job
      const id = derivedMessageId(message.id, 'dsn', action, recipients.map(({ index }) => index).join(','), job.attempt)
      const now = clock.now()
      const remoteMta = request.nextHop.replace(/:\d+$/, '')
      const made = buildDsn({
        id,
        date: now,
        reportingMta: hostname,
        from: policy.current().bounceFrom,
        to: message.sender,
        originalEnvelopeId: message.envelopeId,
        arrivalDate: message.receivedAt,
        // Whose address is ASCII reads the 7-bit forms of RFC 6533 §3, and a next hop without SMTPUTF8 takes them.
        smtpUtf8: !isAsciiText(message.sender),
        returned: { kind: isReturnedWhole(job, recipients) ? 'full' : 'headers', bytes: request.bytes },
        recipients: recipients.map((recipient) => ({
          finalRecipient: recipient.address,
          originalRecipient: recipient.originalRecipient,
          action,
          status: enhancedStatus(recipient.reply),
          diagnosticCode: recipient.reply,
          lastAttempt: now,
          ...(remoteMta === '' || remoteMta === 'capture' ? {} : { remoteMta }),
          ...(action === 'delayed' ? { willRetryUntil: job.expiresAt } : {}),
        })),
      })
      return own(id, message.sender, made, message)
    },
  }
}
