/** Delivery status notifications (RFC 3464, RFC 3461 §6, RFC 6522; RFC 6533 where the sender understands it). */
import { parseAddressList } from '../address/address-list.ts'
import { parseMailbox } from '../address/mailbox.ts'
import { formatDate } from '../header/date.ts'
import { readHeaderBlock } from '../header/header-block.ts'
import { headerIdentities } from '../header/identities.ts'
import { mailboxField, textField } from '../message/header-text.ts'
import { type MadeMessage, messageIdField } from '../message/text-message.ts'
import { type EncodedPart, textPart } from '../message/text-part.ts'
import { type DsnAction, type DsnFacts, maxReturnedBytes } from './dsn-facts.ts'
import { actionOrder, explanation } from './explanation.ts'
import { returnedPart } from './returned-part.ts'
import { statusPart } from './status-part.ts'

const subjects: Readonly<Record<DsnAction, string>> = {
  failed: 'Undelivered mail returned to sender',
  delayed: 'Delayed mail: we go on trying',
  delivered: 'Your mail was delivered',
  relayed: 'Your mail was passed on',
  expanded: 'Your mail was delivered to a list',
}

/**
 * Builds a DSN with CRLF line ends. The caller sends it from the null sender to `facts.to`. The same facts always give the same bytes.
 * Nothing in the facts, nor what other servers said, can add a header field, a part or a recipient. `8BITMIME` only where a whole
 * 8-bit message is returned, or RFC 6533 is used.
 */
export function buildDsn(facts: DsnFacts): MadeMessage {
  const parts = [notice(facts), statusPart(facts), returnedPart(facts)]
  const boundary = boundaryFor(facts.id, parts)
  const mainAction = actionOrder.find((action) => facts.recipients.some((recipient) => recipient.action === action)) ?? 'failed'
  const is8bit = parts.some(({ body }) => body.some((byte) => byte > 0x7f))
  const header = [
    `Date: ${formatDate(facts.date)}\r\n`,
    mailboxField('From', [fromMailbox(facts)]),
    mailboxField('To', [{ display: '', address: canonical(facts.to) }]),
    textField('Subject', subjects[mainAction]),
    messageIdField(facts.id, facts.reportingMta),
    threadFields(facts),
    'Auto-Submitted: auto-replied\r\n',
    'MIME-Version: 1.0\r\n',
    `Content-Type: multipart/report; report-type=delivery-status;\r\n boundary="${boundary}"\r\n`,
    `Content-Transfer-Encoding: ${is8bit ? '8bit' : '7bit'}\r\n`,
    '\r\nThis is a delivery report in MIME format.\r\n',
  ].join('')
  const pieces: Uint8Array[] = [Buffer.from(header)]
  for (const { fields, body } of parts) pieces.push(Buffer.from(`\r\n--${boundary}\r\n${fields}\r\n`), body)
  pieces.push(Buffer.from(`\r\n--${boundary}--\r\n`))
  const smtpUtf8 = /[^\0-\x7f]/.test(header)
  return { bytes: Buffer.concat(pieces), body: is8bit || smtpUtf8 ? '8BITMIME' : '7BIT', smtpUtf8 }
}

function notice(facts: DsnFacts): EncodedPart {
  const part = textPart(explanation(facts))
  return { fields: `${part.fields}Content-Description: Notification\r\n`, body: part.body }
}

function fromMailbox(facts: DsnFacts): { display: string; address: string } {
  const [mailbox] = parseAddressList(facts.from).mailboxes
  return {
    display: mailbox?.display || 'Mail Delivery System',
    address: mailbox?.address ?? canonical(`MAILER-DAEMON@${facts.reportingMta}`),
  }
}

function canonical(address: string): string {
  const mailbox = parseMailbox(address)
  return mailbox.ok ? mailbox.address : address.replace(/[^!-;=?-~]/g, '?')
}

/** RFC 3834 §3.1.5. */
function threadFields({ returned }: DsnFacts): string {
  const { messageId } = headerIdentities(readHeaderBlock(returned.bytes.subarray(0, maxReturnedBytes)))
  return messageId && /^[!-~]{1,900}$/.test(messageId) ? `In-Reply-To: <${messageId}>\r\nReferences: <${messageId}>\r\n` : ''
}

/** A boundary that no part has (RFC 2046 §5.1.1), from the id alone where that does. */
function boundaryFor(id: string, parts: readonly EncodedPart[]): string {
  const base = `=_${id.replace(/[^\w-]/g, '').slice(0, 50)}`
  for (let count = 0; ; count++) {
    const boundary = `${base}_${count}`
    if (!parts.some(({ body }) => Buffer.from(body.buffer, body.byteOffset, body.byteLength).includes(`--${boundary}`)))
      return boundary
  }
}
