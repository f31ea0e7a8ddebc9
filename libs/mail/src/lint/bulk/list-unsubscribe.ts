/** Rules on List-Unsubscribe: how people leave a bulk mailing (RFC 2369, RFC 8058). */
import { seen, shown, shownAll } from '../evidence.ts'
import { firstValue, hasField } from '../header/field.ts'
import { kept } from '../kept.ts'
import type { LintRule } from '../port.ts'

interface UnsubscribeTargets {
  readonly uris: readonly string[]
  /** Something stands outside the angle brackets, or a bracket is open. */
  readonly isMalformed: boolean
}

const maxUris = 20
const oneClick = 'List-Unsubscribe=One-Click'

/** The URIs of the first List-Unsubscribe; undefined where there is none. RFC 2369 §2: `<uri>` separated by commas. */
const targets = kept((input): UnsubscribeTargets | 'none' => {
  const value = firstValue(input, 'list-unsubscribe')
  if (value === undefined) return 'none'
  const uris: string[] = []
  let outside = ''
  let at = 0
  while (uris.length < maxUris) {
    const open = value.indexOf('<', at)
    const close = open === -1 ? -1 : value.indexOf('>', open)
    if (close === -1) break
    outside += value.slice(at, open)
    uris.push(value.slice(open + 1, close).replace(/\s/g, ''))
    at = close + 1
  }
  outside += value.slice(at)
  const isFilled = /[^,\s]/.test(outside.replace(/\([^()]{0,200}\)/g, ''))
  return { uris, isMalformed: uris.length === 0 || isFilled || uris.some((uri) => !/^[a-z][a-z0-9+.-]{0,20}:[^\s]/i.test(uri)) }
})

const isHttps = (uri: string): boolean => /^https:\/\/[^/]/i.test(uri)
const isUsable = (uri: string): boolean => isHttps(uri) || /^mailto:[^@]{1,300}@/i.test(uri)

export const listUnsubscribeRules: readonly LintRule[] = [
  {
    id: 'spam.list-unsubscribe-missing',
    points: 3,
    text: 'The message is bulk mail without List-Unsubscribe.',
    fix: 'Add `List-Unsubscribe: <https://example.com/leave?id=…>, <mailto:leave@example.com?subject=…>` and `List-Unsubscribe-Post: List-Unsubscribe=One-Click`.',
    reference: 'RFC 2369 §3.2, RFC 8058; sender requirements of Gmail and Yahoo since 2024',
    why: 'The large mailbox providers demand it of all who send in bulk, and defer or refuse mail without it. People who find no way out report spam.',
    find: (input) => (input.isBulk && targets(input) === 'none' ? seen : undefined),
  },
  {
    id: 'spam.list-unsubscribe-malformed',
    points: 1,
    text: 'List-Unsubscribe is not a list of URIs in angle brackets.',
    fix: 'Write `List-Unsubscribe: <https://…>, <mailto:…>`, with each URI in its own angle brackets.',
    reference: 'RFC 2369 §2',
    why: 'Mail programs show no way to leave, so that people report spam instead.',
    find(input) {
      const found = targets(input)
      return found !== 'none' && found.isMalformed ? { value: shown(firstValue(input, 'list-unsubscribe') ?? '') } : undefined
    },
  },
  {
    id: 'spam.list-unsubscribe-unusable',
    points: 1,
    text: 'List-Unsubscribe has neither an https nor a mailto URI.',
    fix: 'Offer an https URI, and a mailto URI beside it. Plain http is not accepted any more.',
    reference: 'RFC 2369 §3.2, RFC 8058 §3.1',
    why: 'Mailbox providers do not use other URIs, so the way out does not work.',
    find(input) {
      const found = targets(input)
      if (found === 'none' || found.isMalformed || found.uris.some(isUsable)) return undefined
      return { uris: shownAll(found.uris) }
    },
  },
  {
    id: 'spam.list-unsubscribe-post-missing',
    points: 1.5,
    text: 'The message is bulk mail whose List-Unsubscribe has no one-click form.',
    fix: `Add \`List-Unsubscribe-Post: ${oneClick}\`, and let the https URI take a POST without asking again.`,
    reference: 'RFC 8058 §3.1; sender requirements of Gmail and Yahoo since 2024',
    why: 'The large mailbox providers demand one click of all who send in bulk.',
    find: (input) => (input.isBulk && targets(input) !== 'none' && !hasField(input, 'list-unsubscribe-post') ? seen : undefined),
  },
  {
    id: 'spam.list-unsubscribe-post-wrong',
    points: 1.5,
    text: `List-Unsubscribe-Post is not exactly \`${oneClick}\`.`,
    fix: `Write \`List-Unsubscribe-Post: ${oneClick}\`.`,
    reference: 'RFC 8058 §3.1',
    why: 'Any other value counts as none.',
    find(input) {
      const value = firstValue(input, 'list-unsubscribe-post')
      return value === undefined || value === oneClick ? undefined : { value: shown(value) }
    },
  },
  {
    id: 'spam.list-unsubscribe-post-without-https',
    points: 1.5,
    text: 'List-Unsubscribe-Post promises one click, but List-Unsubscribe has no https URI to post to.',
    fix: 'Add `List-Unsubscribe: <https://…>` with a URI that names recipient and list, and takes a POST.',
    reference: 'RFC 8058 §3.1',
    why: 'The POST has nowhere to go, so it counts as none.',
    find(input) {
      if (!hasField(input, 'list-unsubscribe-post')) return undefined
      const found = targets(input)
      return found !== 'none' && found.uris.some(isHttps) ? undefined : seen
    },
  },
]
