/** The part of a DSN for people: who did not get the message, what the other server said, what to do. */
import { parseMailbox } from '../address/mailbox.ts'
import { formatDate } from '../header/date.ts'
import { readHeaderBlock } from '../header/header-block.ts'
import { headerIdentities } from '../header/identities.ts'
import { oneLine } from '../message/header-text.ts'
import { wrapText } from '../message/wrap-text.ts'
import type { DsnAction, DsnFacts, DsnRecipient } from './dsn-facts.ts'
import { dsnStatus } from './status-part.ts'

/** What to do, by class-less status (RFC 3463 §3); the longest that fits counts. */
const advice: Readonly<Record<string, string>> = {
  '1.1': 'There is no such address. Check it for typing mistakes, and take it off your lists if it is gone.',
  '1.2': 'The domain of this address cannot receive mail. Check it for typing mistakes.',
  '1.3': 'The address is not well formed. Check it for typing mistakes.',
  '1.6': 'The recipient has moved and left no address.',
  '1.10': 'The domain of this address accepts no mail at all.',
  '2.1': 'The mailbox is disabled. Reach the recipient in another way.',
  '2.2': 'The mailbox is full. Try again later, or reach the recipient in another way.',
  '2.3': 'The message is too large for this mailbox. Send a smaller one, or a link instead of an attachment.',
  '3.4': 'The message is too large for the receiving system. Send a smaller one, or a link instead of an attachment.',
  '4.1': 'The receiving system did not answer. If this goes on, tell the mail team.',
  '4.4': 'The domain of this address could not be found. Check it for typing mistakes.',
  '4.6': 'The message went in circles. Tell the mail team.',
  '4.7': 'We tried for as long as we keep a message. Try again later, or reach the recipient in another way.',
  '6.3': 'The receiving system cannot take 8-bit text. Tell the mail team.',
  '6.7': 'The receiving system cannot take internationalized addresses. Use an ASCII address of the recipient.',
  '7': 'The receiving system refuses the message by its policy. What it said tells why; show it to the mail team if you cannot change that.',
}

const headlines: Readonly<Record<DsnAction, string>> = {
  failed: 'could not be delivered to',
  delayed: 'has not been delivered yet, and we go on trying. You need not send it again. It waits for',
  delivered: 'was delivered to',
  relayed: 'was passed on to a system that will not report further, for',
  expanded: 'was delivered to a list, which sends it on to its members, for',
}

/** The order in which actions are told, which is that of their weight. */
export const actionOrder: readonly DsnAction[] = ['failed', 'delayed', 'delivered', 'relayed', 'expanded']

/** Text with LF line ends. */
export function explanation(facts: DsnFacts): string {
  const sections = actionOrder.flatMap((action) => {
    const recipients = facts.recipients.filter((recipient) => recipient.action === action)
    if (recipients.length === 0) return []
    const headline = `${sectionsSubject(facts, action)} ${headlines[action]}${recipients.length > 1 ? ' these recipients' : ''}:`
    return [`${wrapText(headline)}\n\n${recipients.map(recipientText).join('\n\n')}`]
  })
  return [`This is the mail gateway at ${oneLine(facts.reportingMta)}.`, aboutOriginal(facts), ...sections].join('\n\n')
}

const sectionsSubject = (facts: DsnFacts, action: DsnAction): string =>
  action === facts.recipients[0]?.action ? 'Your message' : 'The same message'

function aboutOriginal(facts: DsnFacts): string {
  const { subject, messageId } = headerIdentities(readHeaderBlock(facts.returned.bytes))
  return [
    'This is about the message',
    '',
    ...(subject ? [wrapText(`Subject: ${oneLine(subject).slice(0, 300)}`, '    ')] : []),
    ...(facts.arrivalDate === undefined ? [] : [`    Received: ${formatDate(facts.arrivalDate)}`]),
    ...(messageId ? [`    Message-ID: <${oneLine(messageId).slice(0, 300)}>`] : []),
    `    From: <${oneLine(facts.to)}>`,
  ].join('\n')
}

function recipientText(recipient: DsnRecipient): string {
  const status = dsnStatus(recipient)
  const lines = [`  <${oneLine(recipient.finalRecipient)}>`]
  const original = originalAddress(recipient)
  if (original) lines.push(wrapText(`(you wrote to <${original}>)`, '    '))
  const { diagnosticCode } = recipient
  if (diagnosticCode) {
    const who = recipient.remoteMta ? `${oneLine(recipient.remoteMta)} said:` : 'Reason:'
    lines.push(wrapText(`${who} ${oneLine(diagnosticCode).slice(0, 1_000)}`, '    '))
  }
  if (recipient.action === 'delayed' && recipient.willRetryUntil !== undefined) {
    lines.push(`    We try until ${formatDate(recipient.willRetryUntil)}.`)
  }
  if (recipient.action === 'failed') lines.push(wrapText(`What to do: ${adviceFor(status)}`, '    '))
  return lines.join('\n')
}

function adviceFor(status: string): string {
  const [, subject = '', detail = ''] = status.split('.')
  return (
    advice[`${subject}.${detail}`] ??
    advice[subject] ??
    'Read what the receiving system said. If it does not help, reach the recipient in another way, or ask the mail team.'
  )
}

/** Where ORCPT names another address than the final one. */
function originalAddress(recipient: DsnRecipient): string | undefined {
  const written = recipient.originalRecipient?.replace(/^[^;]*;/, '').trim()
  if (!written) return undefined
  const [original, final] = [parseMailbox(written), parseMailbox(recipient.finalRecipient)]
  return original.ok && final.ok && original.address !== final.address ? original.address : undefined
}
