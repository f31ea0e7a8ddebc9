/** Mail addresses and address patterns as the policy writes them (RFC 5321 §4.1.2, RFC 6531). */
import { toALabel } from './domain-name.ts'

export interface AddressParts {
  /** As written. */
  readonly localPart: string
  /** A-label, lower case. */
  readonly domain: string
}

const maxLocalOctets = 64
/** dot-string with the letters of RFC 6531; quoted local parts are not for a policy. */
const localPart = /^[\p{L}\p{N}\p{M}!#$%&'*+/=?^_`{|}~-]+(?:\.[\p{L}\p{N}\p{M}!#$%&'*+/=?^_`{|}~-]+)*$/u

/** The parts of `user@example.com`, or undefined. */
export function parseMailAddress(text: string): AddressParts | undefined {
  const at = text.lastIndexOf('@')
  const local = text.slice(0, Math.max(0, at))
  const domain = toALabel(text.slice(at + 1))
  const isLocal = localPart.test(local) && new TextEncoder().encode(local).length <= maxLocalOctets
  return isLocal && domain !== undefined ? { localPart: local, domain } : undefined
}

/** The parts of `user@example.com`, `*@example.com` or `prefix-*@example.com`, or undefined. */
export function parseAddressPattern(text: string): AddressParts | undefined {
  const at = text.lastIndexOf('@')
  const local = text.slice(0, Math.max(0, at))
  const wildcard = local.indexOf('*')
  if (wildcard === -1) return parseMailAddress(text)
  if (wildcard !== local.length - 1) return undefined
  const literal = parseMailAddress(`${local.slice(0, -1)}x${text.slice(at)}`)
  return literal && { localPart: local, domain: literal.domain }
}
