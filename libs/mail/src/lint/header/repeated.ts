/** Rules on fields that may stand once, and on fields that others set (RFC 5322 §3.6). */
import { seen, shownAll } from '../evidence.ts'
import type { LintInput, LintRule } from '../port.ts'
import { fieldsOf, hasField } from './field.ts'

/** RFC 5322 §3.6 but From, which has a rule of its own, and the fields of RFC 2045, RFC 2369, RFC 2919, RFC 3834 and RFC 8058. */
const onceFields = ['date', 'sender', 'reply-to', 'to', 'cc', 'bcc', 'message-id', 'in-reply-to', 'references', 'subject']
const onceFieldsOfOthers = [
  'mime-version',
  'content-transfer-encoding',
  'content-disposition',
  'content-id',
  'list-id',
  'list-unsubscribe',
  'list-unsubscribe-post',
  'list-help',
  'list-post',
  'list-owner',
  'list-archive',
  'auto-submitted',
  'precedence',
]

/** Names of those fields that stand more than once, as written. */
const repeated = (input: LintInput, names: readonly string[]): string[] =>
  names.flatMap((name) => {
    const fields = fieldsOf(input, name)
    return fields.length > 1 ? [fields[0]?.name ?? name] : []
  })

export const repeatedFieldRules: readonly LintRule[] = [
  {
    id: 'spam.field-repeated',
    points: 3,
    text: 'A field that may stand once stands several times.',
    fix: 'Set it once: replace the field instead of adding it. Look for a library default and your own code that both set it.',
    reference: 'RFC 5322 §3.6',
    why: 'Programs show one and check the other. Large receivers refuse a message whose Subject, Date, To or Message-ID is repeated.',
    find(input) {
      const names = repeated(input, onceFields)
      return names.length > 0 ? { fields: shownAll(names) } : undefined
    },
  },
  {
    id: 'spam.other-field-repeated',
    points: 1,
    text: 'A field for MIME, lists or automatic mail that may stand once stands several times.',
    fix: 'Set it once.',
    reference: 'RFC 2045 §3, RFC 2369 §3.4, RFC 3834 §5, RFC 8058 §3.1',
    why: 'Which of them counts is different from program to program.',
    find(input) {
      const names = repeated(input, onceFieldsOfOthers)
      return names.length > 0 ? { fields: shownAll(names) } : undefined
    },
  },
  {
    id: 'spam.return-path-present',
    points: 0,
    text: 'The message has a Return-Path field.',
    fix: 'Leave it out and give the address in MAIL FROM.',
    reference: 'RFC 5321 §4.4',
    why: 'The last server adds it when it delivers. One that is there before is false, and shows a message that is sent again.',
    find: (input) => (hasField(input, 'return-path') ? seen : undefined),
  },
]
