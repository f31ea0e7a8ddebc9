/** MAIL and RCPT with the parameters that the next hop takes (RFC 5321, 1870, 6152, 6531, 3461). */
import { encodeOriginalRecipient, encodeXtext } from '@sallyport/mail'
import type { Capabilities } from './capabilities.ts'
import type { Transaction, TransactionRecipient } from './next-hop.ts'

export function mailCommand(transaction: Transaction, offered: Capabilities): string {
  let line = `MAIL FROM:<${transaction.sender}>`
  if (offered.size) line += ` SIZE=${transaction.contentBytes}`
  if (offered.eightBitMime && transaction.is8Bit) line += ' BODY=8BITMIME'
  if (offered.smtpUtf8 && transaction.needsSmtpUtf8) line += ' SMTPUTF8'
  if (offered.dsn) {
    if (transaction.ret) line += ` RET=${transaction.ret}`
    if (transaction.envelopeId) line += ` ENVID=${encodeXtext(transaction.envelopeId)}`
  }
  return line
}

export function rcptCommand(recipient: TransactionRecipient, offered: Capabilities): string {
  let line = `RCPT TO:<${recipient.address}>`
  if (!offered.dsn) return line
  if (recipient.notify?.length) line += ` NOTIFY=${recipient.notify.join(',')}`
  if (recipient.originalRecipient) line += ` ORCPT=${encodeOriginalRecipient(recipient.originalRecipient)}`
  return line
}

/** True for what cannot stand in a command line without starting another. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
export const isUnsafeAddress = (address: string): boolean => /[\u0000-\u001f\u007f]/.test(address)
