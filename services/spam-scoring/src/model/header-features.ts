/** Header fields as features: which stand there, and the forms of subject, sender and Message-ID. Never who or when. */
import { decodeEncodedWords, type HeaderBlock } from '@sallyport/mail'
import { characterClass, classes } from './character-class.ts'
import { counted, defineFact, defineToken, levelOf, logLevel } from './fact.ts'
import { type FeatureBag, featureKind } from './feature-bag.ts'
import { addWords, maxSubjectChars } from './words.ts'

const present = defineToken('header', 'field', (name) => `a ${name} field`)
const importance = defineFact('header', 'importance', () => 'marked as urgent')
const senderName = defineToken('header', 'sender-name', (form) => `the sender’s name is ${form}`)
const senderDigits = defineFact('header', 'sender-digits', (count) => `${counted(count, 'digit')} in the sender’s address`)
const senderLength = defineFact('header', 'sender-length', (count) => `the sender’s local part has ${counted(count, 'character')}`)
const replyElsewhere = defineFact('header', 'reply-elsewhere', () => 'replies go to another domain than the sender’s')
const nameNamesAddress = defineFact('header', 'name-is-address', () => 'the sender’s name shows another address')
const idForm = defineToken('header', 'message-id', (form) => `the Message-ID has ${form}`)

const subjectMissing = defineFact('subject', 'subject-missing', () => 'no subject')
const subjectCapitals = defineFact('subject', 'subject-capitals', (share) => `${Math.round(100 * share)} % capitals in the subject`)
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

/** The fields whose presence is a feature: what an author's software sets, nothing that a relay, list or filter adds. */
const presenceOf = new Set([
  'reply-to',
  'sender',
  'cc',
  'mime-version',
  'content-disposition',
  'disposition-notification-to',
  'return-receipt-to',
  'x-confirm-reading-to',
  'x-encoding',
  'comments',
])

/** What of the header the other features need. */
export interface HeaderSeen {
  /** Domain of From, lower-case, or empty. */
  readonly senderDomain: string
}

/** Adds what the header tells. Sets the bag's `subjectText`. */
export function addHeader(bag: FeatureBag, header: HeaderBlock): HeaderSeen {
  let from = ''
  let replyTo = ''
  let subject: string | undefined
  let messageId: string | undefined
  for (const field of header.fields) {
    const name = field.lowerName
    if (name === 'from') from ||= field.value
    else if (name === 'subject') subject ??= field.value
    else if (name === 'message-id') messageId ??= field.value
    else if (name === 'x-priority' || name === 'importance' || name === 'priority' || name === 'x-msmail-priority') {
      if (/^\s*(?:1|2|high|urgent)/i.test(field.value)) bag.addFact(importance, 1, 1)
    }
    if (name === 'reply-to') replyTo ||= field.value
    if (presenceOf.has(name)) bag.addToken(present, field.name.slice(0, 40).toLowerCase())
  }
  const senderDomain = addSender(bag, from.slice(0, 1_000), replyTo.slice(0, 1_000))
  addSubject(bag, subject)
  if (messageId !== undefined) addMessageId(bag, messageId.slice(0, 250))
  return { senderDomain }
}

const lastAddress = /([^\s<>"(),;:@]{0,200})@([a-z0-9.-]{1,255})/gi

/** Local part and domain of the last thing that looks like an address: the name in front may look like one too. */
function addressIn(value: string): { readonly local: string; readonly domain: string } | undefined {
  let found: { readonly local: string; readonly domain: string } | undefined
  for (const match of value.matchAll(lastAddress)) found = { local: match[1] ?? '', domain: (match[2] ?? '').toLowerCase() }
  return found
}

function addSender(bag: FeatureBag, from: string, replyTo: string): string {
  const address = addressIn(from)
  const name = decodeEncodedWords(from.slice(0, Math.max(0, from.lastIndexOf('<'))))
    .replace(/["']/g, '')
    .trim()
  const letters = name.replace(/[^A-Za-z]/g, '')
  bag.addToken(
    senderName,
    name === ''
      ? 'missing'
      : letters.length > 3 && letters === letters.toUpperCase()
        ? 'in capitals'
        : /[0-9$!*]/.test(name)
          ? 'with digits or marks'
          : /^[\p{L}.'-]+( [\p{L}.'-]+){1,2}$/u.test(name)
            ? 'of two or three words'
            : 'of another form',
  )
  const shown = addressIn(name)
  if (shown && shown.domain !== address?.domain) bag.addFact(nameNamesAddress, 1, 1)
  if (!address) return ''
  const digitCount = address.local.replace(/[^0-9]/g, '').length
  bag.addFact(senderDigits, levelOf(digitCount, [1, 3, 5]), digitCount)
  bag.addFact(senderLength, levelOf(address.local.length, [4, 9, 16, 25]), address.local.length)
  const replyDomain = addressIn(replyTo)?.domain
  if (replyDomain !== undefined && replyDomain !== address.domain) bag.addFact(replyElsewhere, 1, 1)
  return address.domain
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

function addMessageId(bag: FeatureBag, value: string): void {
  const at = value.lastIndexOf('@')
  const right = value.slice(at + 1).replace(/[>\s].*$/, '')
  if (at === -1) bag.addToken(idForm, 'no @')
  else if (!right.includes('.')) bag.addToken(idForm, 'no domain')
  if (!/^<[^<>\s]+>$/.test(value)) bag.addToken(idForm, 'no proper angle brackets')
}
