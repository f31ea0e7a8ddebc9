/** Rules on what declares a message to be MIME (RFC 2045 §4, §5). */
import { seen, shown } from '../evidence.ts'
import { firstValue, hasField } from '../header/field.ts'
import type { LintRule } from '../port.ts'
import { findPartFault } from './part-fault.ts'

export const mimeVersionRules: readonly LintRule[] = [
  {
    id: 'spam.mime-version-missing',
    points: 0.5,
    text: 'The message has MIME fields such as Content-Type, but no MIME-Version.',
    fix: 'Add `MIME-Version: 1.0`.',
    reference: 'RFC 2045 §4',
    why: 'Without it Content-Type means nothing by the standard, and strict programs show the source. Filters count it as home-made software.',
    find: (input) =>
      !hasField(input, 'mime-version') && (hasField(input, 'content-type') || hasField(input, 'content-transfer-encoding'))
        ? seen
        : undefined,
  },
  {
    id: 'spam.mime-version-malformed',
    points: 0.5,
    text: 'MIME-Version is not 1.0.',
    fix: 'Write `MIME-Version: 1.0`.',
    reference: 'RFC 2045 §4',
    why: 'There is no other version.',
    find(input) {
      const value = firstValue(input, 'mime-version')
      if (value === undefined) return undefined
      const plain = value.slice(0, 200).replace(/\((?:[^()\\]|\\.){0,150}\)|\s/g, '')
      return plain === '1.0' ? undefined : { value: shown(value) }
    },
  },
  {
    id: 'spam.content-type-malformed',
    points: 2,
    text: 'A Content-Type cannot be read.',
    fix: 'Write `type/subtype; name=value`, such as `text/html; charset=utf-8`.',
    reference: 'RFC 2045 §5.1, §5.2',
    why: 'The part counts as plain text then, so people see HTML source or a wall of base64.',
    find: (input) => findPartFault(input, 'content-type-malformed'),
  },
  {
    id: 'spam.content-type-repeated',
    points: 3,
    text: 'A message or part has several Content-Type fields.',
    fix: 'Set it once. Look for a library default and your own code that both set it.',
    reference: 'RFC 2045 §3',
    why: 'A scanner may read one and the mail program the other, which is how malware is smuggled; so scanners refuse it.',
    find: (input) => findPartFault(input, 'content-type-repeated'),
  },
]
