/** A mail transaction: what MAIL and RCPT said, and the policy that was current at MAIL. */
import type { Client, Recipient } from '@sallyport/contracts'
import type { Envelope, RecipientCounts } from './limits/throttle-door.ts'
import type { MailParameters } from './smtp/envelope-parameters.ts'

export interface Transaction extends Envelope {
  readonly client: Client
  readonly isExtended: boolean
  readonly parameters: MailParameters
  readonly recipients: Recipient[]
  /** Of the recipients, as far as they are told apart. */
  readonly mailboxes: Set<string>
  /** Of the recipients, as far as enforced limits concern them. */
  readonly counts: RecipientCounts
  /** Of the recipients as JSON, and of their indexes where a record lists those that remain. */
  recipientBytes: number
  /** That of `RCPT TO:<postmaster>`. */
  readonly postmasterDomain: string
  readonly maxMessageBytes: number
  /** Gives its place among the unsettled messages free. Idempotent. */
  readonly release: () => void
  /** The client is known to be gone: nobody will hear the reply. */
  isGone: boolean
}
