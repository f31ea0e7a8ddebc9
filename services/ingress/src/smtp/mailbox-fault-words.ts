/** What is wrong with an address, for whoever made the program that sent it. */
import type { MailboxFault } from '@sallyport/mail'

export const mailboxFaultWords: Readonly<Record<MailboxFault, string>> = {
  empty: 'it is empty',
  'too-long': 'it is longer than 254 octets',
  'at-missing': 'it has no @',
  'route-syntax': 'its source route is broken: leave it out',
  'local-part-empty': 'nothing stands before the @',
  'local-part-syntax': 'what stands before the @ is none: quote it where it has special characters',
  'local-part-too-long': 'what stands before the @ is longer than 64 octets',
  'literal-syntax': 'the address literal after the @ is broken',
  'domain-empty': 'nothing stands after the @',
  'domain-syntax': 'what stands after the @ is no domain',
  'domain-too-long': 'its domain is longer than 253 octets',
  'domain-trailing-dot': 'its domain ends with a dot, leave that out',
  'domain-idna': 'its domain is no international domain name',
}
