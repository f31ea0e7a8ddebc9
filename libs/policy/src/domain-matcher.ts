/** Authorized sender domains, ready for one question per identity of a message. */
import type { CompiledApplication } from './compiled.ts'
import { toALabel } from './domain-name.ts'

export interface DomainMatcher {
  /**
   * The pattern, as written in the policy, that authorizes this domain; undefined where none does. A-labels and U-labels are
   * alike, case and a final dot do not matter. The exact pattern wins, then the longest wildcard. What is no domain name
   * matches nothing. Costs one look-up per label.
   */
  matches(domain: string): string | undefined
  /** Every pattern, as written. */
  readonly patterns: readonly string[]
}

/** True for `*.example.com`, which stands for every subdomain at any depth and never for `example.com` itself. */
export const isWildcardDomain = (pattern: string): boolean => pattern.startsWith('*.')

/** A matcher for patterns such as `example.com` and `*.example.com`. Patterns that are no domain names match nothing. */
export function domainMatcher(patterns: readonly string[]): DomainMatcher {
  const exact = new Map<string, string>()
  const below = new Map<string, string>()
  for (const pattern of patterns) {
    const wildcard = isWildcardDomain(pattern)
    const name = toALabel(wildcard ? pattern.slice(2) : pattern)
    const target = wildcard ? below : exact
    if (name !== undefined && !target.has(name)) target.set(name, pattern)
  }
  return {
    patterns,
    matches(domain) {
      const name = toALabel(domain)
      if (name === undefined) return undefined
      const found = exact.get(name)
      if (found !== undefined || below.size === 0) return found
      for (let dot = name.indexOf('.'); dot !== -1; dot = name.indexOf('.', dot + 1)) {
        const pattern = below.get(name.slice(dot + 1))
        if (pattern !== undefined) return pattern
      }
      return undefined
    },
  }
}

/** The sender domains that this application may use: its own (`senders.domains`) and the organization's. */
export const authorizedDomains = (application: CompiledApplication): DomainMatcher => application.authorizedDomains
