/** The PROXY protocol header, versions 1 and 2, as its specification of 2020 has it (haproxy.org, proxy-protocol.txt). */
import { isIPv4, isIPv6 } from 'node:net'

export type ProxyHeader =
  | { readonly state: 'incomplete' }
  | { readonly state: 'invalid'; readonly why: string }
  | {
      readonly state: 'whole'
      readonly headerBytes: number
      /** Who connected to the proxy. Undefined for the proxy's own connections (LOCAL, UNKNOWN): then it is the proxy itself. */
      readonly source: { readonly address: string; readonly port: number } | undefined
    }

const signature = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1')
const v1Start = Buffer.from('PROXY ')
/** §2.1: the longest line of version 1, with its CRLF. */
const maxV1Bytes = 107
/** Addresses and TLVs of version 2. More than any proxy sends. */
const maxV2Bytes = 4096
const v2HeadBytes = 16

/** Reads what came so far. Never throws. Nothing behind the header is looked at. */
export function parseProxyHeader(bytes: Buffer): ProxyHeader {
  if (startsAlike(bytes, signature)) return bytes.length < v2HeadBytes ? incomplete : parseV2(bytes)
  if (startsAlike(bytes, v1Start)) return parseV1(bytes)
  return invalid('there is none')
}

/** True where one of them begins with the other. */
function startsAlike(bytes: Buffer, start: Buffer): boolean {
  const length = Math.min(bytes.length, start.length)
  return bytes.subarray(0, length).equals(start.subarray(0, length))
}

function parseV1(bytes: Buffer): ProxyHeader {
  const end = bytes.subarray(0, maxV1Bytes).indexOf('\r\n')
  if (end === -1) return bytes.length >= maxV1Bytes ? invalid('the line is too long') : incomplete
  const headerBytes = end + 2
  const [, family, source = '', destination = '', port = '', destinationPort = '', ...more] = bytes
    .toString('latin1', 0, end)
    .split(' ')
  if (family === 'UNKNOWN') return { state: 'whole', headerBytes, source: undefined }
  const isAddress = family === 'TCP4' ? isIPv4 : family === 'TCP6' ? isIPv6 : undefined
  if (!isAddress || more.length > 0) return invalid('it is not TCP4, TCP6 or UNKNOWN with two addresses and two ports')
  if (!isAddress(source) || !isAddress(destination)) return invalid('an address is not one of its family')
  if (!isPort(port) || !isPort(destinationPort)) return invalid('a port is not a number up to 65535')
  return { state: 'whole', headerBytes, source: { address: source, port: Number(port) } }
}

const isPort = (text: string): boolean => /^(?:0|[1-9][0-9]{0,4})$/.test(text) && Number(text) <= 65_535

function parseV2(bytes: Buffer): ProxyHeader {
  const versionAndCommand = bytes.readUInt8(12)
  const family = bytes.readUInt8(13)
  const bodyBytes = bytes.readUInt16BE(14)
  if (versionAndCommand >> 4 !== 2) return invalid('its version is not 2')
  const command = versionAndCommand & 0xf
  if (command > 1) return invalid('its command is neither LOCAL nor PROXY')
  if (bodyBytes > maxV2Bytes) return invalid('it is too long')
  const headerBytes = v2HeadBytes + bodyBytes
  if (bytes.length < headerBytes) return incomplete
  const body = bytes.subarray(v2HeadBytes, headerBytes)
  if (command === 0) return { state: 'whole', headerBytes, source: undefined }
  if (family === 0x11 && bodyBytes >= 12) {
    return { state: 'whole', headerBytes, source: { address: [...body.subarray(0, 4)].join('.'), port: body.readUInt16BE(8) } }
  }
  if (family === 0x21 && bodyBytes >= 36) {
    return { state: 'whole', headerBytes, source: { address: ipv6Text(body), port: body.readUInt16BE(32) } }
  }
  return invalid('its addresses are not those of TCP over IPv4 or IPv6')
}

/** As a URL writes it: compressed, lower case. IPv4-mapped addresses become IPv4. */
function ipv6Text(bytes: Buffer): string {
  const words = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(2 * index))
  const isMapped = words.slice(0, 5).every((word) => word === 0) && words[5] === 0xffff
  if (isMapped) return [...bytes.subarray(12, 16)].join('.')
  return new URL(`http://[${words.map((word) => word.toString(16)).join(':')}]`).hostname.slice(1, -1)
}

const incomplete: ProxyHeader = { state: 'incomplete' }
const invalid = (why: string): ProxyHeader => ({ state: 'invalid', why })
