/** The header as features: the forms of subject and sender, and urgency. Never who or when, nor what relays and lists add. */
import { decodeEncodedWords, type HeaderBlock } from '@sallyport/mail'
import { characterClass, classes } from './character-class.ts'
import { counted, defineFact, levelOf, logLevel } from './fact.ts'
import { type FeatureBag, featureKind } from './feature-bag.ts'
import { addWords, maxSubjectChars } from './words.ts'

const importance = defineFact('header', 'importance', () => 'marked as urgent')
const senderDigits = defineFact('header', 'sender-digits', (count) => `${counted(count, 'digit')} in the sender’s address`)
const replyElsewhere = defineFact('header', 'reply-elsewhere', () => 'replies go to another domain than the sender’s')
const nameNamesAddress = defineFact('header', 'name-is-address', () => 'the sender’s name shows another address')

const subjectMissing = defineFact('subject', 'subject-missing', () => 'no subject')
/** The capital of a first word is nothing to tell. */
const subjectCapitals = defineFact('subject', 'subject-capitals', (share) =>
  share < 0.25 ? '' : `${Math.round(100 * share)} % capitals in the subject`,
)
const subjectMarks = defineFact(
  'subject',
  'subject-marks',
  (count) => `${counted(count, 'exclamation or question mark')} in the subject`,
)
const subjectMoney = defineFact('subject', 'subject-money', (count) => `${counted(count, 'currency sign')} in the subject`)
const subjectDigits = defineFact('subject', 'subject-digits', (count) => `${counted(count, 'digit')} in the subject`)
const subjectSpaces = defineFact('subject', 'subject-spaces', () => 'runs of spaces in the subject')
const subjectRaw = defineFact('subject', 'subject-raw', () => 'the subject has raw non-ASCII characters')
const subjectSymbols = defineFact(
  'subject',
  'subject-symbols',
  (count) => `${counted(count, 'pictograph or symbol')} in the subject`,
)
const subjectLength = defineFact('subject', 'subject-length', (count) => `a subject of ${counted(count, 'character')}`)

/** What of the header is of use elsewhere. */
export interface HeaderSeen {
  /** Domain of From, lower-case, or empty. */
  readonly senderDomain: string
  /** Local part of From as written, or empty. */
  readonly senderLocal: string
}

/** Adds what the header tells. Sets the bag's `subjectText`. */
export function addHeader(bag: FeatureBag, header: HeaderBlock): HeaderSeen {
  let from = ''
  let replyTo = ''
  let subject: string | undefined
  for (const field of header.fields) {
    const name = field.lowerName
    if (name === 'from') from ||= field.value
    else if (name === 'subject') subject ??= field.value
    else if (name === 'reply-to') replyTo ||= field.value
    else if (name === 'x-priority' || name === 'importance' || name === 'priority' || name === 'x-msmail-priority') {
      if (/^\s*(?:1|2|high|urgent)/i.test(field.value)) bag.addFact(importance, 1, 1)
    }
  }
  const sender = addSender(bag, from.slice(0, 1_000), replyTo.slice(0, 1_000))
  addSubject(bag, subject)
  return { senderDomain: sender?.domain ?? '', senderLocal: sender?.local ?? '' }
}

interface Address {
  readonly local: string
  readonly domain: string
}

const lastAddress = /([^\s<>"(),;:@]{0,200})@([a-z0-9.-]{1,255})/gi

/** Local part and domain of the last thing that looks like an address: the name in front may look like one too. */
function addressIn(value: string): Address | undefined {
  const at = value.indexOf('@')
  if (at === -1) return undefined
  if (value.indexOf('@', at + 1) === -1) return addressAround(value, at)
  let found: Address | undefined
  for (const match of value.matchAll(lastAddress)) found = { local: match[1] ?? '', domain: (match[2] ?? '').toLowerCase() }
  return found
}

/** The same where there is one `@` only. */
function addressAround(value: string, at: number): Address | undefined {
  let start = at
  while (start > 0 && at - start < 200 && !/[\s<>"(),;:]/.test(value.charAt(start - 1))) start--
  const domain = /^[a-z0-9.-]{1,255}/i.exec(value.slice(at + 1))?.[0]
  return domain === undefined ? undefined : { local: value.slice(start, at), domain: domain.toLowerCase() }
}

function addSender(bag: FeatureBag, from: string, replyTo: string): Address | undefined {
  const address = addressIn(from)
  const name = decodeEncodedWords(from.slice(0, Math.max(0, from.lastIndexOf('<'))))
    .replace(/["']/g, '')
    .trim()
  const shown = addressIn(name)
  if (shown && shown.domain !== address?.domain) bag.addFact(nameNamesAddress, 1, 1)
  if (!address) return undefined
  const digitCount = address.local.replace(/[^0-9]/g, '').length
  bag.addFact(senderDigits, levelOf(digitCount, [1, 3, 5]), digitCount)
  const replyDomain = addressIn(replyTo)?.domain
  if (replyDomain !== undefined && replyDomain !== address.domain) bag.addFact(replyElsewhere, 1, 1)
  return address
}

// Whether a message answers another is no property of spam, and easily claimed.
const answering = /^(?:\s*(?:re|fwd?|aw|wg|sv|rv|tr|antw?)\s*:)+\s*/i

function addSubject(bag: FeatureBag, raw: string | undefined): void {
  const subject = decodeEncodedWords((raw ?? '').slice(0, 2 * maxSubjectChars))
    .slice(0, maxSubjectChars)
    .replace(answering, '')
  if (subject.trim() === '') {
    bag.addFact(subjectMissing, 1, 1)
    return
  }
  bag.subjectText = subject.toLowerCase()
  addWords(bag, bag.subjectText, featureKind.subjectWord)
  let upper = 0
  let lower = 0
  let marks = 0
  let money = 0
  let digits = 0
  let symbols = 0
  for (let place = 0; place < subject.length; place++) {
    const code = subject.charCodeAt(place)
    if (code >= 0x41 && code <= 0x5a) upper++
    else if (code >= 0x61 && code <= 0x7a) lower++
    else if (code === 0x21 || code === 0x3f) marks++
    else if (code === 0x24 || code === 0x20ac || code === 0xa3) money++
    else if (code >= 0x30 && code <= 0x39) digits++
    else if (code > 0x2190 && classes[code] === characterClass.other) symbols++
  }
  const letters = upper + lower
  bag.addFact(subjectCapitals, letters < 5 ? 0 : levelOf(upper / letters, [0.12, 0.2, 0.35, 0.7]), upper / (letters + 1))
  bag.addFact(subjectMarks, logLevel(marks), marks)
  bag.addFact(subjectMoney, logLevel(money), money)
  bag.addFact(subjectDigits, levelOf(digits, [1, 3, 6]), digits)
  bag.addFact(subjectSpaces, /\S {3,}\S/.test(subject) ? 1 : 0, 1)
  bag.addFact(subjectRaw, raw !== undefined && /[\x80-\uffff]/.test(raw) ? 1 : 0, 1)
  bag.addFact(subjectSymbols, logLevel(symbols), symbols)
  bag.addFact(subjectLength, levelOf(subject.length, [12, 25, 40, 60, 90]), subject.length)
}
