/** Rules on the fields that say whom a message is for (RFC 5322 §3.6.3). */
import { type AddressList, parseAddressList } from '../../address/address-list.ts'
import type { HeaderField } from '../../header/header-block.ts'
import { seen, shown, shownAll } from '../evidence.ts'
import { kept } from '../kept.ts'
import type { LintRule } from '../port.ts'
import { fieldsOf, hasField } from './field.ts'

interface Destination {
  readonly name: string
  readonly value: string
  readonly addressCount: number
  readonly faults: AddressList['faults']
}

/** More names than this in To and Cc are a mailing list by hand. */
const manyRecipients = 100

/** One address, bare or with a plain name, that needs no parser. */
const ordinary =
  /^(?:[\w '-]{0,100}<[\w+-]{1,64}(?:\.[\w+-]{1,64}){0,8}@(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,63}>|[\w+-]{1,64}(?:\.[\w+-]{1,64}){0,8}@(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,63})$/i
const noFaults: AddressList['faults'] = []

const destinations = kept((input): readonly Destination[] => {
  const found: Destination[] = []
  for (const name of ['to', 'cc']) for (const field of fieldsOf(input, name)) found.push(readDestination(field))
  return found
})

function readDestination({ name, value }: HeaderField): Destination {
  if (ordinary.test(value)) return { name, value, addressCount: 1, faults: noFaults }
  const { mailboxes, faults } = parseAddressList(value)
  return { name, value, addressCount: mailboxes.length, faults }
}

const isUnreadable = ({ faults }: Destination): boolean =>
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
      const bad = destinations(input).find((destination) => destination.value !== '' && isUnreadable(destination))
      return bad && { field: bad.name, value: shown(bad.value), faults: shownAll(bad.faults.map(({ code }) => code)) }
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
      for (const { addressCount } of destinations(input)) count += addressCount
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
