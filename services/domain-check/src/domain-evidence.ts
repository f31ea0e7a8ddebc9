/** What helps to see why a domain is not authorized: how it reads, what it imitates, whose subdomain it is. */
import { firstFew } from '@sallyport/checker'
import { displayDomain } from '@sallyport/mail'
import type { CompiledApplication } from '@sallyport/policy'
import { isMixedScript, lookAlike } from './look-alike.ts'

export interface DomainEvidence {
  readonly domains: string[]
  readonly authorized: string[]
  /** The domains as people read them, where that differs. */
  readonly unicode?: string[]
  /** Domains with a label of several scripts, as people read them. */
  readonly mixedScripts?: string[]
  /** Authorized domains that these look like. */
  readonly resembles?: string[]
  /** Authorized domains whose subdomains these are. */
  readonly subdomainOf?: string[]
  readonly [key: string]: string[]
}

export function domainEvidence(domains: string[], application: CompiledApplication): DomainEvidence {
  const { patterns } = application.authorizedDomains
  const evidence: Record<string, string[]> & DomainEvidence = { domains, authorized: firstFew(patterns) }
  const add = (key: string, values: readonly (string | undefined)[]): void => {
    const few = firstFew(values.filter((value) => value !== undefined))
    if (few.length > 0) evidence[key] = few
  }
  const shown = domains.map(displayDomain)
  add(
    'unicode',
    shown.filter((name, index) => name !== domains[index]),
  )
  add('mixedScripts', shown.filter(isMixedScript))
  add(
    'resembles',
    shown.map((name) => lookAlike(name, patterns)),
  )
  add(
    'subdomainOf',
    domains.map((domain) => parentOf(domain, application)),
  )
  return evidence
}

/** The nearest authorized domain above this one. */
function parentOf(domain: string, { authorizedDomains }: CompiledApplication): string | undefined {
  for (let dot = domain.indexOf('.'); dot !== -1; dot = domain.indexOf('.', dot + 1)) {
    const parent = domain.slice(dot + 1)
    if (authorizedDomains.matches(parent) !== undefined) return parent
  }
  return undefined
}
