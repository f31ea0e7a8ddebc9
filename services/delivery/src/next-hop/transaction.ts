/** One mail transaction over one session (RFC 5321 §3.3): how each recipient ended, or that another hop should be tried. */
import { isAscii } from 'node:buffer'
import { isUnsafeAddress, mailCommand, rcptCommand } from './envelope-commands.ts'
import type { RecipientOutcome, Transaction, TransactionRecipient } from './next-hop.ts'
import { enhancedOf, replyLine, type SmtpReply } from './reply-reader.ts'
import { SessionLost, type SmtpSession } from './smtp-session.ts'

/** How long each stage may take (RFC 5321 §4.5.3.2 names minutes; a gateway that has other hops waits less). */
export interface StageLimits {
  readonly connectMs: number
  readonly greetingMs: number
  readonly commandMs: number
  readonly blockMs: number
  readonly finalMs: number
}

/**
 * `tryElsewhere`: the hop said 421, or the connection was lost, before the content could have been taken. Nothing was
 * delivered then.
 */
export type TransactionEnd =
  | { readonly kind: 'settled'; readonly recipients: readonly RecipientOutcome[] }
  | { readonly kind: 'tryElsewhere'; readonly reply: string; readonly isClosing: boolean }

/**
 * Never throws but for what reading the content throws. Leaves the session usable or lost. `contentSent` is called when the end of
 * the content goes out: true where another transaction follows at once.
 */
export async function runTransaction(
  session: SmtpSession,
  transaction: Transaction,
  limits: StageLimits,
  contentSent: () => boolean,
): Promise<TransactionEnd> {
  const refusal = await refusalBefore(session, transaction)
  if (refusal) return settled(transaction.recipients, 'bounced', refusal)
  const outcomes: RecipientOutcome[] = []
  const asked = transaction.recipients.filter((recipient) => {
    if (!isUnsafeAddress(recipient.address)) return true
    outcomes.push({ index: recipient.index, outcome: 'bounced', reply: '553 5.1.3 the address cannot be written in SMTP' })
    return false
  })
  if (asked.length === 0) return { kind: 'settled', recipients: outcomes }
  let isEndSent = false
  session.uses++
  try {
    const envelope = await sendEnvelope(session, transaction, asked, limits)
    outcomes.push(...envelope.outcomes)
    if (envelope.closing) return { kind: 'tryElsewhere', reply: envelope.closing, isClosing: true }
    if (envelope.accepted.length === 0) return { kind: 'settled', recipients: outcomes }
    const final = await session.content(transaction.content(), limits, () => {
      isEndSent = true
      return contentSent()
    })
    if (final.code === 421) session.close(`the next hop is closing: ${replyLine(final)}`)
    outcomes.push(...settleAll(envelope.accepted, outcomeOf(final), replyLine(final)))
    return { kind: 'settled', recipients: outcomes }
  } catch (error) {
    if (!(error instanceof SessionLost)) {
      session.close('the content could not be read')
      throw error
    }
    return afterLoss(error, isEndSent, transaction, outcomes)
  }
}

/** What the next hop cannot take, known without asking it. Content is never converted. */
async function refusalBefore(session: SmtpSession, transaction: Transaction): Promise<string | undefined> {
  const { offered } = session
  if (isUnsafeAddress(transaction.sender)) return '553 5.1.7 the sender address cannot be written in SMTP'
  if (offered.maxBytes > 0 && transaction.contentBytes > offered.maxBytes) {
    return `552 5.3.4 the message has ${transaction.contentBytes} bytes, ${session.name} takes ${offered.maxBytes}`
  }
  if (transaction.needsSmtpUtf8 && !offered.smtpUtf8) {
    return `553 5.6.7 ${session.name} does not take internationalized addresses or header fields (SMTPUTF8)`
  }
  if (transaction.is8Bit !== false && !offered.eightBitMime && (await has8BitContent(transaction))) {
    return `554 5.6.3 ${session.name} does not take 8-bit content (8BITMIME), and content is never converted`
  }
  return undefined
}

async function has8BitContent(transaction: Transaction): Promise<boolean> {
  const content = transaction.content()
  if (content instanceof Uint8Array) return !isAscii(content)
  for await (const chunk of content) if (!isAscii(chunk)) return true
  return false
}

interface EnvelopeEnd {
  readonly accepted: readonly TransactionRecipient[]
  readonly outcomes: readonly RecipientOutcome[]
  readonly closing?: string
}

async function sendEnvelope(
  session: SmtpSession,
  transaction: Transaction,
  asked: readonly TransactionRecipient[],
  limits: StageLimits,
): Promise<EnvelopeEnd> {
  const commands = [
    mailCommand(transaction, session.offered),
    ...asked.map((recipient) => rcptCommand(recipient, session.offered)),
    'DATA',
  ]
  const skip = session.needsReset ? 1 : 0
  if (skip) commands.unshift('RSET')
  const replies = session.offered.pipelining
    ? await session.command(`${commands.join('\r\n')}\r\n`, commands.length, limits.commandMs)
    : await oneByOne(session, commands, skip, limits)
  session.needsReset = true
  return readEnvelope(session, asked, replies.slice(skip), limits)
}

