/** Address lists of header fields: From, Sender, Reply-To, To and the like (RFC 5322 §3.4 and, for reading, §4.4; RFC 6532). */
import { decodeEncodedWords } from '../header/encoded-words.ts'
import { normaliseAddressLiteral } from './address-literal.ts'
import { normaliseDomain } from './domain.ts'
import { HeaderTokens, type Token, type TokenFault } from './header-token.ts'
import { hasForbiddenCharacters, writeLocalPart } from './local-part.ts'

/** A mailbox of a header field. */
export interface HeaderMailbox {
  /** The display name, decoded, for people only; `''` where there is none. */
  readonly display: string
  /** `localPart@aDomain`, comparable with that of an envelope `Mailbox`. */
  readonly address: string
  readonly localPart: string
  readonly aDomain: string
}

export type AddressListFault =
  | TokenFault
  /** An element without an address, such as a lone name. */
  | 'address-missing'
  /** Several `@`, white space within an address, two words without a dot, and what else is no addr-spec. */
  | 'address-syntax'
  | 'domain-syntax'
  /** An `@` in an unquoted display name: `a@ours <b@theirs>`. */
  | 'display-syntax'
  | 'unclosed-angle'
  | 'text-after-address'
  /** An unclosed or nested group, or a `;` outside one. */
  | 'group-syntax'
  /** Readable by RFC 5322 §4.4 only: a route, or CFWS between the dots of an address. Software of others may see another address. */
  | 'obsolete-syntax'
  | 'too-many'

export interface AddressList {
  readonly mailboxes: readonly HeaderMailbox[]
  /** In the order of their offsets. Where there is one but `obsolete-syntax`, others may read the field otherwise than we do. */
  readonly faults: readonly { readonly code: AddressListFault; readonly at: number }[]
}

/** An address list is read up to here. */
export const maxListedAddresses = 1_000
const maxFaults = 100

/**
 * Parses the value of an address field, folded or not. Linear in its length; at most 1,000 mailboxes and 100 faults. Never throws.
 * Elements that are no address are left out and told in `faults`; elements that are read in spite of a fault are in both.
 */
export function parseAddressList(headerValue: string): AddressList {
  return new ListReader(headerValue).read()
}

class ListReader {
  readonly #mailboxes: HeaderMailbox[] = []
  readonly #faults: { code: AddressListFault; at: number }[] = []
  readonly #tokens: HeaderTokens
  /** Words since the element began, or since `<`. */
  #words: Token[] = []
  #inGroup = false
  /** The element has its address already. */
  #done = false
  /** Only "," may follow a group. */
  #afterGroup = false

  constructor(text: string) {
    this.#tokens = new HeaderTokens(text, (fault, at) => this.#fault(fault, at))
  }

