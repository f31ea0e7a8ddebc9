/** Small text messages of our own (RFC 5322, RFC 2045). */
import { parseAddressList } from '../address/address-list.ts'
import { formatDate } from '../header/date.ts'
import { mailboxField, textField } from './header-text.ts'
import { textPart } from './text-part.ts'

export interface TextMessage {
  /** A mailbox, with or without a display name. */
  readonly from: string
  readonly to: readonly string[]
  readonly subject: string
  readonly text: string
  /** Ms since the epoch. */
  readonly date: number
  /** Of our own message; becomes its Message-ID. */
  readonly id: string
  /** More unstructured fields. Names that are no field names are left out. */
  readonly headers?: Readonly<Record<string, string>>
}

/** A message that our own software made, ready to be sent. */
export interface MadeMessage {
  readonly bytes: Uint8Array
  /** For the BODY parameter of MAIL (RFC 6152). */
  readonly body: '7BIT' | '8BITMIME'
  /** True where an address in its header is beyond ASCII. */
  readonly smtpUtf8: boolean
}

const fieldName = /^[!-9;-~]{1,76}$/

/** Builds a text message with CRLF line ends. Marked Auto-Submitted, so that nobody's vacation notice answers. Nothing given can add a field. */
export function buildTextMessage(message: TextMessage): MadeMessage {
  const { mailboxes: from } = parseAddressList(message.from)
  const to = message.to.flatMap((address) => parseAddressList(address).mailboxes)
  const part = textPart(message.text)
  const domain = from[0]?.aDomain.replace(/^\[.*$/s, 'localhost') ?? 'localhost'
  const header = [
    `Date: ${formatDate(message.date)}\r\n`,
    mailboxField('From', from),
    mailboxField('To', to),
    textField('Subject', message.subject),
    messageIdField(message.id, domain),
    'Auto-Submitted: auto-generated\r\n',
    ...Object.entries(message.headers ?? {}).flatMap(([name, value]) => (fieldName.test(name) ? [textField(name, value)] : [])),
    'MIME-Version: 1.0\r\n',
    part.fields,
    '\r\n',
  ].join('')
  return {
    bytes: Buffer.concat([Buffer.from(header), part.body]),
    body: /[^\0-\x7f]/.test(header) ? '8BITMIME' : '7BIT',
    smtpUtf8: /[^\0-\x7f]/.test(header),
  }
}

/** Message-ID from an id of ours and a domain, with its line end. */
export const messageIdField = (id: string, domain: string): string =>
  `Message-ID: <${id.replace(/[^\w.-]/g, '')}@${domain.replace(/[^\w.-]/g, '') || 'localhost'}>\r\n`