/** Without PIPELINING: stops where going on is pointless, so that replies may be fewer than commands. */
async function oneByOne(
  session: SmtpSession,
  commands: readonly string[],
  skip: number,
  limits: StageLimits,
): Promise<SmtpReply[]> {
  const replies: SmtpReply[] = []
  for (const [at, command] of commands.entries()) {
    const isData = at === commands.length - 1
    if (isData && !replies.slice(skip + 1).some(isPositive)) break
    const [reply] = await session.command(`${command}\r\n`, 1, limits.commandMs)
    if (!reply) break
    replies.push(reply)
    if (reply.code === 421 || (at === skip && !isPositive(reply))) break
  }
  return replies
}

async function readEnvelope(
  session: SmtpSession,
  asked: readonly TransactionRecipient[],
  replies: readonly SmtpReply[],
  limits: StageLimits,
): Promise<EnvelopeEnd> {
  const closing = replies.find((reply) => reply.code === 421)
  if (closing) {
    session.close(`the next hop is closing: ${replyLine(closing)}`)
    return { accepted: [], outcomes: [], closing: replyLine(closing) }
  }
  const mail = replies[0]
  const data = replies[asked.length + 1]
  if (!mail || !isPositive(mail)) {
    if (data?.code === 354) session.close('the next hop took DATA without a sender')
    return { accepted: [], outcomes: mail ? settleAll(asked, outcomeOf(mail), replyLine(mail)) : [] }
  }
  const accepted: TransactionRecipient[] = []
  const outcomes: RecipientOutcome[] = []
  for (const [at, recipient] of asked.entries()) {
    const reply = replies[at + 1]
    if (reply && isPositive(reply)) accepted.push(recipient)
    else if (reply) outcomes.push({ index: recipient.index, outcome: outcomeOfRcpt(reply), reply: replyLine(reply) })
  }
  if (accepted.length === 0) {
    // RFC 2920 §3.1: a server that answers 354 without a recipient is to be given an empty message.
    if (data?.code === 354) await session.command('.\r\n', 1, limits.finalMs)
    return { accepted, outcomes }
  }
  if (data && data.code !== 354) {
    outcomes.push(...settleAll(accepted, outcomeOf(data), replyLine(data)))
    return { accepted: [], outcomes }
  }
  session.needsReset = false
  return { accepted, outcomes }
}

function afterLoss(
  lost: SessionLost,
  isEndSent: boolean,
  transaction: Transaction,
  known: readonly RecipientOutcome[],
): TransactionEnd {
  const said = lost.replies.findLast((reply) => reply.code >= 400)
  if (!isEndSent && !said) return { kind: 'tryElsewhere', reply: `451 4.4.2 ${lost.message}`, isClosing: false }
  if (!isEndSent && said?.code === 421) return { kind: 'tryElsewhere', reply: replyLine(said), isClosing: true }
  const open = transaction.recipients.filter(({ index }) => !known.some((outcome) => outcome.index === index))
  const reply = said ? replyLine(said) : `451 4.4.2 ${lost.message} after the end of data: it may have been delivered`
  // Whatever it said before it went: only a reply to the end of data is one about the message.
  return { kind: 'settled', recipients: [...known, ...settleAll(open, 'deferred', reply)] }
}

const isPositive = (reply: SmtpReply): boolean => reply.code >= 200 && reply.code < 300

function outcomeOf(reply: SmtpReply): RecipientOutcome['outcome'] {
  if (isPositive(reply)) return 'delivered'
  // 530, 534, 535, 538: it wants us to log in (RFC 4954 §6); 503: out of step. The route's fault, not the message's.
  const isOurFault = [503, 530, 534, 535, 538].includes(reply.code)
  return reply.code >= 500 && !isOurFault ? 'bounced' : 'deferred'
}

/** RFC 5321 §4.5.3.1.10: 552 to RCPT means too many recipients, and is to be taken for 452. */
const outcomeOfRcpt = (reply: SmtpReply): RecipientOutcome['outcome'] =>
  (reply.code === 552 && enhancedOf(reply) !== '5.2.2') || reply.code < 400 ? 'deferred' : outcomeOf(reply)

const settleAll = (
  recipients: readonly TransactionRecipient[],
  outcome: RecipientOutcome['outcome'],
  reply: string,
): RecipientOutcome[] => recipients.map(({ index }) => ({ index, outcome, reply }))

const settled = (
  recipients: readonly TransactionRecipient[],
  outcome: RecipientOutcome['outcome'],
  reply: string,
): TransactionEnd => ({
  kind: 'settled',
  recipients: settleAll(recipients, outcome, reply),
})
