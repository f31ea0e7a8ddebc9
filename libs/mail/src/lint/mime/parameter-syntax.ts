/** What is wrong with the parameters of a field as they are written (RFC 2045 §5.1, RFC 2231). The MIME reader forgives it. */
import { charsetOf } from '../../mime/charset.ts'

export type ParameterFault =
  /** A value with white space or special characters and no quotes, an open quote, a missing semicolon or `=`. */
  | 'malformed'
  | 'repeated'
  /** An encoded word (RFC 2047 §5 forbids it here). */
  | 'encoded-word'
  /** RFC 2231: a missing or repeated segment, no charset, an unknown charset, or a bad `%`. */
  | 'extension-broken'

const maxRead = 4_000
const maxParameters = 100
// White space and comments.
const filling = /[ \t\r\n]*(?:\([^()]{0,200}\)[ \t\r\n]*)*/y
const token = /[^\0-\x20\x7f()<>@,;:\\"/[\]?=]+/y
const quotedString = /"(?:[^"\\]|\\.)*"/sy
/** Up to three parameters that are plainly right: by far the most fields have no others. */
const ordinary =
  /^[^;]*;[ \t]*([\w-]+)=(?:"[^"\\?]*"|[\w.+-]+)(?:;[ \t]*([\w-]+)=(?:"[^"\\?]*"|[\w.+-]+))?(?:;[ \t]*([\w-]+)=(?:"[^"\\?]*"|[\w.+-]+))?;?$/
const none: readonly ParameterFault[] = []
const extendedName = /^([^*]+)\*(?:([0-9]{1,4})(\*)?)?$/

/** Reads the first 4,000 characters and 100 parameters of an unfolded value. Each fault once. Never throws; linear. */
export function parameterFaults(value: string): readonly ParameterFault[] {
  const first = value.indexOf(';')
  if (first === -1 || value.length > maxRead) return none
  if (isOrdinary(value)) return none
  const faults = new Set<ParameterFault>()
  const names = new Set<string>()
  const extensions = new Extensions()
  const at = { offset: first }
  for (let count = 0; count < maxParameters && at.offset < value.length; count++) {
    at.offset++
    skip(value, at)
    // A semicolon at the end is common and harmless.
    if (at.offset >= value.length) break
    const name = take(token, value, at)?.toLowerCase()
    skip(value, at)
    if (name === undefined || value[at.offset] !== '=') {
      faults.add('malformed')
      at.offset = nextSemicolon(value, at.offset)
      continue
    }
    at.offset++
    skip(value, at)
    const quoted = take(quotedString, value, at)
    const plain = quoted === undefined ? take(token, value, at) : undefined
    const written = quoted?.slice(1, -1) ?? plain ?? ''
    const rest = at.offset
    skip(value, at)
    if (/^=\?[^?]{1,60}\?[bq]\?/i.test(written) || value.startsWith('=?', rest)) {
      faults.add('encoded-word')
      at.offset = nextSemicolon(value, at.offset)
    } else if ((quoted === undefined && plain === undefined) || (at.offset < value.length && value[at.offset] !== ';')) {
      faults.add('malformed')
      at.offset = nextSemicolon(value, at.offset)
    }
    if (names.has(name)) faults.add('repeated')
    names.add(name)
    extensions.add(name, written, quoted !== undefined)
  }
  if (extensions.isBroken()) faults.add('extension-broken')
  return [...faults]
}

function isOrdinary(value: string): boolean {
  const match = ordinary.exec(value)
  if (match === null) return false
  const [first, second, third] = match.slice(1).map((name: string | undefined) => name?.toLowerCase())
  return second === undefined || (first !== second && first !== third && second !== third)
}

function skip(value: string, at: { offset: number }): void {
  filling.lastIndex = at.offset
  at.offset += filling.exec(value)?.[0].length ?? 0
}

function take(form: RegExp, value: string, at: { offset: number }): string | undefined {
  form.lastIndex = at.offset
  const found = form.exec(value)?.[0]
  at.offset += found?.length ?? 0
  return found
}

function nextSemicolon(value: string, from: number): number {
  const next = value.indexOf(';', from)
  return next === -1 ? value.length : next
}

/** RFC 2231 §3, §4. */
class Extensions {
  readonly #segments = new Map<string, Set<number>>()
  #isBroken = false

  add(name: string, value: string, isQuoted: boolean): void {
    if (!name.includes('*')) return
    const match = extendedName.exec(name)
    if (!match) {
      this.#isBroken = true
      return
    }
    const index = match[2] === undefined ? undefined : Number(match[2])
    const isEncoded = index === undefined || match[3] === '*'
    if (index !== undefined) {
      const segments = this.#segments.get(match[1] ?? '') ?? new Set()
      segments.add(index)
      this.#segments.set(match[1] ?? '', segments)
    }
    if (!isEncoded) return
    const [charset, language, text] = value.split("'", 3)
    const isFirst = index === undefined || index === 0
    if (isQuoted || (isFirst && (language === undefined || text === undefined || !charset || !charsetOf(charset))))
      this.#isBroken = true
    if (/%(?![0-9A-Fa-f]{2})/.test(value)) this.#isBroken = true
  }

  isBroken(): boolean {
    for (const indexes of this.#segments.values()) for (let at = 0; at < indexes.size; at++) if (!indexes.has(at)) return true
    return this.#isBroken
  }
}
