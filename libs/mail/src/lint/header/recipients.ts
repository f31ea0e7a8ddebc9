/** Rules on the fields that say whom a message is for (RFC 5322 §3.6.3). */
import { type AddressList, parseAddressList } from '../../address/address-list.ts'
import { seen, shown, shownAll } from '../evidence.ts'
import { kept } from '../kept.ts'
import type { LintRule } from '../port.ts'
import { fieldsOf, hasField } from './field.ts'

interface Destination {
  readonly name: string
  readonly value: string
  readonly list: AddressList
}

/** More names than this in To and Cc are a mailing list by hand. */
const manyRecipients = 100

const destinations = kept((input): readonly Destination[] =>
  ['to', 'cc'].flatMap((name) =>
    fieldsOf(input, name).map((field) => ({ name: field.name, value: field.value, list: parseAddressList(field.value) })),
  ),
)

const isUnreadable = ({ faults }: AddressList): boolean =>
  faults.some(({ code }) => code !== 'obsolete-syntax' && code !== 'too-many')

export const recipientRules: readonly LintRule[] = [
  {
    id: 'spam.recipients-missing',
    points: 0.5,
    text: 'The message has neither To nor Cc.',
    fix: 'Set To to the recipient. For a blind copy to many write `To: undisclosed-recipients:;`.',
    reference: 'RFC 5322 §3.6.3',
    why: 'Mail that people write has a To. Filters count its absence as a mark of bulk software.',
    find: (input) => (hasField(input, 'to') || hasField(input, 'cc') || hasField(input, 'bcc') ? undefined : seen),
  },
  {
    id: 'spam.recipients-empty',
    points: 1,
    text: 'The To or Cc field is empty.',
    fix: 'Leave a field out where there is nobody to name; for a blind copy write `To: undisclosed-recipients:;`.',
    reference: 'RFC 5322 §3.6.3',
    why: 'These fields must have at least one address or group. An empty one mostly shows that a variable was empty.',
    find(input) {
      const empty = destinations(input).find(({ value }) => value === '')
      return empty && { field: empty.name }
    },
  },
  {
    id: 'spam.recipients-malformed',
    points: 1,
    text: 'The To or Cc field cannot be read as addresses.',
    fix: 'Separate addresses with commas, not semicolons, and put names with commas or dots in double quotes; or let the mail library build the field.',
    reference: 'RFC 5322 §3.4, §3.6.3',
    why: 'Answers to all get lost or go to a wrong address, and some receivers refuse address fields with bad syntax.',
    find(input) {
      const bad = destinations(input).find(({ value, list }) => value !== '' && isUnreadable(list))
      return bad && { field: bad.name, value: shown(bad.value), faults: shownAll(bad.list.faults.map(({ code }) => code)) }
    },
  },
  {
    id: 'spam.recipients-shown',
    points: 1,
    text: `To and Cc name more than ${manyRecipients} addresses.`,
    fix: 'Send one message to each recipient, or use a mailing list. Everybody can read the addresses of all others.',
    reference: 'RFC 5322 §3.6.3',
    why: 'It gives the addresses of all to all, which is a breach of privacy in many countries, and it looks like an amateur mailing.',
    find(input) {
      let count = 0
      for (const { list } of destinations(input)) count += list.mailboxes.length
      return count > manyRecipients ? { count } : undefined
    },
  },
  {
    id: 'spam.bcc-shown',
    points: 1.5,
    text: 'The message still has its Bcc field, so that every recipient can read who got a blind copy.',
    fix: 'Give blind recipients to the server by RCPT TO only, and leave Bcc out of the header. Most mail libraries do so by themselves.',
    reference: 'RFC 5322 §3.6.3',
    why: 'Bcc is to be removed before sending. One that is left betrays the blind recipients.',
    find(input) {
      const field = fieldsOf(input, 'bcc').find(({ value }) => value !== '')
      return field && { addresses: parseAddressList(field.value).mailboxes.length }
    },
  },
]
