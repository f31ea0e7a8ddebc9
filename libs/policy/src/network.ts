/** IP networks and addresses as bytes: four of IPv4, sixteen of IPv6, IPv4-mapped IPv6 as IPv4 (RFC 4291 §2.5.5.2). */
import ipaddr from 'ipaddr.js'

export interface Network {
  readonly bytes: Uint8Array
  readonly prefixBits: number
  /** As one writes it: `10.1.0.0/24`. The same for every spelling of the same network. */
  readonly text: string
}

export type NetworkProblem = 'not-a-network' | 'host-bits'

const mappedPrefixBits = 96

/**
 * Reads `10.1.0.0/24`, `2001:db8::/32` or a single address. A network whose host bits are set is a `host-bits` problem that
 * carries the network that may be meant. IPv4 must be four decimal parts; zones are refused.
 */
export function parseNetwork(text: string): Network | { readonly problem: NetworkProblem; readonly meant?: string } {
  const [, address = '', prefix] = /^([0-9a-fA-F:.]+)(?:\/([0-9]{1,3}))?$/.exec(text) ?? []
  const bytes = parseAddress(address)
  if (bytes === undefined) return { problem: 'not-a-network' }
  const isMapped = bytes.length === 4 && address.includes(':')
  const widthBits = bytes.length * 8
  const prefixBits = prefix === undefined ? widthBits : Number(prefix) - (isMapped ? mappedPrefixBits : 0)
  if (prefixBits < 0 || prefixBits > widthBits) return { problem: 'not-a-network' }
  const network = masked(bytes, prefixBits)
  const written = `${ipaddr.fromByteArray([...network]).toString()}/${prefixBits}`
  if (network.some((byte, index) => byte !== bytes[index])) return { problem: 'host-bits', meant: written }
  return { bytes: network, prefixBits, text: written }
}

/** The bytes of an address as a socket reports it; undefined where it is none. IPv4 costs no allocation but the result. */
export function parseAddress(text: string): Uint8Array | undefined {
  if (!text.includes(':')) return parseIpv4(text)
  const zone = text.indexOf('%')
  const address = zone === -1 ? text : text.slice(0, zone)
  if (address.startsWith('::ffff:') && address.includes('.')) return parseIpv4(address.slice(7))
  if (!ipaddr.IPv6.isValid(address)) return undefined
  const parsed = ipaddr.IPv6.parse(address)
  return Uint8Array.from(parsed.isIPv4MappedAddress() ? parsed.toIPv4Address().toByteArray() : parsed.toByteArray())
}

function parseIpv4(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(4)
  let part = 0
  let value = 0
  let digits = 0
  for (let index = 0; index <= text.length; index++) {
    const code = index === text.length ? 46 : text.charCodeAt(index)
    if (code === 46) {
      if (digits === 0 || value > 255 || part > 3) return undefined
      bytes[part++] = value
      value = 0
      digits = 0
    } else {
      const isLeadingZero = digits > 0 && value === 0
      if (code < 48 || code > 57 || digits === 3 || isLeadingZero) return undefined
      value = value * 10 + code - 48
      digits++
    }
  }
  return part === 4 ? bytes : undefined
}

function masked(bytes: Uint8Array, prefixBits: number): Uint8Array {
  return bytes.map((byte, index) => byte & (0xff00 >> Math.min(8, Math.max(0, prefixBits - index * 8))))
}

const widestIpv4Bits = 8
const widestIpv6Bits = 16
const localNetworks = ['fc00::/7', 'fe80::/10', 'fd00::/8']

/**
 * True for a network so wide that it stands for anybody: IPv4 wider than a /8, IPv6 wider than a /16 (nobody holds such
 * a network), but for the local ranges of IPv6. Halves of 0.0.0.0/0 are covered by this.
 */
export function isAnybody(network: Network): boolean {
  const widestBits = network.bytes.length === 4 ? widestIpv4Bits : widestIpv6Bits
  return network.prefixBits < widestBits && !localNetworks.includes(network.text)
}
