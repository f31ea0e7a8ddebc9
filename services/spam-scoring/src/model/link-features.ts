/** Links of a message as features: how many, to how many hosts, and the shapes of hosts and paths. Never whose hosts they are. */
import type { HtmlLink } from '@sallyport/mail'
import { isSmall } from './character-class.ts'
import { counted, defineFact, defineToken, levelOf, logLevel } from './fact.ts'
import type { FeatureBag } from './feature-bag.ts'

/** More links than this are counted and not looked at. */
const maxLinks = 100
const maxTargetChars = 500

const links = defineFact('links', 'links', (count) => counted(count, 'link'))
const hosts = defineFact('links', 'link-hosts', (count) => `links to ${counted(count, 'different host')}`)
const density = defineFact('links', 'link-density', (count) => `a link for each ${Math.round(count)} characters of text`)
const addressHost = defineFact('links', 'address-host', (count) => `${counted(count, 'link')} to a bare IP address`)
const encodedHost = defineFact(
  'links',
  'encoded-host',
  (count) => `${counted(count, 'link')} to a punycode or percent-encoded host`,
)
const withPort = defineFact('links', 'link-port', (count) => `${counted(count, 'link')} with a port`)
const withUser = defineFact('links', 'link-user', (count) => `${counted(count, 'link')} with a user name before the host`)
const mailLinks = defineFact('links', 'mail-links', (count) => counted(count, 'mail link'))
const foreignText = defineFact('links', 'foreign-text', (count) => `${counted(count, 'link')} whose text names another host`)
const emptyText = defineFact('links', 'empty-text', (count) => `${counted(count, 'link')} without text`)
const longTarget = defineFact('links', 'long-target', (chars) => `a link of ${chars} characters`)
const numberedHost = defineFact('links', 'numbered-host', (count) => `${counted(count, 'link')} to a host with digits in its name`)
const hyphenedHost = defineFact('links', 'hyphened-host', (count) => `${counted(count, 'link')} to a host with several hyphens`)
const deepHost = defineFact('links', 'deep-host', (labels) => `a link to a host of ${labels} labels`)
const sameHost = defineFact('links', 'sender-host', (count) => `${counted(count, 'link')} to a host of the sender’s domain`)
const noSenderHost = defineFact('links', 'no-sender-host', () => 'no link leads to the sender’s domain')
const topLevel = defineToken('links', 'top-level', (label) => `a link to a host below .${label}`)
const pathWord = defineToken('links', 'path-word', (word) => `a link with “${word}” in its path`)
const otherScheme = defineToken('links', 'scheme', (scheme) => `a link of scheme ${scheme}`)

export interface SeenLinks {
  readonly html: readonly HtmlLink[]
  /** Of the whole HTML body. */
  readonly htmlCount: number
  /** URLs written out in the text. */
  readonly written: readonly string[]
  readonly textChars: number
  /** Domain of From, lower-case, or empty. */
  readonly senderDomain: string
}

interface HostShape {
  readonly isAddress: boolean
  readonly isEncoded: boolean
  readonly labelCount: number
  readonly hasDigits: boolean
  readonly hasHyphens: boolean
  readonly topLevel: string
  readonly isSender: boolean
}

interface Tally {
  address: number
  encoded: number
  port: number
  user: number
  mail: number
  foreign: number
  empty: number
  numbered: number
  hyphened: number
  sender: number
  deepest: number
  longest: number
  readonly hosts: Map<string, HostShape>
  /** The last two labels of the sender's domain, or empty. */
  readonly organization: string
}

/** Adds what the links tell. */
export function addLinks(bag: FeatureBag, seen: SeenLinks): void {
  const tally: Tally = {
    address: 0,
    encoded: 0,
    port: 0,
    user: 0,
    mail: 0,
    foreign: 0,
    empty: 0,
    numbered: 0,
    hyphened: 0,
    sender: 0,
    deepest: 0,
    longest: 0,
    hosts: new Map(),
    organization: organizationOf(seen.senderDomain),
  }
  let looked = 0
  for (const link of seen.html) {
    if (looked++ >= maxLinks) break
    const host = addTarget(bag, tally, link.target)
    if (link.element === 'form') continue
    if (link.text === '') tally.empty++
    else if (host !== '' && namesAnotherHost(link.text, host)) tally.foreign++
  }
  for (const url of seen.written) {
    if (looked++ >= maxLinks) break
    addTarget(bag, tally, url)
  }
  const count = seen.htmlCount + seen.written.length
  if (count === 0) return
  bag.addFact(links, logLevel(count), count)
  bag.addFact(hosts, logLevel(tally.hosts.size), tally.hosts.size)
  bag.addFact(density, 5 - levelOf(seen.textChars / count, [30, 80, 200, 600, 2_000]), seen.textChars / count)
  bag.addFact(addressHost, logLevel(tally.address), tally.address)
  bag.addFact(encodedHost, logLevel(tally.encoded), tally.encoded)
  bag.addFact(withPort, logLevel(tally.port), tally.port)
  bag.addFact(withUser, logLevel(tally.user), tally.user)
  bag.addFact(mailLinks, logLevel(tally.mail), tally.mail)
  bag.addFact(foreignText, logLevel(tally.foreign), tally.foreign)
  bag.addFact(emptyText, logLevel(tally.empty), tally.empty)
  bag.addFact(numberedHost, logLevel(tally.numbered), tally.numbered)
  bag.addFact(hyphenedHost, logLevel(tally.hyphened), tally.hyphened)
  bag.addFact(sameHost, Math.min(1, tally.sender), tally.sender)
  bag.addFact(noSenderHost, tally.hosts.size > 0 && tally.sender === 0 ? 1 : 0, 1)
  bag.addFact(deepHost, levelOf(tally.deepest, [4, 5, 6]), tally.deepest)
  bag.addFact(longTarget, levelOf(tally.longest, [80, 150, 300]), tally.longest)
}

