/** Who a message says it is from (RFC 5322 §3.6.2), and what names it. */
import { type AddressList, type HeaderMailbox, parseAddressList } from '../address/address-list.ts'
import { parseDate } from './date.ts'
import { decodeEncodedWords } from './encoded-words.ts'
import { type HeaderBlock, type HeaderFault, headerValues } from './header-block.ts'

export type IdentityFault =
  | 'missing-from'
  /** More than one From field (not mailbox): which one counts is anybody's guess. */
  | 'several-from'
  /** From has no address, or something that is none: software of others may read it otherwise. */
  | 'from-unparsable'
  /** From is in a form that RFC 5322 §4.4 allows for reading only. */
  | 'from-obsolete'
  /** Several mailboxes in From ask for a Sender (§3.6.2). */
  | 'missing-sender'
  | 'several-sender'
  | 'sender-unparsable'
  | 'several-reply-to'
  | 'reply-to-unparsable'
  | 'missing-date'
  | 'several-date'
  | 'date-unparsable'
  | 'missing-message-id'
  | 'several-message-id'
  | 'message-id-unparsable'
  | 'several-subject'

export interface HeaderIdentities {
  /** The mailboxes of every From field, in order. */
  readonly from: readonly HeaderMailbox[]
  readonly fromFieldCount: number
  /** Of the first Sender field. */
  readonly sender: HeaderMailbox | undefined
  /** Of every Reply-To field. */
  readonly replyTo: readonly HeaderMailbox[]
  /** Of the first Subject field, decoded; undefined where there is none. */
  readonly subject: string | undefined
  /** Without its angle brackets. */
  readonly messageId: string | undefined
  /** Ms since the epoch. */
  readonly date: number | undefined
  /** Each code once. */
  readonly faults: readonly IdentityFault[]
  /** Of the header that they were read from. */
  readonly headerFaults: readonly HeaderFault[]
}

const messageIdForm = /^<([^\s<>]{1,996})>$/

/** Reads the identities of a header. Never throws; what cannot be read is told in `faults`. */
export function headerIdentities(block: HeaderBlock): HeaderIdentities {
  const faults: IdentityFault[] = []
  const fromValues = headerValues(block, 'from')
  const from = fromValues.map(parseAddressList)
  const mailboxes = from.length === 1 ? (from[0]?.mailboxes ?? []) : from.flatMap((list) => list.mailboxes)
  if (from.length === 0) faults.push('missing-from')
  if (from.length > 1) faults.push('several-from')
  if (from.some(isUnparsable)) faults.push('from-unparsable')
  if (from.some((list) => list.faults.some((fault) => fault.code === 'obsolete-syntax'))) faults.push('from-obsolete')

  const senders = headerValues(block, 'sender').map(parseAddressList)
  if (senders.length === 0 && mailboxes.length > 1) faults.push('missing-sender')
  if (senders.length > 1) faults.push('several-sender')
  if (senders.some((list) => isUnparsable(list) || list.mailboxes.length > 1)) faults.push('sender-unparsable')

  const replyTo = headerValues(block, 'reply-to').map(parseAddressList)
  if (replyTo.length > 1) faults.push('several-reply-to')
  if (replyTo.some(isUnparsable)) faults.push('reply-to-unparsable')

  const [subject, ...otherSubjects] = headerValues(block, 'subject')
  if (otherSubjects.length > 0) faults.push('several-subject')
  return {
    from: mailboxes,
    fromFieldCount: from.length,
    sender: senders[0]?.mailboxes[0],
    replyTo: replyTo.flatMap((list) => list.mailboxes),
    subject: subject === undefined ? undefined : decodeEncodedWords(subject),
    messageId: readOne(block, 'message-id', faults, (value) => messageIdForm.exec(value)?.[1]),
    date: readOne(block, 'date', faults, parseDate),
    faults,
    headerFaults: block.faults,
  }
}

/** The first such field, read; none, several and unreadable ones are faults. */
function readOne<T>(
  block: HeaderBlock,
  name: 'date' | 'message-id',
  faults: IdentityFault[],
  read: (value: string) => T | undefined,
): T | undefined {
  const values = headerValues(block, name)
  const [first] = values
  if (first === undefined) {
    faults.push(`missing-${name}`)
    return undefined
  }
  if (values.length > 1) faults.push(`several-${name}`)
  const result = read(first)
  if (result === undefined) faults.push(`${name}-unparsable`)
  return result
}

const isUnparsable = (list: AddressList): boolean =>
  list.mailboxes.length === 0 || list.faults.some((fault) => fault.code !== 'obsolete-syntax')
