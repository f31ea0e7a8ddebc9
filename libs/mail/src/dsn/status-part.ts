/** The part of a DSN for machines: message/delivery-status (RFC 3464 §2), message/global-delivery-status (RFC 6533 §4). */
import { encodeUtf8AddrXtext } from '../address/xtext.ts'
import { formatDate } from '../header/date.ts'
import { fold } from '../header/fold.ts'
import { oneLine } from '../message/header-text.ts'
import type { EncodedPart } from '../message/text-part.ts'
import type { DsnFacts, DsnRecipient } from './dsn-facts.ts'
import { enhancedStatus } from './enhanced-status.ts'

const maxDiagnosticChars = 1_000
const maxWordChars = 500
const statusForm = /^[245]\.[0-9]{1,3}\.[0-9]{1,3}$/
const nonAscii = /[^\0-\x7f]/

/** Encodes the status part. Beyond ASCII only where the sender understands it (`smtpUtf8`) and there is something beyond ASCII to say. */
export function statusPart(facts: DsnFacts): EncodedPart {
  const text = [messageFields(facts), ...facts.recipients.map((recipient) => recipientFields(recipient, facts.smtpUtf8))].join(
    '\r\n',
  )
  const isGlobal = nonAscii.test(text)
  return {
    fields:
      `Content-Type: message/${isGlobal ? 'global-' : ''}delivery-status\r\n` +
      `Content-Transfer-Encoding: ${isGlobal ? '8bit' : '7bit'}\r\nContent-Description: Delivery report\r\n`,
    body: Buffer.from(text),
  }
}

/** RFC 3464 §2.2. */
function messageFields(facts: DsnFacts): string {
  return [
    field('Reporting-MTA', `dns; ${facts.reportingMta}`, false),
    facts.originalEnvelopeId ? field('Original-Envelope-Id', facts.originalEnvelopeId, false) : '',
    facts.arrivalDate === undefined ? '' : `Arrival-Date: ${formatDate(facts.arrivalDate)}\r\n`,
  ].join('')
}

/** RFC 3464 §2.3. */
function recipientFields(recipient: DsnRecipient, utf8: boolean): string {
  const diagnostic = recipient.diagnosticCode ? oneLine(recipient.diagnosticCode) : ''
  return [
    recipient.originalRecipient ? field('Original-Recipient', typedAddress(recipient.originalRecipient, utf8), utf8) : '',
    field('Final-Recipient', typedAddress(`rfc822;${recipient.finalRecipient}`, utf8), utf8),
    `Action: ${recipient.action}\r\n`,
    `Status: ${dsnStatus(recipient)}\r\n`,
    recipient.remoteMta ? field('Remote-MTA', `dns; ${recipient.remoteMta}`, false) : '',
    diagnostic === '' ? '' : field('Diagnostic-Code', `${diagnosticType(diagnostic)}; ${diagnostic}`, utf8),
    recipient.lastAttempt === undefined ? '' : `Last-Attempt-Date: ${formatDate(recipient.lastAttempt)}\r\n`,
    recipient.willRetryUntil === undefined || recipient.action !== 'delayed'
      ? ''
      : `Will-Retry-Until: ${formatDate(recipient.willRetryUntil)}\r\n`,
  ].join('')
}

/** The status of a recipient, well formed whatever was given. */
export function dsnStatus(recipient: DsnRecipient): string {
  if (statusForm.test(recipient.status)) return recipient.status
  if (recipient.action === 'failed') return recipient.diagnosticCode ? enhancedStatus(recipient.diagnosticCode) : '5.0.0'
  return recipient.action === 'delayed' ? '4.0.0' : '2.0.0'
}

/** RFC 3464 §2.3.6: `smtp` only for what an SMTP server replied. */
const diagnosticType = (diagnostic: string): string => (/^[245][0-9]{2}[ -]/.test(diagnostic) ? 'smtp' : 'x-sallyport')

/** `type; address`, where anything beyond ASCII makes it `utf-8` (RFC 6533 §3). */
function typedAddress(typed: string, utf8: boolean): string {
  const [, written, rest] = /^([a-z0-9-]{1,20})\s*;(.*)$/is.exec(typed) ?? [undefined, 'rfc822', typed]
  const type = (written ?? '').toLowerCase()
  const address = oneLine(rest ?? '')
  if (type !== 'utf-8' && !nonAscii.test(address)) return `${type}; ${address}`
  return `utf-8; ${utf8 ? address : encodeUtf8AddrXtext(address)}`
}

/** One line whatever was given; what is beyond ASCII becomes `?` where it may not stand. */
function field(name: string, text: string, utf8: boolean): string {
  const line = oneLine(text).slice(0, maxDiagnosticChars)
  const allowed = utf8 ? line.toWellFormed() : line.replace(/[^ -~]/gu, '?')
  const words = allowed.split(/ +/).flatMap((word) => word.match(new RegExp(`.{1,${maxWordChars}}`, 'gu')) ?? [])
  return fold([`${name}:`, ...words])
}
