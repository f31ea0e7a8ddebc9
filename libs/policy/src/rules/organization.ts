/** The organization, mail of unregistered systems, bounces. */
import { domainMatcher } from '../domain-matcher.ts'
import type { Findings } from '../fault.ts'
import { isAnybody } from '../network.ts'
import { below, items, type Place, text, texts } from '../place.ts'
import { quoted } from '../value-words.ts'
import { checkAddress, checkDomainPattern, checkNetwork } from './names.ts'

export function checkOrganization(document: Place, findings: Findings): void {
  const domains = below(document, 'organization', 'domains')
  for (const { text, path } of texts(domains)) checkDomainPattern(text, path, findings)
  checkOwnNetworks(document, findings)
  checkBounceFrom(
    document,
    texts(domains).map(({ text }) => text),
    findings,
  )
}

function checkOwnNetworks(document: Place, findings: Findings): void {
  const takesUnregistered = below(document, 'unregistered', 'mode').value === 'monitor'
  const networks = below(document, 'organization', 'networks')
  for (const { text, path } of texts(networks)) {
    const network = checkNetwork(text, path, findings)
    if (network === undefined || !isAnybody(network)) continue
    const message = `${quoted(text)} stands for anybody on the Internet`
    const hint = 'Name the networks that are yours'
    if (takesUnregistered) findings.fault(path, `${message}, and with "unregistered: monitor" all of them could relay`, hint)
    else findings.warn(path, message, hint)
  }
  if (takesUnregistered && items(networks).length === 0 && (networks.value === undefined || Array.isArray(networks.value))) {
    findings.fault(
      ['unregistered', 'mode'],
      'is monitor, but the organization names no networks from which mail of unregistered systems may come',
      'Add "networks:" to "organization", or set the mode to off',
    )
  }
}

function checkBounceFrom(document: Place, domains: readonly string[], findings: Findings): void {
  const from = below(document, 'bounces', 'from')
  const written = text(from)
  if (written === undefined) return
  const domain = checkAddress(written, from.path, findings)
  if (domain === undefined || domainMatcher(domains).matches(domain) !== undefined) return
  findings.warn(from.path, `${quoted(written)} is not of a domain of the organization`, 'Use an address of one of its domains')
}
