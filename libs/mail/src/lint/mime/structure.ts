/** Rules on multiparts and their boundaries (RFC 2046 §5.1). */
import type { LintRule } from '../port.ts'
import { findPartFault, partName } from './part-fault.ts'

const libraryFix = 'Let the mail library put parts together, and change no line of what it made.'

export const mimeStructureRules: readonly LintRule[] = [
  {
    id: 'spam.boundary-not-declared',
    points: 3,
    text: 'A multipart has no boundary parameter.',
    fix: `Write \`Content-Type: multipart/…; boundary="…"\`. ${libraryFix}`,
    reference: 'RFC 2046 §5.1.1',
    why: 'Nobody can find the parts; people see the raw source.',
    find: (input) => findPartFault(input, 'multipart-without-boundary'),
  },
  {
    id: 'spam.boundary-malformed',
    points: 1,
    text: 'A boundary is longer than 70 characters or has characters that none may have.',
    fix: 'Use letters, digits and `=_`, at most 70 of them.',
    reference: 'RFC 2046 §5.1.1',
    why: 'Strict software finds no parts. Scanners count it, since malware hides behind such boundaries.',
    find: (input) => findPartFault(input, 'boundary-malformed'),
  },
  {
    id: 'spam.boundary-missing',
    points: 3,
    text: 'The boundary that a multipart declares never occurs.',
    fix: `Begin each part with a line of \`--\` and the boundary exactly as declared. ${libraryFix}`,
    reference: 'RFC 2046 §5.1.1',
    why: 'Nobody can find the parts; people see an empty message or the raw source.',
    find: (input) => findPartFault(input, 'boundary-missing'),
  },
  {
    id: 'spam.multipart-not-closed',
    points: 1,
    text: 'A multipart has no closing boundary.',
    fix: `End it with a line of \`--\`, the boundary and \`--\`; look for a message that was cut. ${libraryFix}`,
    reference: 'RFC 2046 §5.1.1',
    why: 'It looks like a message that was cut on its way, and scanners may judge the last part otherwise than mail programs do.',
    find: (input) => findPartFault(input, 'multipart-not-closed'),
  },
  {
    id: 'spam.multipart-empty',
    points: 2,
    text: 'A multipart has no parts.',
    fix: 'Put at least one part into it, or send a single part without multipart.',
    reference: 'RFC 2046 §5.1.1',
    why: 'People see an empty message.',
    find: (input) => findPartFault(input, 'multipart-empty'),
  },
  {
    id: 'spam.boundary-of-outer',
    points: 1,
    text: 'An inner multipart is not closed before the next part of the outer one begins.',
    fix: `Close each multipart, and use different boundaries for inner and outer ones. ${libraryFix}`,
    reference: 'RFC 2046 §5.1.2',
    why: 'Programs disagree on what belongs to which multipart, so that scanner and reader see different attachments.',
    find: (input) => findPartFault(input, 'boundary-of-outer'),
  },
  {
    id: 'spam.mime-too-deep',
    points: 3,
    text: 'Parts are nested deeper than anybody reads.',
    fix: 'Do not forward forwards of forwards as attachments without end.',
    reference: 'RFC 2046 §5.1',
    why: 'Scanners give up at some depth and refuse what they cannot see into.',
    find: (input) => findPartFault(input, 'too-deep'),
  },
  {
    id: 'spam.mime-too-many-parts',
    points: 3,
    text: 'The message has more parts than anybody reads.',
    fix: 'Pack many files into one archive, or send a link.',
    reference: 'RFC 2046 §5.1',
    why: 'Scanners give up at some number and refuse what they cannot see into.',
    find: (input) => findPartFault(input, 'too-many-parts'),
  },
  {
    id: 'spam.alternative-order',
    points: 1,
    text: 'In multipart/alternative the HTML stands before the plain text.',
    fix: 'Put text/plain first and text/html last.',
    reference: 'RFC 2046 §5.1.4',
    why: 'The last alternative is the best one, so people see the plain text instead of your HTML.',
    find({ mime }) {
      for (const part of mime.parts) {
        if (part.mediaType !== 'multipart/alternative') continue
        const html = part.children.findIndex(({ mediaType }) => mediaType === 'text/html')
        const plain = part.children.findIndex(({ mediaType }) => mediaType === 'text/plain')
        if (html !== -1 && plain > html) return { part: partName(part) }
      }
      return undefined
    },
  },
  {
    id: 'spam.alternative-single',
    points: 0.5,
    text: 'A multipart/alternative has one alternative only.',
    fix: 'Add the plain text, or send the single part without multipart/alternative.',
    reference: 'RFC 2046 §5.1.4',
    why: 'It promises a choice that is not there, which bulk software does.',
    find({ mime }) {
      const single = mime.parts.find(({ mediaType, children }) => mediaType === 'multipart/alternative' && children.length === 1)
      return single && !(mime.isCut && single.bodyEnd === mime.content.length) ? { part: partName(single) } : undefined
    },
  },
]
