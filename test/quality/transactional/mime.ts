/** Writes messages as the mail libraries of application servers do: RFC 5322 fields, RFC 2045 encodings, RFC 2047 words. */
import { quotedPrintable } from '../strip.ts'
import type { Random } from './random.ts'

export interface Part {
  readonly type: string
  readonly fields: readonly string[]
  readonly body: string | Buffer | readonly Part[]
  /** For text: how it is carried. */
  readonly encoding?: 'quoted-printable' | 'base64' | '8bit'
  readonly charset?: 'utf-8' | 'iso-8859-1'
}

export function hasChildren(part: Part): part is Part & { readonly body: readonly Part[] } {
  return Array.isArray(part.body)
}

/** The part with its Content-* fields, CRLF throughout; one byte per character. */
export function writePart(part: Part, random: Random, head: readonly string[] = []): string {
  const { body } = part
  if (hasChildren(part)) {
    const boundary = random.pick([
      `----=_Part_${random.letters(6, '0123456789')}_${random.letters(9, '0123456789')}`,
      `b1_${random.letters(32)}`,
      `==${random.letters(20)}==`,
      `--_NmP-${random.letters(16)}-Part_1`,
    ])
    const children = part.body.map((child) => `--${boundary}\r\n${writePart(child, random)}\r\n`).join('')
    return `${[...head, `Content-Type: ${part.type};\r\n\tboundary="${boundary}"`, ...part.fields].join('\r\n')}\r\n\r\n${children}--${boundary}--\r\n`
  }
  const isText = typeof body === 'string'
  const isAscii = isText && /^\p{ASCII}*$/u.test(body)
  const charset = part.charset ?? 'utf-8'
  const octets = isText
    ? Buffer.from(body, charset === 'utf-8' ? 'utf8' : 'latin1')
    : Buffer.isBuffer(body)
      ? body
      : Buffer.alloc(0)
  const encoding = !isText ? 'base64' : isAscii && part.encoding === '8bit' ? '7bit' : (part.encoding ?? 'quoted-printable')
  const type = isText ? `${part.type}; charset=${random.pick([charset, `"${charset}"`, charset.toUpperCase()])}` : part.type
  const fields = [...head, `Content-Type: ${type}`, `Content-Transfer-Encoding: ${encoding}`, ...part.fields]
  return `${fields.join('\r\n')}\r\n\r\n${carried(octets, encoding)}`
}

function carried(octets: Buffer, encoding: string): string {
  if (encoding === 'base64') return `${octets.toString('base64').replace(/(.{76})(?=.)/g, '$1\r\n')}\r\n`
  return encoding === 'quoted-printable' ? quotedPrintable(octets.toString('latin1')) : octets.toString('latin1')
}

/** A field's text: as it is when ASCII, else RFC 2047 words of at most 75 characters that never cut a character. */
export function encodedWords(text: string, form: 'B' | 'Q'): string {
  if (/^[\x20-\x7e]*$/.test(text)) return text
  const words: string[] = []
  let current = ''
  for (const character of text) {
    if (encodedWord(current + character, form).length > 75) {
      words.push(encodedWord(current, form))
      current = ''
    }
    current += character
  }
  return [...words, encodedWord(current, form)].join('\r\n ')
}

function encodedWord(text: string, form: 'B' | 'Q'): string {
  const octets = Buffer.from(text, 'utf8')
  if (form === 'B') return `=?UTF-8?B?${octets.toString('base64')}?=`
  const quoted = [...octets].map((octet) => {
    const character = String.fromCharCode(octet)
    if (character === ' ') return '_'
    return /[A-Za-z0-9!*+/-]/.test(character) ? character : `=${octet.toString(16).toUpperCase().padStart(2, '0')}`
  })
  return `=?UTF-8?Q?${quoted.join('')}?=`
}

/** A display name before an address: an atom, a quoted string or encoded words. */
export function displayName(name: string, form: 'B' | 'Q'): string {
  if (!/^[\x20-\x7e]*$/.test(name)) return encodedWords(name, form)
  return /^[\w !#$%&'*+/=?^`{|}~-]+$/.test(name) ? name : `"${name.replace(/["\\]/g, '\\$&')}"`
}

/** RFC 5322 section 3.3, at UTC or an offset of whole hours. */
export function dateField(date: Date, offsetHours: number): string {
  const local = new Date(date.getTime() + offsetHours * 3_600_000).toUTCString()
  const sign = offsetHours < 0 ? '-' : '+'
  return local.replace('GMT', `${sign}${String(Math.abs(offsetHours)).padStart(2, '0')}00`)
}
