/** Rules on the charset of texts (RFC 2046 §4.1.2). */
import { isAscii } from 'node:buffer'
import { shown } from '../evidence.ts'
import type { LintRule } from '../port.ts'
import { findPartFault, partName } from './part-fault.ts'

export const charsetRules: readonly LintRule[] = [
  {
    id: 'spam.charset-unknown',
    points: 1,
    text: 'A text declares a charset that mail programs do not know.',
    fix: 'Convert the text to UTF-8 and declare `charset=utf-8`.',
    reference: 'RFC 2046 §4.1.2',
    why: 'Mail programs guess, and show garbage for all that is not ASCII.',
    find(input) {
      const found = findPartFault(input, 'charset-unknown')
      if (!found) return undefined
      const part = input.mime.parts.find(({ faults }) => faults.includes('charset-unknown'))
      return { ...found, charset: shown(part?.parameters.get('charset') ?? '') }
    },
  },
  {
    id: 'spam.charset-mismatch',
    points: 1,
    text: 'A text has bytes that its declared charset does not have.',
    fix: 'Declare the charset that the bytes are really in; best UTF-8 for both.',
    reference: 'RFC 2046 §4.1.2',
    why: 'People see question marks or garbage instead of letters.',
    find: (input) => findPartFault(input, 'charset-mismatch'),
  },
  {
    id: 'spam.charset-missing',
    points: 1,
    text: 'A text that is not plain ASCII declares no charset.',
    fix: 'Write `Content-Type: text/plain; charset=utf-8` (or text/html).',
    reference: 'RFC 2046 §4.1.2, RFC 6657 §4',
    why: 'Without it the text is ASCII; what else it has is shown as garbage in many mail programs.',
    find({ mime, plainPart, htmlPart }) {
      for (const part of [plainPart, htmlPart]) {
        if (part && !part.parameters.has('charset') && !isAscii(mime.decoded(part))) return { part: partName(part) }
      }
      return undefined
    },
  },
]
