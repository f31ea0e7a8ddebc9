/** Rules on encoded words (RFC 2047). */
import { shown } from '../evidence.ts'
import type { LintEvidence, LintInput, LintRule } from '../port.ts'
import { type EncodedWordFault, encodedWords } from './encoded-word.ts'
import { fieldsOf } from './field.ts'

/** Fields whose syntax has no place for an encoded word at all. */
const machineFields = ['message-id', 'in-reply-to', 'references', 'date', 'mime-version', 'list-unsubscribe', 'auto-submitted']

function findWord(input: LintInput, fault: EncodedWordFault): LintEvidence | undefined {
  const found = encodedWords(input).find(({ faults }) => faults.includes(fault))
  return found && { field: found.field.name, word: shown(found.word) }
}

const libraryFix = 'Give the plain text to the mail library, and let it encode and fold the field.'

export const encodedWordRules: readonly LintRule[] = [
  {
    id: 'spam.encoded-word-malformed',
    points: 1,
    text: 'A field has something that begins like encoded text (`=?utf-8?Q?…?=`) and cannot be decoded.',
    fix: `${libraryFix} Within an encoded word there are no spaces; a space is written \`_\` or \`=20\`.`,
    reference: 'RFC 2047 §2, §4',
    why: 'People see the raw code, and filters take it for software that hides words.',
    find: (input) => findWord(input, 'malformed'),
  },
  {
    id: 'spam.encoded-word-charset-unknown',
    points: 1,
    text: 'Encoded text in a field names a charset that mail programs do not know.',
    fix: 'Encode as utf-8.',
    reference: 'RFC 2047 §2, §3',
    why: 'People see the raw code instead of the text.',
    find: (input) => findWord(input, 'charset-unknown'),
  },
  {
    id: 'spam.encoded-word-too-long',
    points: 0.2,
    text: 'An encoded word is longer than 75 characters.',
    fix: `${libraryFix} Longer text is several encoded words with spaces between them.`,
    reference: 'RFC 2047 §2',
    why: 'Strict software does not decode it.',
    find: (input) => findWord(input, 'too-long'),
  },
  {
    id: 'spam.encoded-word-misplaced',
    points: 0.3,
    text: 'Encoded text stands within double quotes or touches other text, where it may not be decoded.',
    fix: 'Leave the quotes out around an encoded name, and put a space before and after each encoded word.',
    reference: 'RFC 2047 §5',
    why: 'Strict mail programs show the raw code to people.',
    find: (input) => findWord(input, 'misplaced'),
  },
  {
    id: 'spam.encoded-word-in-machine-field',
    points: 1,
    text: 'A field that programs read has encoded text.',
    fix: 'Write ids, dates and addresses as plain ASCII.',
    reference: 'RFC 2047 §5',
    why: 'Programs do not decode there, so the field has no meaning.',
    find(input) {
      for (const name of machineFields) {
        const field = fieldsOf(input, name).find(({ value }) => /=\?[\w-]{1,40}\?[bq]\?/i.test(value))
        if (field) return { field: field.name, value: shown(field.value) }
      }
      return undefined
    },
  },
  {
    id: 'spam.encoded-word-character-cut',
    points: 0.5,
    text: 'The bytes of an encoded word are no whole characters of its charset.',
    fix: `${libraryFix} Encode whole characters in each word, and name the charset that the bytes are in.`,
    reference: 'RFC 2047 §5',
    why: 'People see question marks or boxes instead of letters.',
    find: (input) => findWord(input, 'character-cut'),
  },
  {
    id: 'spam.encoded-word-line-end',
    points: 2,
    text: 'Encoded text in a field has a line end in it.',
    fix: 'Take line ends out of values before they become fields.',
    reference: 'RFC 2047 §5, RFC 5322 §2.2',
    why: 'It is what an attack that smuggles header fields through a form looks like.',
    find: (input) => findWord(input, 'line-end'),
  },
  {
    id: 'spam.encoded-word-needless',
    points: 0.5,
    text: 'The Subject is base64 although it is plain ASCII.',
    fix: 'Encode only what is not ASCII; most mail libraries do so by themselves.',
    reference: 'RFC 2047 §4',
    why: 'Spam does it to hide words from filters, so filters count it.',
    find(input) {
      const words = encodedWords(input).filter(({ field }) => field.lowerName === 'subject')
      const [first] = words
      return first && words.every(({ faults }) => faults.includes('needless')) ? { word: shown(first.word) } : undefined
    },
  },
]
