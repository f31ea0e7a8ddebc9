/** Who is behind an envelope, in one form: sender, sender domain, and the organizations that the recipients belong to. */
import { getDomain } from 'tldts'
import { normaliseDomain } from './domain.ts'
import { parseMailbox } from './mailbox.ts'

export interface SenderNames {
  readonly sender: string
  readonly domain: string
}

/** The null sender, which has no domain: its messages share one bucket. */
const nullSender: SenderNames = { sender: '<>', domain: '<>' }

/** Local parts count without their case: who may send `Info@` and `info@` gets no second bucket for it. */
export function senderNames(sender: string): SenderNames {
  if (sender === '') return nullSender
  const mailbox = parseMailbox(sender)
  if (mailbox.ok) return { sender: mailbox.address.toLowerCase(), domain: mailbox.aDomain }
  // Ingress refuses what is no address; should one come all the same, it must not escape its limit.
  const text = sender.toLowerCase()
  return { sender: text, domain: text.slice(text.lastIndexOf('@') + 1) }
}

const maxKnown = 20_000
const known = new Map<string, string>()

/**
 * The organizational domain of an address: the name below its public suffix, so that `mx1.example.co.uk` and `example.co.uk`
 * are one. With the private part of the list, since customers of `uk.com` are organizations of their own with mail servers of
 * their own. What has none (an address literal, a single label, a public suffix) stands for itself; an address without a
 * domain (RFC 5321 §4.1.1.3: postmaster) is ours.
 */
export function recipientDomain(address: string): string {
  const domain = address.slice(address.lastIndexOf('@') + 1)
  if (domain.length === address.length) return 'localhost'
  let found = known.get(domain)
  if (found === undefined) {
    if (known.size >= maxKnown) known.clear()
    found = organizationalDomain(domain)
    known.set(domain, found)
  }
  return found
}

const organizational = { allowPrivateDomains: true } as const

function organizationalDomain(written: string): string {
  const normal = normaliseDomain(written)
  const domain = normal.ok ? normal.aDomain : written.toLowerCase()
  return getDomain(domain, organizational) ?? domain
}
