/** The Received field that we put in front (RFC 5321 §4.4, RFC 3848, RFC 6531 §4.3). */
import { isIPv6 } from 'node:net'
import { parseMailbox } from '../address/mailbox.ts'
import { formatDate } from './date.ts'
import { fold } from './fold.ts'

export interface ReceivedFacts {
  /** As the client said it; anything that is no host name or literal is made harmless. */
  readonly helo: string
  readonly clientAddress: string
  /** Our host name. */
  readonly by: string
  readonly protocol: ProtocolFacts
  readonly id: string
  /** Protocol and cipher, for a comment. */
  readonly tls?: string | undefined
  /** Name it only where the message has one recipient: `for` must not tell others of a Bcc (RFC 5321 §7.2). */
  readonly forRecipient?: string | undefined
  /** Ms since the epoch. */
  readonly date: number
}

export interface ProtocolFacts {
  /** EHLO rather than HELO. */
  readonly extended: boolean
  readonly smtpUtf8: boolean
  readonly tls: boolean
  readonly authenticated: boolean
}

/** The `with` keyword: SMTP, ESMTP, ESMTPS, ESMTPA, ESMTPSA (RFC 3848) and their UTF8SMTP forms (RFC 6531 §4.3). */
export function protocolKeyword({ extended, smtpUtf8, tls, authenticated }: ProtocolFacts): string {
  if (!extended && !smtpUtf8 && !tls && !authenticated) return 'SMTP'
  return `${smtpUtf8 ? 'UTF8SMTP' : 'ESMTP'}${tls ? 'S' : ''}${authenticated ? 'A' : ''}`
}

/** The whole field with its line end, folded at 78 where words allow it. Nothing that the client said can end a line or a comment. */
export function receivedField(facts: ReceivedFacts): string {
  const address = isIPv6(facts.clientAddress) ? `IPv6:${facts.clientAddress}` : facts.clientAddress
  const words = ['Received:', 'from', harmless(facts.helo) || 'unknown', `([${harmless(address)}])`, 'by', harmless(facts.by)]
  words.push('with', protocolKeyword(facts.protocol), 'id', harmless(facts.id))
  if (facts.tls)
    words.push(
      `(${facts.tls
        .slice(0, 70)
        .replace(/[^\w.-]+/g, ' ')
        .trim()})`,
    )
  const recipient = facts.forRecipient === undefined ? undefined : parseMailbox(facts.forRecipient)
  if (recipient?.ok) words.push('for', `<${recipient.address}>`)
  const last = words.pop() ?? ''
  return fold([...words, `${last};`, formatDate(facts.date)])
}

/** Only what a host name or an address literal is made of; at most 255 characters. */
const harmless = (text: string): string => text.slice(0, 255).replace(/[^A-Za-z0-9._:[\]-]/g, '?')
