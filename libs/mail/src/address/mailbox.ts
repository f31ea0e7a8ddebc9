/** Envelope addresses: the Mailbox of RFC 5321 §4.1.2, internationalized by RFC 6531 §3.3. */
import { normaliseAddressLiteral } from './address-literal.ts'
import { type DomainFault, normaliseDomain } from './domain.ts'
import { hasForbiddenCharacters, isDotString, readQuotedLocalPart, writeLocalPart } from './local-part.ts'

/** An address in one form: two addresses are the same mailbox exactly when `address` is equal (local parts keep their case). */
export interface Mailbox {
  /** NFC; quoted only where it must be, so `"a"@x` has `a`. */
  readonly localPart: string
  /** As written. */
  readonly domain: string
  /** Lower-case A-labels, or a literal in brackets (`[192.0.2.1]`, `[IPv6:2001:db8::1]`). */
  readonly aDomain: string
  readonly kind: 'name' | 'literal'
  /** `localPart@aDomain`. */
  readonly address: string
  /** True where the local part has more than ASCII: it cannot be sent without SMTPUTF8. */
  readonly needsSmtpUtf8: boolean
}

export type MailboxFault =
  | 'empty'
  | 'too-long'
  | 'at-missing'
  | 'route-syntax'
  | 'local-part-empty'
  | 'local-part-syntax'
  | 'local-part-too-long'
  | 'literal-syntax'
  | DomainFault

export type MailboxResult = ({ readonly ok: true } & Mailbox) | { readonly ok: false; readonly fault: MailboxFault }

/** RFC 5321 §4.5.3.1.1. */
const maxLocalPartOctets = 64
/** RFC 5321 §4.5.3.1.3: a path is at most 256 octets with its angle brackets. */
const maxAddressOctets = 254
const plain =
  /^([\w!#$%&'*+\-/=?^`{|}~]+(?:\.[\w!#$%&'*+\-/=?^`{|}~]+)*)@([a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*)$/
const nonAscii = /[^\0-\x7f]/

/**
 * Parses an address without angle brackets, as MAIL FROM and RCPT TO carry it. A source route (`@a,@b:user@c`) is taken off, as
 * RFC 5321 §4.1.1.3 asks. White space, comments and the null sender (`''`: fault `empty`) are no mailbox. Never throws.
 */
export function parseMailbox(text: string): MailboxResult {
  const simple = text.length <= maxAddressOctets ? plain.exec(text) : null
  if (simple) return finish(simple[1] ?? '', simple[1] ?? '', simple[2] ?? '')
  if (text === '') return refused('empty')
  const address = text.startsWith('@') ? withoutRoute(text) : text
  if (address === undefined) return refused('route-syntax')
  // The cheap bound first, so that what follows is bounded too.
  if (address.length > maxAddressOctets || Buffer.byteLength(address) > maxAddressOctets) return refused('too-long')
  if (hasForbiddenCharacters(address)) return refused('local-part-syntax')
  if (address.startsWith('"')) {
    const quoted = readQuotedLocalPart(address, 0)
    if (!quoted) return refused('local-part-syntax')
    if (address[quoted.end] !== '@') return refused(quoted.end === address.length ? 'at-missing' : 'local-part-syntax')
    return finish(address.slice(0, quoted.end), writeLocalPart(quoted.content), address.slice(quoted.end + 1))
  }
  const at = address.indexOf('@')
  if (at === -1) return refused('at-missing')
  if (at === 0) return refused('local-part-empty')
  const localPart = address.slice(0, at)
  if (!isDotString(localPart)) return refused('local-part-syntax')
  return finish(localPart, nonAscii.test(localPart) ? localPart.normalize('NFC') : localPart, address.slice(at + 1))
}

function finish(written: string, localPart: string, domain: string): MailboxResult {
  const needsSmtpUtf8 = nonAscii.test(localPart)
  // NFC makes some characters longer.
  const octets = needsSmtpUtf8 ? Math.max(Buffer.byteLength(written), Buffer.byteLength(localPart)) : written.length
  if (octets > maxLocalPartOctets) return refused('local-part-too-long')
  if (domain.startsWith('[')) {
    const literal = normaliseAddressLiteral(domain)
    return literal === undefined ? refused('literal-syntax') : mailbox(localPart, domain, literal, 'literal', needsSmtpUtf8)
  }
  const name = normaliseDomain(domain)
  return name.ok ? mailbox(localPart, domain, name.aDomain, 'name', needsSmtpUtf8) : name
}

function mailbox(localPart: string, domain: string, aDomain: string, kind: Mailbox['kind'], needsSmtpUtf8: boolean): MailboxResult {
  const address = `${localPart}@${aDomain}`
  // A-labels are longer than the U-labels that were written.
  if ((needsSmtpUtf8 ? Buffer.byteLength(address) : address.length) > maxAddressOctets) return refused('too-long')
  return { ok: true, localPart, domain, aDomain, kind, address, needsSmtpUtf8 }
}

/** RFC 5321 A-d-l: `@a,@b:`. Undefined where the route is not well formed. */
function withoutRoute(text: string): string | undefined {
  const colon = text.indexOf(':')
  if (colon === -1 || colon > 1_000) return undefined
  for (const hop of text.slice(0, colon).split(',')) {
    if (!hop.startsWith('@') || !normaliseDomain(hop.slice(1)).ok) return undefined
  }
  return text.slice(colon + 1)
}

const refused = (fault: MailboxFault): MailboxResult => ({ ok: false, fault })
