/** What is worth knowing about the other identities of a message. None of it makes the check fail. */
import { type CheckContext, type CheckInput, firstFew, shortened } from '@sallyport/checker'
import type { Reason } from '@sallyport/contracts'
import { type HeaderMailbox, parseMailbox } from '@sallyport/mail'

export function notes(input: CheckInput, context: CheckContext): readonly Reason[] {
  const { identities } = input
  const { authorizedDomains, name } = context.application
  const isStranger = ({ aDomain }: HeaderMailbox): boolean => authorizedDomains.matches(aDomain) === undefined
  const found: Reason[] = []
  // Several From fields are a finding of their own.
  if (identities.fromFieldCount === 1 && identities.faults.includes('missing-sender')) {
    found.push({
      rule: 'domain.sender-missing',
      text: 'From has several mailboxes, and no Sender field says which of them sent the message (RFC 5322 section 3.6.2).',
      fix: 'Add a Sender field with one address, or send From one address.',
      evidence: { from: firstFew(identities.from.map(({ address }) => address)) },
    })
  }
  if (identities.faults.includes('from-obsolete')) {
    found.push({
      rule: 'domain.from-obsolete',
      text: 'The From header field is written in a form that RFC 5322 allows for reading only: some programs may read another address.',
      fix: 'Write From: Name <address>, without comments or spaces in the address and without a route.',
    })
  }
  if (identities.sender && isStranger(identities.sender)) {
    found.push({
      rule: 'domain.sender-foreign',
      text: `The Sender field names ${identities.sender.aDomain}, a domain that application "${name}" may not send as.`,
      evidence: { sender: shortened(identities.sender.address) },
    })
  }
  const replyTo = identities.replyTo.filter(isStranger)
  if (replyTo.length > 0) {
    found.push({
      rule: 'domain.reply-to-foreign',
      text: 'Replies go to a domain that is not ours.',
      evidence: { replyTo: firstFew(replyTo.map(({ address }) => address)) },
    })
  }
  const shown = identities.from.filter((mailbox) => showsOther(mailbox, context))
  if (shown.length > 0) {
    found.push({
      rule: 'domain.display-name-foreign',
      text: 'A display name in From shows an address of another domain than the message is from.',
      fix: 'Put a name into the display name, not an address.',
      evidence: { displayNames: firstFew(shown.map(({ display }) => display)) },
    })
  }
  return found
}

const addressLike = /[^\s<>"'(),;:@]{1,64}@[^\s<>"'(),;:@]{1,253}/g

/** The display name has an address in it, of a domain that is neither that of the mailbox nor authorized. */
function showsOther({ display, aDomain }: HeaderMailbox, { application }: CheckContext): boolean {
  if (!display.includes('@')) return false
  for (const [text] of display.matchAll(addressLike)) {
    const shown = parseMailbox(text.replace(/\.+$/, ''))
    if (shown.ok && shown.aDomain !== aDomain && application.authorizedDomains.matches(shown.aDomain) === undefined) return true
  }
  return false
}
