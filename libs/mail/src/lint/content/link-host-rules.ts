/** Rules on the hosts that links lead to. */
import { domainToUnicode } from 'node:url'
import { shown, shownAll } from '../evidence.ts'
import type { LintRule } from '../port.ts'
import { isPrivateAddress } from './links/address-host.ts'
import { foundLinks, isClicked, isWeb } from './links/found-links.ts'
import { labelFault } from './links/label-scripts.ts'
import { type Link, linksOf } from './links/links-of.ts'
import { shortenerHosts } from './links/shorteners.ts'

const maxDomains = 12
/** Under the domain of a shortener, yet of one site: places on Google Maps. */
const mapsHost = 'maps.app.goo.gl'
/** Names that exist within a network only (RFC 6762, RFC 8375, RFC 6761, and what administrators use). */
const internalName = /(?:^|\.)(?:local|localhost|localdomain|lan|internal|intranet|corp|home|private|home\.arpa)$/

const isInternal = (link: Link): boolean => {
  if (!isWeb(link) || link.host === '') return false
  if (link.addressForm !== undefined) return isPrivateAddress(link.host)
  return internalName.test(link.host) || !link.host.includes('.')
}

export const linkHostRules: readonly LintRule[] = [
  {
    id: 'spam.link-to-address',
    points: 3,
    text: 'A link leads to a bare IP address instead of a host name.',
    fix: 'Give the server a name in DNS with a certificate, and link to that name.',
    reference: 'RFC 3986 §7.6',
    why: 'Companies have names. Links to addresses are what taken-over machines send, and blocklists of hosts cannot be asked about them.',
    find: (input) =>
      foundLinks(
        input,
        (link) => (link.addressForm === 'dotted' || link.addressForm === 'ipv6') && isWeb(link) && !isPrivateAddress(link.host),
      ),
  },
  {
    id: 'spam.link-disguised-address',
    points: 5,
    text: 'A link leads to an IP address that is written so that people do not see it: as one number, in hexadecimal or in octal.',
    fix: 'Link to a host name.',
    reference: 'RFC 3986 §7.4',
    why: 'Nobody writes addresses that way but to hide them from people and from filters.',
    find: (input) => foundLinks(input, (link) => link.addressForm === 'disguised' && isWeb(link)),
  },
  {
    id: 'spam.link-internal',
    points: 0.7,
    text: 'A link leads to a host that exists in your own network only.',
    fix: 'Set the base URL of the application to its public name; often it is still localhost or the name of a container.',
    reference: 'RFC 1918 §3, RFC 6762 §3',
    why: 'The link is dead for every recipient, and filters count hosts that cannot be looked up.',
    find: (input) => foundLinks(input, isInternal),
  },
  {
    id: 'spam.link-shortener',
    points: 1.5,
    text: 'A link goes through a public URL shortener, so that nobody sees where it leads.',
    fix: 'Link to your own host. Where links are counted, let a subdomain of yours count them.',
    reference: 'M3AAWG Sender Best Common Practices §5',
    why: 'Spammers hide behind shorteners, so many receivers list their domains whole: your mail is judged by what others shorten.',
    find: (input) =>
      foundLinks(
        input,
        (link) => isClicked(link) && link.host !== mapsHost && (shortenerHosts.has(link.host) || shortenerHosts.has(link.domain)),
      ),
  },
  {
    id: 'spam.link-international',
    points: 0.3,
    text: 'A link leads to an international host name in its coded form (xn--…).',
    fix: 'Nothing, where the name is yours. Otherwise look whether it is the one that you mean.',
    reference: 'RFC 5891, UTS #39',
    why: 'Look-alike names are made with them, so filters look twice.',
    find: (input) => foundLinks(input, (link) => link.host.includes('xn--')),
  },
  {
    id: 'spam.link-look-alike',
    points: 4,
    text: 'A link leads to a host name that is made to look like another: letters of several scripts, or foreign letters that look Latin.',
    fix: 'Take the link out. If your application did not write it, somebody else did.',
    reference: 'UTS #39 §4 and §5.1',
    why: 'No language is written so. It is how phishing imitates names.',
    find(input) {
      const hosts = new Set<string>()
      for (const { host } of linksOf(input)) if (host.includes('xn--') && labelFault(host) !== undefined) hosts.add(host)
      if (hosts.size === 0) return undefined
      return { hosts: shownAll([...hosts]), seen: shown(domainToUnicode([...hosts][0] ?? '')) }
    },
  },
  {
    id: 'spam.link-encoded-host',
    points: 3,
    text: 'The host of a link is percent-encoded, so that people cannot read it.',
    fix: 'Write the host as it is; only the path and the query are encoded.',
    reference: 'RFC 3986 §3.2.2, §7.6',
    why: 'Encoding a host serves to get past filters that compare names.',
    find: (input) => foundLinks(input, (link) => link.isHostEncoded && isWeb(link)),
  },
  {
    id: 'spam.link-many-domains',
    points: 0.1,
    text: `The links lead to more than ${maxDomains} different domains.`,
    fix: 'Link to your own site and let it link on.',
    reference: 'Recommendation of mailbox providers',
    why: 'Receivers judge a mail by the worst of the domains in it: the more there are, the likelier one is listed.',
    find(input) {
      const domains = new Set<string>()
      for (const link of linksOf(input)) if (isClicked(link) && link.domain !== '') domains.add(link.domain)
      return domains.size > maxDomains ? { domains: domains.size, first: shownAll([...domains]) } : undefined
    },
  },
]
