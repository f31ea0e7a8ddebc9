/** Rules on the header as a whole: whether it is fields, and ends (RFC 5322 §2.2). */
import type { HeaderBlock, HeaderFault } from '../../header/header-block.ts'
import { seen, shown } from '../evidence.ts'
import type { LintInput, LintRule } from '../port.ts'

/** The offset of the first control character that is neither NUL nor white space, or −1. */
function findControl(bytes: Uint8Array, end: number): number {
  for (let at = 0; at < end; at++) {
    const byte = bytes[at] ?? 0
    if (byte < 0x20 ? byte !== 0x0d && byte !== 0x0a && byte !== 0x09 && byte !== 0 : byte === 0x7f) return at
  }
  return -1
}

const hasFault = ({ mime }: LintInput, fault: HeaderFault): boolean => mime.root.header.faults.includes(fault)

/** The first line that belongs to no field. */
function firstStranger({ bytes, fields, headerBytes }: HeaderBlock): string {
  let at = 0
  for (const { start, end } of fields) {
    if (start > at) break
    at = end
  }
  return shown(
    Buffer.from(bytes.subarray(at, Math.min(at + 200, headerBytes)))
      .toString('latin1')
      .split(/[\r\n]/, 1)[0] ?? '',
  )
}

export const headerStructureRules: readonly LintRule[] = [
  {
    id: 'spam.header-without-end',
    points: 2,
    text: 'No empty line ends the header: the whole message is header.',
    fix: 'Put an empty line (CRLF CRLF) between the last field and the body.',
    reference: 'RFC 5322 §2.1',
    why: 'The text is taken for header fields or dropped, so that people get an empty message.',
    find: (input) => (hasFault(input, 'no-end') && !input.mime.isCut ? seen : undefined),
  },
  {
    id: 'spam.header-too-large',
    points: 3,
    text: 'The header is larger than 64 KiB or has more than 2,000 fields.',
    fix: 'Address fewer recipients in To and Cc, and do not put data into header fields.',
    reference: 'RFC 5321 §4.5.3',
    why: 'Most receivers bound the header at 32 to 128 KiB and refuse or cut what is longer.',
    find: (input) => (hasFault(input, 'too-long') || hasFault(input, 'too-many-fields') ? seen : undefined),
  },
  {
    id: 'spam.header-line-not-field',
    points: 3,
    text: 'A line of the header is neither `Name: value` nor the continuation of one.',
    fix: 'Look for line ends within a value (a Subject with a line break), a missing colon, or an mbox line `From …` at the top.',
    reference: 'RFC 5322 §2.2',
    why: 'Many servers end the header at such a line, so that the fields behind it, often Content-Type, show up as text.',
    find: (input) => (hasFault(input, 'not-a-field') ? { line: firstStranger(input.mime.root.header) } : undefined),
  },
  {
    id: 'spam.header-begins-with-space',
    points: 3,
    text: 'The first line of the message begins with a space or tab.',
    fix: 'Begin the message with a field name in the first column. Look for an indented template.',
    reference: 'RFC 5322 §2.2.3',
    why: 'The line continues what each server puts in front, and so destroys its Received field or signature.',
    find: (input) => (hasFault(input, 'orphan-continuation') ? { line: firstStranger(input.mime.root.header) } : undefined),
  },
  {
    id: 'spam.header-blank-continuation',
    points: 2,
    text: 'A line of the header has only spaces or tabs.',
    fix: 'Take line ends out of values before they become fields, and let the mail library fold.',
    reference: 'RFC 5322 §3.2.2, §4.2',
    why: 'Some software takes it for the end of the header. Scanners report it as a bad header.',
    find: (input) => (hasFault(input, 'blank-continuation') ? seen : undefined),
  },
  {
    id: 'spam.header-space-before-colon',
    points: 2,
    text: 'A field has white space between its name and the colon.',
    fix: 'Write `Name: value`.',
    reference: 'RFC 5322 §2.2, §4.5',
    why: 'Some software does not see such a field, and some ends the header there.',
    find: (input) => (hasFault(input, 'space-before-colon') ? seen : undefined),
  },
  {
    id: 'spam.header-bare-line-end',
    points: 3,
    text: 'A line of the header ends in CR or LF alone.',
    fix: 'End every line with CRLF.',
    reference: 'RFC 5322 §2.3, RFC 5321 §2.3.8',
    why: 'Servers disagree on whether it ends a line, which is used to smuggle mail; so many refuse it.',
    find: (input) => (hasFault(input, 'bare-line-end') ? seen : undefined),
  },
  {
    id: 'spam.header-nul',
    points: 3,
    text: 'The header has a NUL character.',
    fix: 'Look for binary data or UTF-16 text that went into a field.',
    reference: 'RFC 5322 §2.2, §4.1',
    why: 'Software in C ends the field there. Servers drop the character or refuse the message.',
    find: (input) => (hasFault(input, 'nul') ? seen : undefined),
  },
  {
    id: 'spam.header-control-character',
    points: 1,
    text: 'The header has control characters.',
    fix: 'Take them out of values before they become fields.',
    reference: 'RFC 5322 §2.2, §4.1',
    why: 'Only printable characters, space and tab are allowed. Scanners report others as a bad header.',
    find({ mime: { root } }) {
      const { bytes, fields, headerBytes } = root.header
      const at = findControl(bytes, headerBytes)
      if (at === -1) return undefined
      const field = fields.find(({ start, end }) => start <= at && at < end)
      return { code: bytes[at] ?? 0, field: field?.name ?? '' }
    },
  },
]
