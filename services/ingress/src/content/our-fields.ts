/** The header fields that ingress puts in front of a message. */
import { receivedField } from '@sallyport/mail'
import type { Transaction } from '../transaction.ts'

/** `Received:` (RFC 5321 §4.4) and `X-Sallyport-Id:`, with their line ends. `date` in ms since the epoch. */
export function ourFields(transaction: Transaction, messageId: string, by: string, date: number): Buffer {
  const { client, recipients, parameters } = transaction
  const received = receivedField({
    helo: client.helo,
    clientAddress: client.address,
    by,
    protocol: {
      extended: transaction.isExtended,
      smtpUtf8: parameters.smtpUtf8 === true,
      tls: client.tls !== undefined,
      authenticated: client.authIdentity !== undefined,
    },
    id: messageId,
    tls: client.tls,
    forRecipient: recipients.length === 1 ? recipients[0]?.address : undefined,
    date,
  })
  return Buffer.from(`${received}X-Sallyport-Id: ${messageId}\r\n`, 'utf8')
}
