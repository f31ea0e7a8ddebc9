/** Rules on who a message says it is from (RFC 5322 §3.6.2). */
import { seen, shown, shownAll } from '../evidence.ts'
import type { LintInput, LintRule } from '../port.ts'
import { isUnreachableName } from '../unreachable-name.ts'
import { fieldsOf, firstValue } from './field.ts'

const hasFault = (input: LintInput, fault: LintInput['identities']['faults'][number]): boolean =>
  input.identities.faults.includes(fault)

const addressInDisplay = /[\w.+-]{1,64}@([\w-]{1,63}(?:\.[\w-]{1,63}){1,6})/

export const fromRules: readonly LintRule[] = [
  {
    id: 'spam.from-missing',
    points: 5,
    text: 'The message has no From field.',
    fix: 'Set From to the address that people may answer to, such as `From: Billing <billing@example.com>`.',
    reference: 'RFC 5322 §3.6',
    why: 'From is one of the two fields that every message must have. DMARC judges its domain, so large receivers refuse a message without it.',
    find: (input) => (hasFault(input, 'missing-from') ? seen : undefined),
  },
  {
    id: 'spam.from-repeated',
    points: 5,
    text: 'The message has several From fields.',
    fix: 'Write one From field. Look for a library default and your own code that both set it.',
    reference: 'RFC 5322 §3.6',
    why: 'One program would show the first and another check the last: the classic way to forge a sender past DMARC. Large receivers refuse it.',
    find: (input) =>
      hasFault(input, 'several-from')
        ? { count: input.identities.fromFieldCount, values: shownAll(fieldsOf(input, 'from').map(({ value }) => value)) }
        : undefined,
  },
  {
    id: 'spam.from-malformed',
    points: 4,
    text: 'The From field cannot be read as an address.',
    fix: 'Write `Name <local@domain>`. Put the name in double quotes where it has a comma, a dot, an @ or parentheses, or let the mail library build the field.',
    reference: 'RFC 5322 §3.4',
    why: 'Programs that cannot read From guess, each in its own way. Receivers that enforce DMARC refuse what they cannot attribute to a domain.',
    find: (input) => (hasFault(input, 'from-unparsable') ? { value: shown(firstValue(input, 'from') ?? '') } : undefined),
  },
  {
    id: 'spam.from-obsolete',
    points: 1,
    text: 'The From field has a form that RFC 5322 allows for reading old mail only, such as a route or spaces in an address.',
    fix: 'Write the bare address between angle brackets: `Name <local@domain>`.',
    reference: 'RFC 5322 §4.4',
    why: 'Software reads obsolete forms differently, so that two programs may see two senders.',
    find: (input) => (hasFault(input, 'from-obsolete') ? { value: shown(firstValue(input, 'from') ?? '') } : undefined),
  },
  {
    id: 'spam.from-many-authors',
    points: 2,
    text: 'From has more than one address.',
    fix: 'Put one address into From; name the others in Cc or Reply-To.',
    reference: 'RFC 5322 §3.6.2, RFC 7489 §6.6.1',
    why: 'It is allowed, but DMARC cannot tell which domain answers for the message. Large receivers refuse it.',
    find: ({ identities: { from, fromFieldCount } }) =>
      fromFieldCount === 1 && from.length > 1 ? { addresses: shownAll(from.map(({ address }) => address)) } : undefined,
  },
  {
    id: 'spam.sender-missing',
    points: 1.5,
    text: 'From has several addresses, and no Sender field says which one sent the message.',
    fix: 'Put one address into From, or add `Sender:` with the one that sends.',
    reference: 'RFC 5322 §3.6.2',
    why: 'With several authors Sender is obligatory, since otherwise nobody answers for the message.',
    find: (input) => (hasFault(input, 'missing-sender') ? { authors: input.identities.from.length } : undefined),
  },
  {
    id: 'spam.sender-malformed',
    points: 1.5,
    text: 'The Sender field is not exactly one address.',
    fix: 'Write one address, or leave Sender out: it is only needed where it differs from From.',
    reference: 'RFC 5322 §3.6.2',
    why: 'Filters compare Sender with From. One that cannot be read looks like a forgery.',
    find: (input) => (hasFault(input, 'sender-unparsable') ? { value: shown(firstValue(input, 'sender') ?? '') } : undefined),
  },
  {
    id: 'spam.reply-to-malformed',
    points: 1,
    text: 'The Reply-To field cannot be read as addresses.',
    fix: 'Write `Reply-To: local@domain`, or leave the field out so that answers go to From.',
    reference: 'RFC 5322 §3.6.2, §3.4',
    why: 'Answers of people get lost, and filters count an unreadable address field.',
    find: (input) => (hasFault(input, 'reply-to-unparsable') ? { value: shown(firstValue(input, 'reply-to') ?? '') } : undefined),
  },
  {
    id: 'spam.from-unreachable-domain',
    points: 3,
    text: 'The domain of From exists nowhere outside: a host name without domain, a private name or an IP address.',
    fix: 'Send from an address of a domain that is registered and takes mail, such as noreply@example.com. Look for a default like root@localhost or user@host.local.',
    reference: 'RFC 5321 §2.3.5',
    why: 'Receivers look the domain up. One that does not resolve gets the message refused or put with the spam, and nobody can answer.',
    find({ identities: { from } }) {
      const unreachable = from.find(({ aDomain }) => isUnreachableName(aDomain))
      return unreachable && { address: shown(unreachable.address) }
    },
  },
  {
    id: 'spam.from-name-shows-other-address',
    points: 2,
    text: 'The name in From is an address of another domain than the real one.',
    fix: 'Use the name of a person, team or company as the display name. To take answers elsewhere, set Reply-To.',
    reference: 'RFC 5322 §3.4',
    why: 'Mail programs show the name only, so this is what phishing does. Filters count it.',
    find({ identities: { from } }) {
      for (const { display, address, aDomain } of from) {
        if (!display.includes('@')) continue
        const claimed = addressInDisplay.exec(display.slice(0, 500))?.[1]?.toLowerCase()
        if (claimed !== undefined && claimed !== aDomain && !aDomain.endsWith(`.${claimed}`) && !claimed.endsWith(`.${aDomain}`))
          return { name: shown(display), address: shown(address) }
      }
      return undefined
    },
  },
]