/** Adds one target and returns its host, or an empty string where it has none. */
function addTarget(bag: FeatureBag, tally: Tally, target: string): string {
  if (target.length > tally.longest) tally.longest = target.length
  const url = target.slice(0, maxTargetChars).trim().toLowerCase()
  if (url === '' || url.startsWith('#')) return ''
  const colon = url.indexOf(':')
  const scheme = url.startsWith('www.') ? 'http' : colon > 0 && colon < 12 ? url.slice(0, colon) : ''
  if (scheme === 'mailto') tally.mail++
  else if (scheme !== 'http' && scheme !== 'https') bag.addToken(otherScheme, /^[a-z]+$/.test(scheme) ? scheme : 'none')
  if (scheme !== 'http' && scheme !== 'https') return ''
  let start = url.startsWith('www.') ? 0 : colon + 1
  while (url.charCodeAt(start) === 0x2f || url.charCodeAt(start) === 0x5c) start++
  let end = start
  for (; end < url.length; end++) {
    const code = url.charCodeAt(end)
    if (code === 0x2f || code === 0x3f || code === 0x23 || code === 0x5c) break
  }
  const authority = url.slice(start, end)
  const at = authority.lastIndexOf('@')
  if (at !== -1) tally.user++
  const port = authority.indexOf(':', at + 1)
  if (port !== -1 && !/:(?:80|443)?$/.test(authority)) tally.port++
  const host = authority.slice(at + 1, port === -1 ? undefined : port)
  addHost(bag, tally, host)
  addPath(bag, url.slice(end))
  return host
}

function addHost(bag: FeatureBag, tally: Tally, host: string): void {
  let shape = tally.hosts.get(host)
  if (!shape) {
    shape = shapeOf(host, tally.organization)
    tally.hosts.set(host, shape)
  }
  if (shape.isEncoded) tally.encoded++
  if (shape.isAddress) {
    tally.address++
    return
  }
  if (shape.labelCount > tally.deepest) tally.deepest = shape.labelCount
  if (shape.hasDigits) tally.numbered++
  if (shape.hasHyphens) tally.hyphened++
  bag.addToken(topLevel, shape.topLevel)
  if (shape.isSender) tally.sender++
}

function shapeOf(host: string, organization: string): HostShape {
  const labels = host.split('.')
  const last = labels.at(-1) ?? ''
  return {
    isAddress: /^(?:[0-9.]+|0x[0-9a-f.x]+|\[[0-9a-f:.]+\])$/.test(host),
    isEncoded: host.includes('%') || host.includes('xn--'),
    labelCount: labels.length,
    hasDigits: /[a-z][0-9]|[0-9][a-z]/.test(host),
    hasHyphens: /-[^.]*-/.test(host),
    topLevel: /^[a-z]{2,12}$/.test(last) ? last : 'other',
    isSender: organization !== '' && (host === organization || host.endsWith(`.${organization}`)),
  }
}

/** The first six words of 3 to 14 letters. */
function addPath(bag: FeatureBag, path: string): void {
  let words = 0
  for (let at = 0; at < path.length && words < 6; at++) {
    const start = at
    while (isSmall(path.charCodeAt(at))) at++
    if (at - start < 3 || at - start > 14) continue
    words++
    bag.addToken(pathWord, path.slice(start, at))
  }
}

const hostWithin = /(?:^|[\s/@])((?:[a-z0-9-]+\.)+[a-z]{2,12})(?=$|[\s/:?])/i

/** True where the text of a link shows a host and the link leads to a host of another organization. */
function namesAnotherHost(text: string, host: string): boolean {
  const shown = hostWithin.exec(text.slice(0, 200))?.[1]?.toLowerCase()
  if (shown === undefined) return false
  return organizationOf(shown) !== organizationOf(host)
}

/** The last two labels. */
const organizationOf = (host: string): string => host.split('.').slice(-2).join('.')
