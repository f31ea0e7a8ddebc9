/** Rules on transfer encodings (RFC 2045 §6). */
import { isAscii } from 'node:buffer'
import { seen } from '../evidence.ts'
import type { LintRule } from '../port.ts'
import { findPartFault, partName } from './part-fault.ts'

/** Shorter texts are not worth a word. */
const minNeedlessBytes = 40

export const encodingRules: readonly LintRule[] = [
  {
    id: 'spam.transfer-encoding-unknown',
    points: 2,
    text: 'A Content-Transfer-Encoding is none that exists.',
    fix: 'Use quoted-printable for text and base64 for files.',
    reference: 'RFC 2045 §6.1, §6.4',
    why: 'Programs cannot decode the part; people see garbage or an attachment that does not open.',
    find: (input) => findPartFault(input, 'transfer-encoding-unknown'),
  },
  {
    id: 'spam.transfer-encoding-repeated',
    points: 2,
    text: 'A message or part has several Content-Transfer-Encoding fields.',
    fix: 'Set it once, to what the body is really encoded in.',
    reference: 'RFC 2045 §3',
    why: 'A scanner may decode by one and the mail program by the other, which is how malware is smuggled.',
    find: (input) => findPartFault(input, 'transfer-encoding-repeated'),
  },
  {
    id: 'spam.transfer-encoding-on-multipart',
    points: 0.5,
    text: 'A multipart or enclosed message has a transfer encoding of its own.',
    fix: 'Leave it out, or write 7bit or 8bit: only the parts within are encoded.',
    reference: 'RFC 2045 §6.4',
    why: 'Some programs decode it, destroy the boundaries, and show nothing.',
    find: (input) => findPartFault(input, 'transfer-encoding-on-composite'),
  },
  {
    id: 'spam.transfer-encoding-binary',
    points: 1.5,
    text: 'A part has the transfer encoding binary.',
    fix: 'Use base64 for files and quoted-printable for text.',
    reference: 'RFC 2045 §6.2, RFC 3030 §3',
    why: 'SMTP takes binary only with BINARYMIME, which hardly any server has; lines are cut or changed on the way.',
    find({ mime }) {
      const part = mime.parts.find(({ transferEncoding, children }) => transferEncoding === 'binary' && children.length === 0)
      return part && { part: partName(part) }
    },
  },
  {
    id: 'spam.base64-malformed',
    points: 1.5,
    text: 'A base64 body has characters that are not base64, or its end is missing.',
    fix: 'Encode the whole file at once with a library, lines of 76 characters, and put nothing behind it.',
    reference: 'RFC 2045 §6.8',
    why: 'Attachments do not open, and scanners suspect what they cannot decode.',
    find: (input) => findPartFault(input, 'base64-malformed'),
  },
  {
    id: 'spam.quoted-printable-malformed',
    points: 0.5,
    text: 'A quoted-printable body has a `=` that is not followed by two hexadecimal digits or a line end.',
    fix: 'Encode the text with a library, and do not change it afterwards. A bare `=` is written `=3D`.',
    reference: 'RFC 2045 §6.7',
    why: 'Links with `=` and letters beyond ASCII arrive broken.',
    find: (input) => findPartFault(input, 'quoted-printable-malformed'),
  },
  {
    id: 'spam.eight-bit-undeclared',
    points: 1,
    text: 'A body has octets above 127, but its Content-Transfer-Encoding does not say so.',
    fix: 'Encode the part as quoted-printable or base64, or declare `Content-Transfer-Encoding: 8bit`.',
    reference: 'RFC 2045 §2.7, §6.2',
    why: 'What is not declared may be cut to seven bits on the way, and filters count it.',
    find: (input) => findPartFault(input, 'eight-bit-undeclared'),
  },
  {
    id: 'spam.text-base64-needless',
    points: 0.5,
    text: 'A text is base64 although it is plain ASCII.',
    fix: 'Send ASCII text as 7bit or quoted-printable.',
    reference: 'RFC 2045 §6.3, §6.8',
    why: 'Spam does it to hide words from filters, so filters count it.',
    find({ mime, plainPart, htmlPart }) {
      for (const part of [plainPart, htmlPart]) {
        if (part?.transferEncoding !== 'base64') continue
        const bytes = mime.decoded(part)
        if (bytes.byteLength >= minNeedlessBytes && isAscii(bytes)) return { part: partName(part), bytes: bytes.byteLength }
      }
      return undefined
    },
  },
  {
    id: 'spam.body-nul',
    points: 2,
    text: 'The body has NUL characters.',
    fix: 'Encode files as base64; look for text in UTF-16 that was not converted to UTF-8.',
    reference: 'RFC 5322 §4.1, RFC 2045 §2.7',
    why: 'Software in C ends the text there. Servers drop the character or refuse the message.',
    find: ({ mime: { content, root } }) => (content.indexOf(0, root.bodyStart) === -1 ? undefined : seen),
  },
]
