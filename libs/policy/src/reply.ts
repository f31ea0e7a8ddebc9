/** SMTP replies to the end of DATA, made in one place from a verdict (RFC 5321 §4.2, RFC 3463, RFC 7372). */
import type { Contribution, Verdict } from '@sallyport/contracts'

/** One reply line: `code enhanced text`. Printable ASCII, so that it needs no SMTPUTF8 (RFC 6531 §3.7.4.2). */
export interface SmtpReply {
  readonly code: number
  readonly enhanced: string
  readonly text: string
}

/** A reply line has at most 512 octets with its CRLF (RFC 5321 §4.5.3.1.5). */
const maxLineOctets = 512
/** A link that would leave no room for the reasons is left out. */
const maxLinkOctets = 140

/** The line as it is sent, without CRLF: `550 5.7.1 …`. */
export const replyLine = ({ code, enhanced, text }: SmtpReply): string => `${code} ${enhanced} ${text}`

/**
 * What the client is told about its message. `relay` and `hold`: 250 2.6.0, which ends with the id, and no word of a hold,
 * which is the operator's affair. `reject`: 550 5.7.1 and `defer`: 451 4.7.1, with the first reason of each check that
 * decided, the ids of their rules, the link where one is given, and the message id. What does not fit is cut: reasons first.
 */
export function smtpReplyFor(verdict: Verdict, messageId: string, options: { readonly link?: string } = {}): SmtpReply {
  switch (verdict.action) {
    case 'relay':
    case 'hold':
      return { code: 250, enhanced: '2.6.0', text: `accepted ${messageId}` }
    case 'reject':
      return refusal(550, '5.7.1', '', verdict, messageId, options.link)
    case 'defer':
      return refusal(451, '4.7.1', `${retryAdvice(verdict.waitMs)}: `, verdict, messageId, options.link)
  }
}

function retryAdvice(waitMs: number | undefined): string {
  return waitMs === undefined ? 'try again later' : `try again in ${Math.max(1, Math.ceil(waitMs / 1000))} s`
}

function refusal(code: number, enhanced: string, advice: string, verdict: Verdict, messageId: string, link?: string): SmtpReply {
  const deciding = verdict.contributions.filter(({ check }) => verdict.decidedBy.includes(check))
  const tail = ` (${ruleList(deciding)})${link === undefined || link.length > maxLinkOctets ? '' : ` ${printable(link)}`} ${messageId}`
  const room = maxLineOctets - `${code} ${enhanced} ${advice}${tail}\r\n`.length
  return { code, enhanced, text: `${advice}${cut(reasonTexts(deciding), room)}${tail}` }
}

/** What two checks say alike is said once. */
function reasonTexts(deciding: readonly Contribution[]): string {
  const texts = new Set(deciding.map(({ check, text }) => printable(text ?? `the check "${check}" says no`)))
  return [...texts].map((text, index) => (index === texts.size - 1 || /[.!?]$/.test(text) ? text : `${text};`)).join(' ')
}

const maxRules = 4

function ruleList(deciding: readonly Contribution[]): string {
  const rules = deciding.flatMap(({ check, rules }) => (rules.length > 0 ? rules : [check])).map((rule) => cut(printable(rule), 64))
  const more = rules.length - maxRules
  return more > 0 ? `${rules.slice(0, maxRules).join(', ')} and ${more} more` : rules.join(', ')
}

/** Without line ends, control characters and whatever is not ASCII. */
export const printable = (text: string): string =>
  text
    .replace(/\s+/g, ' ')
    .replace(/[^\x20-\x7e]/gu, '?')
    .trim()

/** As much of a text as fits into a line beside the rest of it. */
export const cutLine = (text: string, rest: string): string => cut(text, maxLineOctets - `${rest}\r\n`.length)

const cut = (text: string, octets: number): string =>
  text.length <= octets ? text : `${text.slice(0, Math.max(0, octets - 3))}...`
