/** Applications: their names, owners, senders, and what they refer to. */

import { closestWord } from '../closest-word.ts'
import { unregistered } from '../compiled.ts'
import { domainMatcher } from '../domain-matcher.ts'
import type { Findings } from '../fault.ts'
import { below, entries, isPresent, items, type Place, text, texts } from '../place.ts'
import { quoted } from '../value-words.ts'
import { checkAddress, checkAddressPattern, checkDomainPattern } from './names.ts'

export function checkApplications(document: Place, findings: Findings): void {
  const applications = items(below(document, 'applications'))
  checkApplicationNames(applications, findings)
  const organizationDomains = texts(below(document, 'organization', 'domains')).map(({ text }) => text)
  const routes = entries(below(document, 'routes')).map(([name]) => name)
  const directories = entries(below(document, 'directories')).map(([name]) => name)
  for (const application of applications) {
    const owner = below(application, 'owner')
    const address = text(owner)
    if (address !== undefined) checkAddress(address, owner.path, findings)
    checkSenders(below(application, 'senders'), organizationDomains, findings)
    checkReference(below(application, 'route'), 'route', 'routes', routes, findings)
    for (const [index, directory] of items(below(application, 'senders', 'directories')).entries()) {
      checkReference(
        { ...directory, path: [...application.path, 'senders', 'directories', index] },
        'directory',
        'directories',
        directories,
        findings,
      )
    }
  }
}

function checkApplicationNames(applications: readonly Place[], findings: Findings): void {
  const seen = new Map<string, number>()
  for (const [index, application] of applications.entries()) {
    const place = below(application, 'name')
    const name = text(place)
    if (name === undefined) continue
    const earlier = seen.get(name)
    if (name === unregistered) {
      findings.fault(place.path, `${quoted(name)} is the name for systems that no application names`, 'Choose another name')
    } else if (earlier !== undefined) {
      findings.fault(
        place.path,
        `${quoted(name)} is already the name of application ${earlier + 1}`,
        'Rename or remove one of the two',
      )
    } else {
      seen.set(name, index)
    }
  }
}

function checkReference(place: Place, one: string, many: string, known: readonly string[], findings: Findings): void {
  const name = text(place)
  if (name === undefined || known.includes(name)) return
  const meant = closestWord(name, known)
  const declared = known.length === 0 ? `No ${many} are declared: add "${name}" to "${many}"` : `Declared are ${known.join(', ')}`
  findings.fault(
    place.path,
    `there is no ${one} ${quoted(name)}`,
    meant === undefined ? declared : `Did you mean ${quoted(meant)}?`,
  )
}

function checkSenders(senders: Place, organizationDomains: readonly string[], findings: Findings): void {
  const domains = texts(below(senders, 'domains'))
  for (const { text, path } of domains) checkDomainPattern(text, path, findings)
  const authorized = domainMatcher([...domains.map(({ text }) => text), ...organizationDomains])
  for (const { text, path } of texts(below(senders, 'addresses'))) {
    const domain = checkAddressPattern(text, path, findings)
    if (domain === undefined || authorized.matches(domain) !== undefined) continue
    findings.warn(
      path,
      `the domain of ${quoted(text)} is not authorized, so that the domain check fails for it`,
      `Add ${quoted(domain)} to "domains" of these senders or of the organization`,
    )
  }
}

/** Without any address the check has nothing to judge by: it answers `unavailable`, whatever the message. */
export function checkHasAddresses(application: Place, findings: Findings): void {
  const senders = below(application, 'senders')
  const hasAny = ['addresses', 'directories'].some((key) => items(below(senders, key)).length > 0)
  if (hasAny || (isPresent(senders) && typeof senders.value !== 'object')) return
  findings.warn(
    senders.path,
    'names no addresses and no directories, while the address check is enforced: it is unavailable for every message, and "whenUnavailable" decides',
    'Add "addresses:" or "directories:", for example ["*@example.com"]',
  )
}
