/** Whom a message claims to be from, as far as that can be read: what domain and address checks judge alike. */
import { maxHeaderBytes, type Reason } from '@sallyport/contracts'
import { headerValues, maxHeaderFields, parseAddressList, parseMailbox } from '@sallyport/mail'
import type { CheckContext, CheckInput } from './definition.ts'
import { firstFew } from './evidence.ts'

export interface SenderIdentity {
  /** MAIL FROM, or a mailbox of header From. */
  readonly where: 'envelope' | 'from'
  readonly localPart: string
  /** A-labels in lower case, or an address literal in brackets. */
  readonly aDomain: string
  readonly address: string
}

export interface SenderIdentities {
  readonly identities: readonly SenderIdentity[]
  /** Why a message cannot be vouched for, whoever is authorized: each is a finding. */
  readonly faults: readonly Reason[]
}

/** `[192.0.2.1]` instead of a domain. */
export const isAddressLiteral = (aDomain: string): boolean => aDomain.startsWith('[')

/**
 * The envelope sender (unless it is the null sender) and every mailbox of header From. The rules of the faults begin with the
 * name of the check. Sender and Reply-To are no identities here: they are evidence, see `input.identities`.
 */
export function senderIdentities(check: string, input: CheckInput, { application }: CheckContext): SenderIdentities {
  const identities: SenderIdentity[] = []
  const faults: Reason[] = []
  const { sender } = input.message
  if (sender === '') {
    if (application.declared.senders?.nullSender === false) faults.push(nullSenderFault(check, application.name))
  } else {
    const mailbox = parseMailbox(sender)
    if (mailbox.ok) identities.push(identity('envelope', mailbox))
    else faults.push(envelopeFault(check, sender, mailbox.fault))
  }
  const { from, faults: identityFaults, headerFaults } = input.identities
  for (const mailbox of from) identities.push(identity('from', mailbox))
  for (const fault of identityFaults) {
    if (fault === 'missing-from') faults.push(missingFrom(check))
    else if (fault === 'several-from') faults.push(severalFrom(check, input))
    else if (fault === 'from-unparsable') faults.push(unparsableFrom(check, input))
  }
  // Another From may stand where the reading ended.
  const cut = headerFaults.filter((fault) => fault === 'too-long' || fault === 'too-many-fields')
  if (cut.length > 0) faults.push(headerTooLong(check, cut))
  return { identities, faults }
}

const identity = (
  where: SenderIdentity['where'],
  { localPart, aDomain, address }: Omit<SenderIdentity, 'where'>,
): SenderIdentity => ({ where, localPart, aDomain, address })

const nullSenderFault = (check: string, application: string): Reason => ({
  rule: `${check}.null-sender-not-allowed`,
  text: `Application "${application}" may not send with the null sender <>.`,
  fix: 'Give MAIL FROM an address that reads bounces. The null sender is for bounces and automatic replies only.',
})

const envelopeFault = (check: string, sender: string, fault: string): Reason => ({
  rule: `${check}.envelope-unparsable`,
  text: 'The envelope sender (MAIL FROM) is not a mail address.',
  fix:
    fault === 'domain-trailing-dot'
      ? 'Remove the dot at the end of the domain: in mail a domain has none.'
      : 'Give MAIL FROM one plain address, such as <billing@example.com>, without name and comments.',
  evidence: { sender: firstFew([sender]), fault },
})

const missingFrom = (check: string): Reason => ({
  rule: `${check}.from-missing`,
  text: 'The message has no From header field.',
  fix: 'Add one From field with the address that the message is from. It must stand before the first empty line.',
})

const headerTooLong = (check: string, faults: string[]): Reason => ({
  rule: `${check}.header-too-long`,
  text: `The header has more than ${maxHeaderFields} fields or ${maxHeaderBytes} bytes, so that not all senders in it can be checked.`,
  fix: 'Send fewer and shorter header fields. Check whether a loop or a library adds fields over and over.',
  evidence: { faults },
})

const severalFrom = (check: string, input: CheckInput): Reason => ({
  rule: `${check}.from-several-fields`,
  text: 'The message has several From header fields, and mail programs differ in which one they show.',
  fix: 'Send one From field. Check whether a library adds another to yours.',
  evidence: { from: firstFew(fromValues(input)) },
})

function unparsableFrom(check: string, input: CheckInput): Reason {
  const values = fromValues(input)
  const lists = values.map(parseAddressList)
  const faults = lists.flatMap((list) => list.faults.map(({ code }) => code))
  const evidence = { from: firstFew(values), faults: firstFew(faults) }
  if (lists.every(({ mailboxes }) => mailboxes.length === 0) && faults.every((code) => code === 'address-missing')) {
    return {
      rule: `${check}.from-without-address`,
      text: 'The From header field has no address in it.',
      fix: 'Write From: Name <address>. A name alone, an empty field or an empty group says nothing about the sender.',
      evidence,
    }
  }
  return {
    rule: `${check}.from-unparsable`,
    text: 'The From header field is not written as an address, so that mail programs may read different senders from it.',
    fix: 'Write From: Name <address>. Put a name with special characters, such as a comma or an at sign, in double quotes.',
    evidence,
  }
}

const fromValues = (input: CheckInput): readonly string[] => headerValues(input.headerBlock, 'from')
