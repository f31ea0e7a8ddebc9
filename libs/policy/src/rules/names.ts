/** Whether a domain, an address or a network is one, and what to write instead. */
import { isWildcardDomain } from '../domain-matcher.ts'
import { toALabel } from '../domain-name.ts'
import type { Findings, Path } from '../fault.ts'
import { parseAddressPattern, parseMailAddress } from '../mail-address.ts'
import { type Network, parseNetwork } from '../network.ts'
import { quoted } from '../value-words.ts'

/** Reports what is no `example.com` or `*.example.com`. */
export function checkDomainPattern(text: string, path: Path, findings: Findings): void {
  const name = isWildcardDomain(text) ? text.slice(2) : text
  if (toALabel(name) !== undefined) {
    if (!isWildcardDomain(text) || name.includes('.')) return
    findings.fault(path, `${quoted(text)} would authorize a whole top-level domain`, 'Name the domain: "*.example.com"')
    return
  }
  findings.fault(path, `${quoted(text)} is not a domain`, domainHint(text))
}

function domainHint(text: string): string {
  const afterAt = text.slice(text.lastIndexOf('@') + 1)
  if (text.includes('@') && toALabel(afterAt) !== undefined) {
    return `Write the domain without "@": ${quoted(afterAt)}; single addresses belong under "addresses"`
  }
  const bare = text.replace(/^\.+/, '').trim()
  if (text.startsWith('.') && toALabel(bare) !== undefined) return `Write ${quoted(`*.${bare}`)} for every subdomain`
  if (text === '*') return 'A policy that authorizes every domain checks nothing: name the domains'
  return 'Write "example.com", or "*.example.com" for every subdomain'
}

/** Reports what is no address, and returns its domain where it is one. */
export function checkAddress(text: string, path: Path, findings: Findings): string | undefined {
  const parts = parseMailAddress(text)
  if (parts === undefined) findings.fault(path, `${quoted(text)} is not a mail address`, addressHint(text, 'user@example.com'))
  return parts?.domain
}

/** The same for a pattern such as `prefix-*@example.com`. */
export function checkAddressPattern(text: string, path: Path, findings: Findings): string | undefined {
  const parts = parseAddressPattern(text)
  if (parts !== undefined) return parts.domain
  const hint = text.includes('*')
    ? 'A "*" stands alone or at the end before the "@": "*@example.com", "prefix-*@example.com"'
    : addressHint(text, '*@example.com')
  findings.fault(path, `${quoted(text)} is not a mail address or pattern`, hint)
  return undefined
}

function addressHint(text: string, example: string): string {
  const inBrackets = /<([^<>]+)>/.exec(text)?.[1]
  if (inBrackets !== undefined && parseMailAddress(inBrackets)) return `Write the address alone: ${quoted(inBrackets)}`
  return `Write for example ${quoted(example)}`
}

/** Reports what is no network, and returns the network where it is one. */
export function checkNetwork(text: string, path: Path, findings: Findings): Network | undefined {
  const network = parseNetwork(text)
  if (!('problem' in network)) return network
  if (network.problem === 'host-bits' && network.meant !== undefined) {
    const single = quoted(text.replace(/\/.*/, ''))
    findings.fault(
      path,
      `${quoted(text)} has bits set behind its prefix`,
      `Write ${quoted(network.meant)} for the network, or ${single} for the one address`,
    )
  } else {
    findings.fault(path, `${quoted(text)} is not a network`, networkHint(text))
  }
  return undefined
}

function networkHint(text: string): string {
  const [, prefix] = /\/(\d+)$/.exec(text) ?? []
  if (prefix !== undefined && Number(prefix) > (text.includes(':') ? 128 : 32)) {
    return `The prefix goes from /0 to ${text.includes(':') ? '/128' : '/32'}`
  }
  if (/\/255\./.test(text)) return 'Write the prefix length, not the mask: "10.1.0.0/24"'
  if (/-/.test(text)) return 'Write a range as networks: "10.1.0.0/24"'
  if (/[a-zA-Z]/.test(text) && !text.includes(':')) return 'Write IP addresses, host names are not looked up: "10.1.0.25"'
  return 'Write for example "10.1.0.0/24", "2001:db8:1::/48" or "10.1.0.25"'
}
