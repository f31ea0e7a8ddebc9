/** Address literals (RFC 5321 §4.1.3): `[192.0.2.1]` and `[IPv6:2001:db8::1]`. No other tag was ever registered. */
import { isIPv6 } from 'node:net'

const ipv4 = /^\[([0-9]{1,3})\.([0-9]{1,3})\.([0-9]{1,3})\.([0-9]{1,3})\]$/
const ipv6 = /^\[IPv6:([0-9a-f:.]{2,45})\]$/i

/** The literal in one form (no leading zeros; RFC 5952 for IPv6), brackets included; undefined where it is none. */
export function normaliseAddressLiteral(text: string): string | undefined {
  const four = ipv4.exec(text)
  if (four) {
    const octets = four.slice(1).map(Number)
    return octets.every((octet) => octet <= 255) ? `[${octets.join('.')}]` : undefined
  }
  const six = ipv6.exec(text)?.[1]
  if (six === undefined || !isIPv6(six)) return undefined
  const host = URL.parse(`http://[${six}]/`)?.hostname
  return host === undefined ? undefined : `[IPv6:${host.slice(1)}`
}
