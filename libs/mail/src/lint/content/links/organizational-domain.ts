/** The domain that somebody registered, by the public suffix list (RFC 9091 §3.3, DMARC's organizational domain). */
import { getDomain } from 'tldts'

const options = { extractHostname: false, validateHostname: false, detectIp: false, mixedInputs: false, allowPrivateDomains: true }

/** Of a lower-case host; the host itself where it is an address, a public suffix or unknown. `a.github.io` is somebody's own. */
export function organizationalDomain(host: string): string {
  // The links of a message mostly lead to one host.
  if (host !== lastHost) {
    lastDomain = getDomain(host, options) ?? host
    lastHost = host
  }
  return lastDomain
}

let lastHost: string | undefined
let lastDomain = ''