  read(): AddressList {
    for (let token = this.#tokens.next(); token; token = this.#tokens.next()) {
      if (this.#mailboxes.length >= maxListedAddresses) {
        this.#fault('too-many', token.start)
        break
      }
      this.#take(token)
    }
    this.#endElement()
    const end = this.#tokens.text.length
    if (this.#inGroup) this.#fault('group-syntax', end)
    return { mailboxes: this.#mailboxes, faults: this.#faults }
  }

  #take(token: Token): void {
    const mark = token.kind === 'special' ? token.text : ''
    if (this.#afterGroup && mark !== ',') this.#fault('text-after-address', token.start)
    this.#afterGroup = false
    if (mark === ',') this.#endElement()
    else if (mark === ';') {
      this.#endElement()
      if (!this.#inGroup) this.#fault('group-syntax', token.start)
      this.#inGroup = false
      this.#afterGroup = true
    } else if (mark === '<') this.#takeAngle(token)
    else if (this.#done) {
      this.#fault('text-after-address', token.start)
      this.#skipElement()
    } else if (mark === ':') this.#beginGroup(token)
    else this.#words.push(token)
  }

  #beginGroup(colon: Token): void {
    if (this.#inGroup || this.#words.length === 0 || this.#words.some(isAt)) this.#fault('group-syntax', colon.start)
    this.#inGroup = true
    this.#words = []
  }

  #takeAngle(angle: Token): void {
    if (this.#done) this.#fault('text-after-address', angle.start)
    const at = this.#words.find((word) => isAt(word) || isMark(word, '>'))
    if (at) this.#fault('display-syntax', at.start)
    const display = this.#displayOf(this.#words)
    let words: Token[] = []
    let routed = false
    let closed = false
    for (let token = this.#tokens.next(); token; token = this.#tokens.next()) {
      if (isMark(token, '>')) {
        closed = true
        break
      }
      // A route is `@a,@b:` before the address; everything up to its colon goes.
      if (isMark(token, ':') && !routed && words[0] !== undefined && isAt(words[0]) && words.every(isRouteWord)) {
        routed = true
        this.#fault('obsolete-syntax', words[0].start)
        words = []
      } else words.push(token)
    }
    if (!closed) this.#fault('unclosed-angle', angle.start)
    // Without a route the first "@" cannot begin the address; `#add` says so.
    if (words.length > 0 || routed) this.#add(words, display, angle.start)
    else this.#fault('address-missing', angle.start)
    this.#words = []
    this.#done = true
  }

  #endElement(): void {
    if (!this.#done && this.#words.length > 0) {
      const start = this.#words[0]?.start ?? 0
      if (this.#words.some(isAt)) this.#add(this.#words, '', start)
      else this.#fault('address-missing', start)
    }
    this.#words = []
    this.#done = false
  }

  /** Goes on before the next `,`, `;` or `<`, each of which is then taken as usual. */
  #skipElement(): void {
    for (let token = this.#tokens.next(); token; token = this.#tokens.next()) {
      if (isMark(token, ',') || isMark(token, ';') || isMark(token, '<')) {
        this.#take(token)
        return
      }
    }
  }

  /** Adds the addr-spec that these tokens are, or tells why they are none. */
  #add(words: readonly Token[], display: string, start: number): void {
    const at = words.findIndex(isAt)
    const localPart = dotted(words.slice(0, Math.max(at, 0)))
    const domain = dotted(words.slice(at + 1))
    if (at <= 0 || !localPart || !domain || words.slice(at + 1).some((word) => word.kind === 'quoted')) {
      this.#fault('address-syntax', words[at + 1]?.start ?? start)
      return
    }
    if (hasForbiddenCharacters(localPart.text) || words.slice(0, at).some((word) => word.kind === 'literal')) {
      this.#fault('address-syntax', start)
      return
    }
    const aDomain = aDomainOf(words, at, domain.text)
    if (aDomain === undefined) {
      this.#fault('domain-syntax', words[at + 1]?.start ?? start)
      return
    }
    if (localPart.obsolete || domain.obsolete) this.#fault('obsolete-syntax', start)
    const written = writeLocalPart(localPart.text)
    this.#mailboxes.push({ display, address: `${written}@${aDomain}`, localPart: written, aDomain })
  }

  #displayOf(words: readonly Token[]): string {
    if (words.length === 0) return ''
    let display = ''
    for (const word of words) display += word.spaced && display !== '' ? ` ${word.text}` : word.text
    return decodeEncodedWords(display).trim()
  }

  #fault(code: AddressListFault, at: number): void {
    if (this.#faults.length < maxFaults) this.#faults.push({ code, at })
  }
}

const isMark = (token: Token, mark: string): boolean => token.kind === 'special' && token.text === mark
const isAt = (token: Token): boolean => isMark(token, '@')

const isRouteWord = (token: Token): boolean =>
  token.kind === 'atom' || token.kind === 'literal' || isAt(token) || isMark(token, ',') || isMark(token, '.')

function aDomainOf(words: readonly Token[], at: number, text: string): string | undefined {
  const first = words[at + 1]
  if (first?.kind === 'literal')
    return words.length === at + 2 ? normaliseAddressLiteral(text.replace(/[ \t\r\n]/g, '')) : undefined
  const name = normaliseDomain(text)
  return name.ok ? name.aDomain : undefined
}

/**
 * Words joined by single dots: a local part or a domain. Undefined for anything else. `obsolete` where CFWS stands between them
 * (RFC 5322 §4.4) or where a quoted string is one of several words.
 */
function dotted(words: readonly Token[]): { readonly text: string; readonly obsolete: boolean } | undefined {
  if (words.length % 2 === 0) return undefined
  let text = ''
  let obsolete = false
  for (const [index, word] of words.entries()) {
    const isDot = isMark(word, '.')
    if (isDot !== (index % 2 === 1) || (word.kind === 'special' && !isDot)) return undefined
    if (index > 0 && word.spaced) obsolete = true
    if (word.kind === 'quoted' && words.length > 1) obsolete = true
    text += word.text
  }
  return { text, obsolete }
}
