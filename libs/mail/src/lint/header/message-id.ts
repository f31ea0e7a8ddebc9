/** Rules on the Message-ID and the fields that refer to others (RFC 5322 §3.6.4). */
import { seen, shown } from '../evidence.ts'
import type { LintInput, LintRule } from '../port.ts'
import { isUnreachableName } from '../unreachable-name.ts'
import { fieldsOf, firstValue } from './field.ts'

/** RFC 5322 §2.1.1 bounds a line; software stores ids in columns of 255. */
const maxIdCharacters = 250
const msgId = /^<[^\s<>@]{1,500}@[^\s<>@]{1,500}>$/
/** What may stand behind it (RFC 5322 §3.2.2): `(added by postmaster@example.com)`. */
const comment = /\s{0,100}\([^()]{0,200}\)\s{0,100}$/
/** RFC 1918 and loopback. */
const privateAddress = /^\[?(?:10|127|192\.168|172\.(?:1[6-9]|2[0-9]|3[01]))\.[0-9.]+\]?$/

/** The part behind the last `@`, lower-case; undefined where the id has none. */
function hostOf(input: LintInput): string | undefined {
  const id = input.identities.messageId
  const at = id?.lastIndexOf('@') ?? -1
  return id === undefined || at === -1 ? undefined : id.slice(at + 1).toLowerCase()
}

const isBareHost = (host: string): boolean =>
  host === '' || host === 'localhost' || host === 'localhost.localdomain' || /^[\w-]{1,63}$/.test(host)

/** Whether a value is message ids and white space only. Linear in its length. */
function isIdList(value: string): boolean {
  const words = value.replaceAll('><', '> <').split(/[ \t\r\n]+/)
  return words.every((word) => msgId.test(word))
}

export const messageIdRules: readonly LintRule[] = [
  {
    id: 'spam.message-id-missing',
    points: 2,
    text: 'The message has no Message-ID.',
    fix: 'Let the mail library make one, such as `Message-ID: <random@example.com>`, new for every message.',
    reference: 'RFC 5322 §3.6.4',
    why: 'Large receivers refuse mail without one. It is also what finds a message in logs, and what answers and duplicates are recognized by.',
    find: ({ identities }) => (identities.faults.includes('missing-message-id') ? seen : undefined),
  },
  {
    id: 'spam.message-id-malformed',
    points: 2,
    text: 'The Message-ID is not of the form `<left@right>`.',
    fix: 'Write a unique left part, an @ and your domain between angle brackets, without spaces.',
    reference: 'RFC 5322 §3.6.4',
    why: 'Large receivers refuse an invalid Message-ID, and answers do not find their thread.',
    find(input) {
      const value = firstValue(input, 'message-id')
      if (value === undefined || msgId.test(value)) return undefined
      return msgId.test(value.replace(comment, '')) ? undefined : { value: shown(value) }
    },
  },
  {
    id: 'spam.message-id-bare-host',
    points: 0.3,
    text: 'The Message-ID ends in `localhost` or a host name without domain.',
    fix: 'Set the host name or domain that the mail library uses for Message-ID to a domain of yours.',
    reference: 'RFC 5322 §3.6.4',
    why: 'Only with a domain of your own is the id unique in the world. Filters count names that everybody has.',
    find(input) {
      const host = hostOf(input)
      return host !== undefined && isBareHost(host) ? { host: shown(host) } : undefined
    },
  },
  {
    id: 'spam.message-id-private-host',
    points: 0,
    text: 'The Message-ID tells the name or address of a host in your private network.',
    fix: 'Set the domain that the mail library uses for Message-ID to your public one.',
    reference: 'RFC 5322 §3.6.4',
    why: 'No receiver minds, but it tells outsiders how your network is built.',
    find(input) {
      const host = hostOf(input)
      if (host === undefined || isBareHost(host)) return undefined
      const isPrivate = privateAddress.test(host) || (!host.startsWith('[') && isUnreachableName(host))
      return isPrivate ? { host: shown(host) } : undefined
    },
  },
  {
    id: 'spam.message-id-too-long',
    points: 1,
    text: `The Message-ID is longer than ${maxIdCharacters} characters.`,
    fix: 'A UUID, an @ and your domain are enough. Keep data of yours in a field of its own, such as X-Order.',
    reference: 'RFC 5322 §2.1.1, §3.6.4',
    why: 'It cannot be folded, and mail programs cut it, so that answers lose their thread.',
    find(input) {
      const characters = firstValue(input, 'message-id')?.length ?? 0
      return characters > maxIdCharacters ? { characters } : undefined
    },
  },
  {
    id: 'spam.references-malformed',
    points: 0,
    text: 'In-Reply-To or References has something else than message ids.',
    fix: 'Copy the Message-ID of the message that is answered, with its angle brackets; separate several with spaces.',
    reference: 'RFC 5322 §3.6.4',
    why: 'Mail programs cannot put the message into its thread.',
    find(input) {
      for (const name of ['in-reply-to', 'references']) {
        const bad = fieldsOf(input, name).find(({ value }) => !isIdList(value))
        if (bad) return { field: bad.name, value: shown(bad.value) }
      }
      return undefined
    },
  },
]
