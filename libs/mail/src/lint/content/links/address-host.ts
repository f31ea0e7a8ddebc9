/** Hosts that are IP addresses, in every way in which browsers read them (URL standard §3.5, "ends in a number"). */
import { isIPv6 } from 'node:net'

/** `dotted` is four decimal numbers; `disguised` anything else that browsers take for IPv4: one number, hex, octal, fewer parts. */
export type AddressForm = 'dotted' | 'disguised' | 'ipv6'

export interface AddressHost {
  /** `192.0.2.1`, or `[2001:db8::1]`. */
  readonly host: string
  readonly form: AddressForm
}

const number = /^(?:0x[0-9a-f]{0,8}|0[0-7]{0,12}|[1-9]\d{0,9})$/

/** The address that a lower-case host is, or undefined where it is a name. */
export function readAddressHost(host: string): AddressHost | undefined {
  if (host.startsWith('[')) {
    return isIPv6(host.slice(1, -1)) && host.endsWith(']') ? { host, form: 'ipv6' } : undefined
  }
  const first = host.charCodeAt(0)
  if (!(first >= 0x30 && first <= 0x39) || host.length > 60) return undefined
  const parts = host.split('.')
  if (parts.length > 4 || !parts.every((part) => number.test(part))) return undefined
  const values = parts.map((part) =>
    part.startsWith('0x') ? Number.parseInt(part.slice(2) || '0', 16) : Number.parseInt(part, part.startsWith('0') ? 8 : 10),
  )
  const last = values.pop() ?? 0
  if (values.some((value) => value > 255) || last >= 256 ** (4 - values.length)) return undefined
  const address = values.reduce((sum, value, at) => sum + value * 256 ** (3 - at), last)
  const usual = [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.')
  return { host: usual, form: usual === host ? 'dotted' : 'disguised' }
}

/** True for addresses that mean nothing on the Internet (RFC 1918, RFC 3927, RFC 4193, RFC 6598, loopback). */
export function isPrivateAddress(host: string): boolean {
  if (host.startsWith('[')) return /^\[(?:::1\]|f[cd]|fe[89ab])/.test(host)
  const [a = 0, b = 0] = host.split('.', 2).map(Number)
  return (
    a === 10 ||
    a === 127 ||
    a === 0 ||
    (a === 172 && b >= 16 && b < 32) ||
    (a === 192 && b === 168) ||
    (a === 169 && b === 254) ||
    (a === 100 && b >= 64 && b < 128)
  )
}
