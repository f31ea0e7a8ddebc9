/** What an application's owner is told about mail that could not be delivered and got no bounce. */
import { formatDate } from '../header/date.ts'
import { oneLine } from './header-text.ts'
import { buildTextMessage, type MadeMessage } from './text-message.ts'
import { wrapText } from './wrap-text.ts'

export interface UndeliverableMessage {
  readonly id: string
  /** Envelope sender; empty for the null sender. */
  readonly sender: string
  readonly recipients: readonly string[]
  /** What the next hop said, or why we gave up. */
  readonly reply: string
  /** Ms since the epoch. */
  readonly date: number
}

export interface OwnerDigest {
  readonly id: string
  readonly date: number
  readonly from: string
  readonly owner: string
  readonly application: string
  readonly gateway: string
  readonly messages: readonly UndeliverableMessage[]
  /** How many there were in all, where `messages` is only the first of them. */
  readonly total?: number
}

const maxRecipientsShown = 5
const maxReplyChars = 500

/** A digest of undeliverable messages of one application. Says which, to whom, why, and why nobody else was told. */
export function ownerDigest(digest: OwnerDigest): MadeMessage {
  const { messages, application } = digest
  const total = Math.max(digest.total ?? 0, messages.length)
  const one = total === 1
  const intro =
    `${one ? 'A message' : `${total} messages`} of the application "${oneLine(application)}" could not be delivered. ` +
    `No bounce was sent for ${one ? 'it' : 'them'}, because the envelope sender is empty, is not verified as an address of this ` +
    'application, or got many bounces already.\n\n' +
    'Make the application send with an envelope sender that it may use and that somebody reads, and take recipients that do not ' +
    'exist off its lists.'
  const more = total > messages.length ? `\n\n… and ${total - messages.length} more: see the console.` : ''
  const text = `${wrapText(intro)}\n\n${messages.map(entry).join('\n\n')}${more}\n\n-- \nThe mail gateway at ${oneLine(digest.gateway)}`
  return buildTextMessage({
    from: digest.from,
    to: [digest.owner],
    subject: `${total} undeliverable ${one ? 'message' : 'messages'} of ${application}`,
    text,
    date: digest.date,
    id: digest.id,
  })
}

function entry(message: UndeliverableMessage): string {
  const shown = message.recipients.slice(0, maxRecipientsShown).map((recipient) => `<${oneLine(recipient)}>`)
  const rest = message.recipients.length - shown.length
  return [
    `  ${formatDate(message.date)}  ${oneLine(message.id)}`,
    wrapText(`from <${oneLine(message.sender)}> to ${shown.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`, '    '),
    wrapText(oneLine(message.reply).slice(0, maxReplyChars), '    '),
  ].join('\n')
}
