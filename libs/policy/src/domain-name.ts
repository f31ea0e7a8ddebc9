/** Domain names in one form: A-labels, lower case, without the final dot (RFC 5890, RFC 1034 §3.1). */

const plainName = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*$/
/** Characters that would make the URL parser see something else than a host. */
const notInHost = /[\0-\x20"#%/:<>?@[\\\]^`{|}\x7f]/
const maxNameOctets = 253

/**
 * The A-label form of a domain name that is written with A-labels or U-labels, in any case, with or without the final dot.
 * Undefined where it is no domain name: empty labels, labels over 63 octets, address literals, IPv4 addresses, labels that IDNA forbids.
 * ASCII names cost no parsing. Underscores pass, since such hosts exist.
 */
export function toALabel(domain: string): string | undefined {
  const lower = (domain.endsWith('.') ? domain.slice(0, -1) : domain).toLowerCase()
  if (plainName.test(lower)) return isName(lower) ? lower : undefined
  if (lower.length > maxNameOctets || notInHost.test(lower) || /^[\0-\x7f]*$/.test(lower)) return undefined
  const host = URL.parse(`http://${lower}`)?.hostname
  return host !== undefined && plainName.test(host) && isName(host) ? host : undefined
}

/** What ends in digits only is an IPv4 address, whole or cut short. */
const isName = (name: string): boolean => name.length <= maxNameOctets && !/(?:^|\.)[0-9]+$/.test(name)
