/** Rules on how links are written. */
import { shown } from '../evidence.ts'
import type { LintEvidence, LintInput, LintRule } from '../port.ts'
import { isClickTracker } from './links/click-trackers.ts'
import { foundLinks, isClicked, isWeb, shownLink } from './links/found-links.ts'
import { type Link, linksOf } from './links/links-of.ts'
import { namedHost } from './links/named-host.ts'
import { organizationalDomain } from './links/organizational-domain.ts'

const maxUrlChars = 1_500
const usualPorts = new Set([80, 443, 8080, 8443])
const scriptSchemes = new Set(['javascript', 'vbscript', 'livescript', 'data'])
const fileSchemes = new Set(['file', 'smb', 'ms-msdt', 'search-ms', 'ms-appinstaller'])
/** A path of Windows, or the name of a drive. */
const windowsPath = /^(?:[a-z]:[\\/]|\\\\[\w.-]+\\)/i
const placeholder =
  /\{\{|\}\}|\$\{|<%|%>|\{%|\*\||%%[a-z_]{2,40}%%|\[%|%7[bB]%7[bB]|\/(?:undefined|null|NaN)(?:[/?#]|$)|\[object Object\]|\[object%20Object\]/

/** Before the domain, with at most a host's other labels between. */
const innerScheme = /https?(?::|%3a)(?:\/|%2f){2}[a-z0-9.-]{0,60}$/

interface Mismatch {
  readonly named: string
  readonly link: Link
}

/** The first link whose text names another domain than the one that it leads to. */
function mismatch(input: LintInput, isThroughCounter: boolean): Mismatch | undefined {
  const sender = organizationalDomain(input.identities.from[0]?.aDomain ?? '')
  for (const link of linksOf(input)) {
    if (link.where !== 'html' || link.host === '' || !isWeb(link)) continue
    const named = namedHost(link.text)
    if (named === undefined) continue
    const domain = organizationalDomain(named)
    if (domain === link.domain || link.domain === '') continue
    // The sender's own host that counts clicks, a mail service's, or any host that says where it sends the reader on.
    const isCounter = link.domain === sender || isClickTracker(link.domain, link.host) || namesInPath(link, domain)
    if (isCounter === isThroughCounter) return { named, link }
  }
  return undefined
}

/** A URL of that domain within the URL, plain or encoded, as redirectors have it. */
function namesInPath({ target, host }: Link, domain: string): boolean {
  const lower = target.toLowerCase()
  const behindHost = lower.indexOf(host) + host.length
  for (let at = lower.indexOf(domain, behindHost); at !== -1; at = lower.indexOf(domain, at + 1)) {
    if (innerScheme.test(lower.slice(Math.max(behindHost, at - 80), at))) return true
  }
  return false
}

const mismatchEvidence = (found: Mismatch | undefined): LintEvidence | undefined =>
  found === undefined ? undefined : { text: shown(found.named), target: shownLink(found.link) }

export const linkFormRules: readonly LintRule[] = [
  {
    id: 'spam.link-text-mismatch',
    points: 2.5,
    text: 'The text of a link shows one address, and the link leads to another.',
    fix: 'Let the text be words, or show the address that the link leads to.',
    reference: 'M3AAWG Anti-Phishing Best Practices',
    why: 'It is the oldest trick of phishing, and mail readers warn of it or take the link away.',
    find: (input) => mismatchEvidence(mismatch(input, false)),
  },
  {
    id: 'spam.link-text-tracked',
    points: 0.3,
    text: 'The text of a link shows one address, and the link leads there by way of a host that counts clicks.',
    fix: 'Let the text be words rather than an address, or do not count this link.',
    reference: 'M3AAWG Sender Best Common Practices §5',
    why: 'Some filters cannot tell it from phishing.',
    find: (input) => mismatchEvidence(mismatch(input, true)),
  },
  {
    id: 'spam.link-user-info',
    points: 3.5,
    text: 'A link has a user name before the host (https://name@host/), which people take for the host.',
    fix: 'Leave the part before the @ out. Never put credentials into a link.',
    reference: 'RFC 3986 §7.6',
    why: 'https://bank.example@evil.example leads to evil.example. Browsers drop or warn of it.',
    find: (input) => foundLinks(input, (link) => link.userInfo !== undefined && isWeb(link)),
  },
  {
    id: 'spam.link-runs-script',
    points: 4,
    text: 'A link or form runs a script or opens content from within itself (javascript:, vbscript:, data:).',
    fix: 'Link to a page on the web.',
    reference: 'RFC 2397, HTML standard §7.4.2.1',
    why: 'No mail reader follows such links; only attacks have them.',
    find: (input) => foundLinks(input, (link) => isClicked(link) && scriptSchemes.has(link.scheme)),
  },
  {
    id: 'spam.link-to-file',
    points: 2,
    text: 'A link leads to a file on a disk or a share (file:, \\\\server\\share, C:\\…).',
    fix: 'Put the file on a web server, or attach it.',
    reference: 'RFC 8089',
    why: 'It is dead for everybody else, and such links make Windows give away the password of the reader.',
    find: (input) => foundLinks(input, (link) => fileSchemes.has(link.scheme) || windowsPath.test(link.target)),
  },
  {
    id: 'spam.link-port',
    points: 0.5,
    text: 'A link has an unusual port.',
    fix: 'Serve the page on the usual port, behind a proxy if need be.',
    reference: 'RFC 3986 §3.2.3',
    why: 'Firewalls of recipients often let only 80 and 443 out, and taken-over machines serve on odd ports.',
    find: (input) => foundLinks(input, (link) => link.port !== undefined && !usualPorts.has(link.port) && isWeb(link)),
  },
  {
    id: 'spam.link-without-tls',
    points: 0.1,
    text: 'A link is http instead of https.',
    fix: 'Write https://, and see that the host has a certificate.',
    reference: 'RFC 8461 §1, recommendation of mailbox providers',
    why: 'Browsers warn of such pages, and anybody on the way can read and change them.',
    find: (input) => foundLinks(input, (link) => link.scheme === 'http' && link.where !== 'text'),
  },
  {
    id: 'spam.link-long',
    points: 0.3,
    text: `A link is longer than ${maxUrlChars} characters.`,
    fix: 'Keep what the link is to carry on the server, under a short key.',
    reference: 'RFC 9110 §4.1',
    why: 'Mail readers break or cut such links.',
    find: (input) => foundLinks(input, (link) => isClicked(link) && isWeb(link) && link.target.length > maxUrlChars),
  },
  {
    id: 'spam.link-placeholder',
    points: 1,
    text: 'A link has a variable of a template that was not filled in.',
    fix: 'See that every variable has a value before the message is sent.',
    reference: 'Recommendation of mailbox providers',
    why: 'The link is dead, and spam software is known for it.',
    find: (input) => foundLinks(input, (link) => placeholder.test(link.target)),
  },
  {
    id: 'spam.link-relative',
    points: 0.3,
    text: 'A link or image has a relative address, which leads nowhere in a mail.',
    fix: 'Write the whole URL, with https:// and the host.',
    reference: 'RFC 2557 §5',
    why: 'A mail has no place of its own that an address could be relative to: the link is dead, the image is missing.',
    find(input) {
      if (input.html?.baseTarget !== undefined) return undefined
      return foundLinks(input, ({ scheme, where, target }) => scheme === '' && where !== 'text' && isRelative(target))
    },
  },
]

/** `#top` stays within the mail; what is empty, a template's or a path of Windows is told elsewhere. */
const isRelative = (target: string): boolean =>
  target !== '' && !target.startsWith('#') && !placeholder.test(target) && !windowsPath.test(target)
