/** Rules on the parameters of Content-Type and Content-Disposition, and on the headers of parts (RFC 2045 §5.1, RFC 2183, RFC 2231). */
import { isAscii } from 'node:buffer'
import type { MimePart } from '../../mime/port.ts'
import { shown } from '../evidence.ts'
import { kept } from '../kept.ts'
import type { LintEvidence, LintInput, LintRule } from '../port.ts'
import { type ParameterFault, parameterFaults } from './parameter-syntax.ts'
import { partName } from './part-fault.ts'

/** Of the parts of one message this many are looked at. */
const maxParts = 200

/** For each fault the first field that has it. */
const foundFaults = kept(({ mime }): ReadonlyMap<ParameterFault, LintEvidence> => {
  const found = new Map<ParameterFault, LintEvidence>()
  for (const part of mime.parts.slice(0, maxParts)) {
    for (const { lowerName, name, value } of part.header.fields) {
      if (lowerName !== 'content-type' && lowerName !== 'content-disposition') continue
      for (const fault of parameterFaults(value)) {
        if (!found.has(fault)) found.set(fault, { part: partName(part), field: name, value: shown(value) })
      }
    }
  }
  return found
})

const findFault = (input: LintInput, fault: ParameterFault): LintEvidence | undefined => foundFaults(input).get(fault)

const hasEightBit = ({ index, header }: MimePart): boolean => index > 0 && !isAscii(header.bytes.subarray(0, header.headerBytes))

export const parameterRules: readonly LintRule[] = [
  {
    id: 'spam.parameter-malformed',
    points: 0.5,
    text: 'A parameter of Content-Type or Content-Disposition is not `name=value`.',
    fix: 'Put values with spaces or special characters in double quotes (`filename="my file.pdf"`), and separate parameters with semicolons.',
    reference: 'RFC 2045 §5.1',
    why: 'Programs cut the value at the first space, so that file names lose their ending and scanners their grip.',
    find: (input) => findFault(input, 'malformed'),
  },
  {
    id: 'spam.parameter-repeated',
    points: 1,
    text: 'A parameter of Content-Type or Content-Disposition stands twice.',
    fix: 'Write each parameter once.',
    reference: 'RFC 2045 §5.1',
    why: 'A scanner may read one and the mail program the other, which is how malware is smuggled.',
    find: (input) => findFault(input, 'repeated'),
  },
  {
    id: 'spam.parameter-encoded-word',
    points: 0,
    text: 'A file name or other parameter is written as an encoded word (`=?utf-8?…?=`).',
    fix: "Write it as RFC 2231 says (`filename*=utf-8''…`), which mail libraries do by themselves.",
    reference: 'RFC 2047 §5, RFC 2231 §4',
    why: 'It is forbidden and common; a few programs show the raw code as the name of the file.',
    find: (input) => findFault(input, 'encoded-word'),
  },
  {
    id: 'spam.parameter-extension-broken',
    points: 1,
    text: 'A parameter in the extended form (`name*=`, `name*0=`) is broken.',
    fix: "Number segments from 0 on without gaps, begin with charset and two quotes (`utf-8''`), do not quote, and write `%` as `%25`.",
    reference: 'RFC 2231 §3, §4',
    why: 'File names get lost or are read differently by scanner and mail program.',
    find: (input) => findFault(input, 'extension-broken'),
  },
  {
    id: 'spam.part-header-malformed',
    points: 1,
    text: 'The header of a part has a line that is no field, or no empty line ends it.',
    fix: 'Write the fields of the part, an empty line, and then its body.',
    reference: 'RFC 2046 §5.1, RFC 5322 §2.2',
    why: 'Part of the text is taken for fields and vanishes, or the fields show up as text.',
    find({ mime }) {
      const part = mime.parts.find(({ index, faults }) => index > 0 && faults.includes('header-malformed'))
      return part && { part: partName(part) }
    },
  },
  {
    id: 'spam.part-header-eight-bit',
    points: 0.5,
    text: 'The header of a part has raw octets above 127, mostly in a file name.',
    fix: "Write the file name as `filename*=utf-8''…` (RFC 2231), which mail libraries do by themselves.",
    reference: 'RFC 2045 §3, RFC 2231 §4, RFC 6532 §3',
    why: 'Without SMTPUTF8 headers are ASCII; file names arrive broken.',
    find(input) {
      if (input.isSmtpUtf8) return undefined
      const part = input.mime.parts.slice(0, maxParts).find(hasEightBit)
      return part && { part: partName(part) }
    },
  },
]
