/** The target of a link as a browser takes it (URL standard §4.4), with what is unusual about how it is written. */
import { domainToASCII } from 'node:url'
import { type AddressForm, readAddressHost } from './address-host.ts'

export interface Target {
  /** Lower-case, without colon; empty for a relative reference. */
  readonly scheme: string
  /** Lower-case, A-labels, percent-encoding undone; an IP address in its usual form, IPv6 in brackets; empty where there is none. */
  readonly host: string
  /** Undefined where it is the scheme's own. */
  readonly port: number | undefined
  /** What stands before the `@`, at most 100 characters, or undefined. */
  readonly userInfo: string | undefined
  /** Undefined where the host is a name. */
  readonly addressForm: AddressForm | undefined
  readonly isHostEncoded: boolean
}

const schemePattern = /^[a-z][a-z0-9+.-]{0,30}:/
/** Tab and line ends go wherever they stand, other controls at the ends. */
const dropped = /[\t\r\n]/g
const maxHeadChars = 1_000
const defaultPorts: ReadonlyMap<string, number> = new Map([
  ['http', 80],
  ['https', 443],
  ['ftp', 21],
])
const nothing: Target = {
  scheme: '',
  host: '',
  port: undefined,
  userInfo: undefined,
  addressForm: undefined,
  isHostEncoded: false,
}

/** Only the first 1,000 characters are read, where every host has room. `www.` without a scheme counts as http. Never throws. */
export function readTarget(written: string): Target {
  return readUsual(written) ?? readAny(written)
}

/** Most by far: `https://` and a host in small letters, which nothing follows that could be of it. */
function readUsual(written: string): Target | undefined {
  const start = written.startsWith('https://') ? 8 : written.startsWith('http://') ? 7 : -1
  const first = written.charCodeAt(start)
  if (start === -1 || !(first >= 0x61 && first <= 0x7a)) return undefined
  let end = start
  for (let code = first; isOfUsualHost(code) && end < maxHeadChars; code = written.charCodeAt(++end));
  const next = written.charCodeAt(end)
  if (end < written.length && next !== 0x2f && next !== 0x3f && next !== 0x23) return undefined
  if (written.charCodeAt(end - 1) === 0x2e) return undefined
  const scheme = start === 8 ? 'https' : 'http'
  const host = written.slice(start, end)
  return { scheme, host, port: undefined, userInfo: undefined, addressForm: undefined, isHostEncoded: false }
}

const isOfUsualHost = (code: number): boolean =>
  (code >= 0x61 && code <= 0x7a) || (code >= 0x30 && code <= 0x39) || code === 0x2d || code === 0x2e

function readAny(written: string): Target {
  const head = written.length > maxHeadChars ? written.slice(0, maxHeadChars) : written
  const text = (/[\0-\x20]/.test(head) ? withoutControls(head) : head).replaceAll('\\', '/')
  const scheme = schemePattern.exec(text.slice(0, 32).toLowerCase())?.[0].slice(0, -1)
  if (scheme !== undefined && !defaultPorts.has(scheme)) {
    // `example.com:8080/path` is a host and a port.
    return scheme.includes('.') && /^\d/.test(text.slice(scheme.length + 1)) ? readAuthority('http', text) : { ...nothing, scheme }
  }
  if (scheme !== undefined) return readAuthority(scheme, text.slice(scheme.length + 1).replace(/^\/{1,8}/, ''))
  if (text.startsWith('//')) return readAuthority('https', text.slice(2))
  if (/^www\./i.test(text)) return readAuthority('http', text)
  return nothing
}

const withoutControls = (text: string): string =>
  text
    .replace(dropped, '')
    .replace(/^[\0-\x20]+/, '')
    .trimEnd()

function readAuthority(scheme: string, rest: string): Target {
  const end = rest.search(/[/?#]/)
  const authority = end === -1 ? rest : rest.slice(0, end)
  const at = authority.lastIndexOf('@')
  const userInfo = at === -1 ? undefined : authority.slice(0, at).slice(0, 100)
  const hostPort = authority.slice(at + 1)
  const colon = hostPort.startsWith('[') ? hostPort.indexOf(':', hostPort.indexOf(']')) : hostPort.indexOf(':')
  const rawHost = colon === -1 ? hostPort : hostPort.slice(0, colon)
  const portText = colon === -1 ? '' : hostPort.slice(colon + 1)
  const port = /^\d{1,5}$/.test(portText) ? Number(portText) : undefined
  const isHostEncoded = rawHost.includes('%')
  const host = plainHost(isHostEncoded ? percentDecoded(rawHost) : rawHost)
  const address = readAddressHost(host)
  return {
    scheme,
    host: address?.host ?? host,
    port: port === defaultPorts.get(scheme) ? undefined : port,
    userInfo,
    addressForm: address?.form,
    isHostEncoded,
  }
}

function plainHost(text: string): string {
  const lower = text.toLowerCase()
  const ascii = /[^\0-\x7f]/.test(lower) ? domainToASCII(lower.slice(0, 255)) || lower : lower
  return ascii.endsWith('.') ? ascii.slice(0, -1) : ascii
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
