/** Rules on the length of lines and on raw octets above 127 in the header (RFC 5322 §2.1.1, §2.2, RFC 6532). */
import { isAscii, isUtf8 } from 'node:buffer'
import type { HeaderField } from '../../header/header-block.ts'
import { shown } from '../evidence.ts'
import { kept } from '../kept.ts'
import { findLongLine, lineNumberAt } from '../long-line.ts'
import type { LintInput, LintRule } from '../port.ts'

/** RFC 5322 §2.1.1: what a line must not exceed, and what it should not. */
const maxLineOctets = 998
const goodLineOctets = 78

type EightBit = { readonly kind: 'none' | 'utf-8' | 'other'; readonly field: string }

const eightBit = kept(({ mime: { root } }): EightBit => {
  const { bytes, fields, headerBytes } = root.header
  const block = bytes.subarray(0, headerBytes)
  if (isAscii(block)) return { kind: 'none', field: '' }
  const isText = isUtf8(block)
  const field = fields.find(({ start, end }) => {
    const octets = bytes.subarray(start, end)
    return isText ? !isAscii(octets) : !isUtf8(octets)
  })
  return { kind: isText ? 'utf-8' : 'other', field: field?.name ?? '' }
})

/** What servers add on the way and what signatures are made of: nobody folds it by hand. */
const traceFields = new Set(['received', 'return-path', 'dkim-signature', 'authentication-results', 'received-spf'])
const isTrace = (field: HeaderField): boolean => traceFields.has(field.lowerName) || field.lowerName.startsWith('arc-')

/** The first line that is too long, in the fields that are asked for. */
function longHeaderLine({ mime: { root } }: LintInput, maxOctets: number, isMeant: (field: HeaderField) => boolean) {
  const { bytes, fields } = root.header
  for (const field of fields) {
    // Its line end is no part of the line.
    if (field.end - field.start <= maxOctets || !isMeant(field)) continue
    const line = findLongLine(bytes, field.start, field.end, maxOctets)
    if (line) return { octets: line.octets, field: shown(field.name) }
  }
  return undefined
}

export const lineRules: readonly LintRule[] = [
  {
    id: 'spam.header-line-too-long',
    points: 3,
    text: `A line of the header is longer than ${maxLineOctets} characters.`,
    fix: 'Let the mail library fold the field: a line end before a space, at 78 characters.',
    reference: 'RFC 5322 §2.1.1',
    why: 'Servers refuse such lines, or break them anywhere, which destroys the field and the signature of the message.',
    find: (input) => longHeaderLine(input, maxLineOctets, () => true),
  },
  {
    id: 'spam.header-line-long',
    points: 0,
    text: `A line of the header is longer than ${goodLineOctets} characters; lines that servers add do not count.`,
    fix: 'Let the mail library fold the field.',
    reference: 'RFC 5322 §2.1.1',
    why: 'Good style only; no receiver minds.',
    find: (input) => longHeaderLine(input, goodLineOctets, (field) => !isTrace(field)),
  },
  {
    id: 'spam.body-line-too-long',
    points: 2,
    text: `A line of the body is longer than ${maxLineOctets} characters.`,
    fix: 'Encode the part as quoted-printable or base64, or break the lines. HTML in one line is the usual cause.',
    reference: 'RFC 5322 §2.1.1, RFC 5321 §4.5.3.1.6',
    why: 'Servers refuse such lines or break them, which destroys links, HTML and the DKIM signature.',
    find({ mime: { content, root } }) {
      const line = findLongLine(content, root.bodyStart, content.length, maxLineOctets)
      return line && { octets: line.octets, line: lineNumberAt(content, root.bodyStart, line.start) }
    },
  },
  {
    id: 'spam.header-utf8-not-announced',
    points: 1.5,
    text: 'The header has raw UTF-8, but the sender did not ask for SMTPUTF8.',
    fix: 'Encode such text as the mail library does (`=?utf-8?Q?…?=`), or send with the SMTPUTF8 parameter.',
    reference: 'RFC 6531 §3.4, RFC 2047 §1',
    why: 'Without SMTPUTF8 the header must be ASCII. Servers on the way may refuse the message or show garbage, and filters count it.',
    find(input) {
      const { kind, field } = eightBit(input)
      return kind === 'utf-8' && !input.isSmtpUtf8 ? { field: shown(field) } : undefined
    },
  },
  {
    id: 'spam.header-eight-bit',
    points: 2,
    text: 'The header has octets above 127 that are not UTF-8.',
    fix: 'Encode such text as the mail library does (`=?utf-8?Q?…?=`); look for a string in Latin-1 or Windows-1252.',
    reference: 'RFC 5322 §2.2, RFC 2047 §1, RFC 6532 §3',
    why: 'Nobody can know which letters they are. Spam software does it, so filters count it, and some servers refuse it.',
    find(input) {
      const { kind, field } = eightBit(input)
      return kind === 'other' ? { field: shown(field) } : undefined
    },
  },
]
