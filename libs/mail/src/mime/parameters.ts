/** Header values with parameters: Content-Type and Content-Disposition (RFC 2045 §5.1, RFC 2183, RFC 2231), read in one pass. */
import { decodeText } from './charset.ts'

export interface ParameterizedValue {
  /** Lower-case; empty where there is none. */
  readonly type: string
  /** Lower-case; undefined where no slash follows the type. */
  readonly subtype: string | undefined
  /** By lower-case name; of two that have a name the first, RFC 2231 before plain. */
  readonly parameters: ReadonlyMap<string, string>
}

/** More than these are not read, however they are spread over a header. */
const maxParameters = 500

const backslash = 0x5c
const quote = 0x22
const none: ReadonlyMap<string, string> = new Map()

/** RFC 2045 §5.1 token characters; those beyond ASCII are let through as found. */
const isTokenCode = (code: number): boolean => code > 0x20 && code !== 0x7f && !(code < 128 && special[code] === 1)
const special = new Uint8Array(128)
for (const character of '()<>@,;:\\"/[]?=') special[character.charCodeAt(0)] = 1

/**
 * Reads an unfolded field value. Tolerant: semicolons too many or missing, characters and white space that want quotes, comments
 * anywhere. Never throws; linear.
 */
export function readParameterized(text: string): ParameterizedValue {
  const reader = new ValueReader(text)
  const type = reader.token().toLowerCase()
  const next = reader.peek()
  if (next === '=') return { type: '', subtype: undefined, parameters: new ValueReader(text).parameters() }
  if (next !== '/') return { type, subtype: undefined, parameters: reader.parameters() }
  reader.skip(1)
  return { type, subtype: reader.token().toLowerCase(), parameters: reader.parameters() }
}

class ValueReader {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  /** The character behind white space and comments; empty at the end. */
  peek(): string {
    this.#skipSpaceAndComments()
    return this.#text.charAt(this.#at)
  }

  skip(count: number): void {
    this.#at += count
  }

  token(): string {
    this.#skipSpaceAndComments()
    const start = this.#at
    this.#skipToken()
    return this.#text.slice(start, this.#at)
  }

  parameters(): ReadonlyMap<string, string> {
    let found: Map<string, string> | undefined
    let extended: ExtendedParameters | undefined
    let count = 0
    while (count < maxParameters) {
      const next = this.peek()
      if (next === '') break
      const name = this.token().toLowerCase()
      if (name === '') {
        this.#skipJunk(next)
        continue
      }
      if (this.peek() !== '=') continue
      this.#at++
      count++
      const star = name.indexOf('*')
      const value = this.#value(name === 'name' || name === 'filename')
      found ??= new Map()
      if (star > 0) {
        extended ??= new ExtendedParameters()
        extended.add(name, star, value)
      } else if (!found.has(name)) found.set(name, value)
    }
    if (found) extended?.addTo(found)
    return found ?? none
  }

