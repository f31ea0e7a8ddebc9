/** Rules on the other fields of mailings (RFC 2369, RFC 2919, RFC 2076). */
import { seen, shown } from '../evidence.ts'
import { firstValue, hasField } from '../header/field.ts'
import type { LintRule } from '../port.ts'

const precedences = new Set(['bulk', 'list', 'junk', 'first-class', 'special-delivery', 'air-mail', 'normal'])
/** RFC 2919 §3: a dotted name in angle brackets, behind a description. */
const listId = /<[^\s<>@]{1,255}>$/

export const listFieldRules: readonly LintRule[] = [
  {
    id: 'spam.list-id-missing',
    points: 0.2,
    text: 'The message is bulk mail without List-Id.',
    fix: 'Add `List-Id: Newsletter <newsletter.example.com>`, the same for every message of a mailing.',
    reference: 'RFC 2919 §2',
    why: 'People sort by it, and mailbox providers count the reputation of each mailing by it.',
    find: (input) => (input.isBulk && !hasField(input, 'list-id') ? seen : undefined),
  },
  {
    id: 'spam.list-id-malformed',
    points: 0.2,
    text: 'List-Id is not a dotted name in angle brackets.',
    fix: 'Write `List-Id: Newsletter <newsletter.example.com>`.',
    reference: 'RFC 2919 §3',
    why: 'Software cannot use it.',
    find(input) {
      const value = firstValue(input, 'list-id')
      return value === undefined || listId.test(value.slice(-300)) ? undefined : { value: shown(value) }
    },
  },
  {
    id: 'spam.precedence-missing',
    points: 0,
    text: 'The message is bulk mail without `Precedence: bulk`.',
    fix: 'Add `Precedence: bulk`.',
    reference: 'RFC 2076 §3.9, RFC 3834 §2',
    why: 'Absence notices do not answer mail that has it, so your senders get fewer of them.',
    find: (input) => (input.isBulk && !hasField(input, 'precedence') && !hasField(input, 'auto-submitted') ? seen : undefined),
  },
  {
    id: 'spam.precedence-unknown',
    points: 0.5,
    text: 'Precedence has a value that means nothing.',
    fix: 'Write `Precedence: bulk` or `Precedence: list`, or leave it out. The importance of a message is another field, Importance.',
    reference: 'RFC 2076 §3.9',
    why: 'Only home-made and spam software writes other values.',
    find(input) {
      const value = firstValue(input, 'precedence')
      return value === undefined || precedences.has(value.toLowerCase()) ? undefined : { value: shown(value) }
    },
  },
]
