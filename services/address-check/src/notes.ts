/** What is worth knowing about Sender and Reply-To. None of it makes the check fail. */
import { type CheckInput, firstFew, shortened } from '@sallyport/checker'
import type { Reason } from '@sallyport/contracts'
import type { AuthorizedAddresses } from './authorized-addresses.ts'

export function notes({ identities }: CheckInput, authorized: AuthorizedAddresses): readonly Reason[] {
  const found: Reason[] = []
  const { sender } = identities
  if (sender && authorized.allows(sender) === 'no') {
    found.push({
      rule: 'address.sender-foreign',
      text: 'The Sender field names an address that the application may not send as.',
      evidence: { sender: shortened(sender.address) },
    })
  }
  const replyTo = identities.replyTo.filter((mailbox) => authorized.allows(mailbox) === 'no')
  if (replyTo.length > 0) {
    found.push({
      rule: 'address.reply-to-foreign',
      text: 'Replies go to an address that the application may not send as.',
      evidence: { replyTo: firstFew(replyTo.map(({ address }) => address)) },
    })
  }
  return found
}