  /** A quoted string that is no value goes whole, so that nothing in it is read as a parameter. */
  #skipJunk(next: string): void {
    if (next === '"') this.#quoted()
    else this.#at++
  }

  /** Found unquoted: white space, so that a value ends only before `;`, a comment or what looks like a parameter. */
  #value(mayHaveParentheses: boolean): string {
    if (mayHaveParentheses) this.#skipSpace()
    else this.#skipSpaceAndComments()
    const text = this.#text
    if (text.charCodeAt(this.#at) === quote) return this.#quoted()
    const start = this.#at
    for (; this.#at < text.length; this.#at++) {
      const character = text.charAt(this.#at)
      if (character === ';' || (character === '(' && !mayHaveParentheses)) break
      if ((character === ' ' || character === '\t') && this.#beginsParameter()) break
    }
    return text.slice(start, this.#at).trimEnd()
  }

  /** Whether white space, a token and `=` follow; moves to the end of the word where not, since it need not be looked at again. */
  #beginsParameter(): boolean {
    const start = this.#at
    this.#skipSpace()
    const wordStart = this.#at
    this.#skipToken()
    const wordEnd = this.#at
    this.#skipSpace()
    const found = wordEnd > wordStart && this.#text.charAt(this.#at) === '='
    this.#at = found ? start : wordEnd - 1
    return found
  }

  #quoted(): string {
    const text = this.#text
    let meaning = ''
    let from = ++this.#at
    for (; this.#at < text.length; this.#at++) {
      const code = text.charCodeAt(this.#at)
      if (code === quote) break
      if (code !== backslash) continue
      meaning += text.slice(from, this.#at)
      from = ++this.#at
    }
    meaning += text.slice(from, this.#at)
    this.#at = Math.min(this.#at + 1, text.length)
    return meaning
  }

  #skipToken(): void {
    while (this.#at < this.#text.length && isTokenCode(this.#text.charCodeAt(this.#at))) this.#at++
  }

  #skipSpace(): void {
    while (this.#at < this.#text.length && this.#text.charCodeAt(this.#at) <= 0x20) this.#at++
  }

  #skipSpaceAndComments(): void {
    this.#skipSpace()
    let depth = 0
    for (; this.#at < this.#text.length; this.#at++) {
      const character = this.#text.charAt(this.#at)
      if (character === '(') depth++
      else if (depth === 0) {
        if (this.#text.charCodeAt(this.#at) > 0x20) return
      } else if (character === ')') depth--
      else if (character === '\\') this.#at++
    }
    this.#at = Math.min(this.#at, this.#text.length)
  }
}

interface Segment {
  readonly index: number
  readonly value: string
  readonly isEncoded: boolean
}

/** RFC 2231 §3, §4: `name*`, `name*0`, `name*0*`, `name*1`, … */
class ExtendedParameters {
  readonly #segments = new Map<string, Map<number, Segment>>()

  add(name: string, star: number, value: string): void {
    const suffix = /^\*(?:(\d{1,4})(\*)?)?$/.exec(name.slice(star))
    if (!suffix) return
    const base = name.slice(0, star)
    const byIndex = this.#segments.get(base) ?? new Map<number, Segment>()
    this.#segments.set(base, byIndex)
    // `name*` is whole: it comes before any continuation.
    const index = suffix[1] === undefined ? -1 : Number(suffix[1])
    if (!byIndex.has(index)) byIndex.set(index, { index, value, isEncoded: index === -1 || suffix[2] === '*' })
  }

  /** Joins up to the first gap. */
  addTo(parameters: Map<string, string>): void {
    for (const [name, byIndex] of this.#segments) {
      const whole = byIndex.get(-1)
      const segments = whole ? [whole] : [...byIndex.values()].sort((one, other) => one.index - other.index)
      const first = segments[0]?.index ?? 0
      const gap = segments.findIndex((segment, place) => segment.index !== first + place)
      parameters.set(name, joinSegments(gap === -1 ? segments : segments.slice(0, gap)))
    }
  }
}

function joinSegments(segments: readonly Segment[]): string {
  let charset: string | undefined
  let text = ''
  // Characters may be split between segments, so that bytes are decoded together.
  let encoded = ''
  const flush = (): void => {
    if (encoded !== '') text += decodeText(percentDecoded(encoded), charset === '' ? undefined : charset).text
    encoded = ''
  }
  for (const [place, segment] of segments.entries()) {
    if (!segment.isEncoded) {
      flush()
      text += segment.value
      continue
    }
    const head = place === 0 ? /^([^']*)'[^']*'/.exec(segment.value) : null
    if (head) charset = head[1]
    encoded += head ? segment.value.slice(head[0].length) : segment.value
  }
  flush()
  return text
}

const percentDecoded = (text: string): Uint8Array =>
  Buffer.from(
    Buffer.from(text)
      .toString('latin1')
      .replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  )
