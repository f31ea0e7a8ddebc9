/** Mail domains in one form: lower-case A-labels (RFC 5321 §4.1.2, RFC 5890, UTS #46 as the URL standard applies it). */
import { domainToASCII, domainToUnicode } from 'node:url'

/** Why a domain is refused. */
export type DomainFault = 'domain-empty' | 'domain-syntax' | 'domain-too-long' | 'domain-trailing-dot' | 'domain-idna'

export type DomainResult = { readonly ok: true; readonly aDomain: string } | { readonly ok: false; readonly fault: DomainFault }

/** RFC 1035 §2.3.4 and §3.1: 255 octets on the wire are 253 in text. */
const maxDomainOctets = 253
const ldhName = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*$/
/** ASCII that no host name has; the URL parser would read some of it as something else than a host. */
const notInName = /[\0-,/:-@[-^`{-\x7f]/
const numericLast = /(?:^|\.)[0-9]+$/
const aLabel = /(?:^|\.)xn--/
const nonAscii = /[^\0-\x7f]/

/**
 * The domain in lower-case A-labels, from A-labels or U-labels in any case. Refuses address literals, IPv4 addresses, empty labels,
 * labels over 63 octets, a final dot, and labels that IDNA forbids or has to map, among them `xn--` labels that no U-label has.
 * Underscores pass: such hosts send mail. ASCII names are never given to IDNA unless a label begins with `xn--`.
 */
export function normaliseDomain(domain: string): DomainResult {
  if (domain.length === 0) return refused('domain-empty')
  if (domain.length > maxDomainOctets + 1) return refused('domain-too-long')
  const lower = domain.toLowerCase()
  if (ldhName.test(lower)) return acceptLdh(lower)
  if (lower.endsWith('.')) return refused('domain-trailing-dot')
  if (notInName.test(lower) || !nonAscii.test(lower)) return refused('domain-syntax')
  const ascii = domainToASCII(lower)
  if (ascii === '') return refused('domain-idna')
  if (!isOnlyRecased(lower, ascii)) return refused('domain-idna')
  return ldhName.test(ascii) ? acceptLdh(ascii) : refused('domain-syntax')
}

/**
 * True where IDNA changed nothing but case and composition. It also maps look-alikes (bold, full width) and drops what cannot be seen,
 * but that is for what people type (RFC 5895): on the wire those are no U-labels (RFC 5890 §2.3.2.1), and others may see another domain.
 */
function isOnlyRecased(lower: string, ascii: string): boolean {
  const written = lower.normalize('NFC').split('.')
  const mapped = domainToUnicode(ascii).split('.')
  return written.length === mapped.length && written.every((label, at) => label === mapped[at] || label.startsWith('xn--'))
}

function acceptLdh(name: string): DomainResult {
  if (name.length > maxDomainOctets) return refused('domain-too-long')
  if (numericLast.test(name)) return refused('domain-syntax')
  // What cannot be decoded is left as it was.
  if (name.includes('xn--') && aLabel.test(name) && aLabel.test(domainToUnicode(name))) return refused('domain-idna')
  return { ok: true, aDomain: name }
}

const refused = (fault: DomainFault): DomainResult => ({ ok: false, fault })

/** The domain as people read it: U-labels where IDNA gives them, otherwise the A-labels. Literals stay as they are. */
export const displayDomain = (aDomain: string): string => (aDomain.includes('xn--') ? domainToUnicode(aDomain) || aDomain : aDomain)
