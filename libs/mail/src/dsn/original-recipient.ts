/** The ORCPT parameter (RFC 3461 §4.2, RFC 6533 §3): an address type, `;`, and an address that travels encoded. */
import { decodeUtf8AddrXtext, decodeXtext, encodeUtf8AddrXtext, encodeXtext } from '../address/xtext.ts'

const addressType = /^[A-Za-z0-9-]{1,20}$/
/** RFC 3461 §4.2: the whole value is at most 500 characters. */
const maxParameterChars = 500

/** ORCPT as it stood in RCPT, decoded to `type;address`; undefined where it is not well formed. The type is in lower case. */
export function decodeOriginalRecipient(parameter: string): string | undefined {
  const semicolon = parameter.indexOf(';')
  if (semicolon <= 0 || parameter.length > maxParameterChars) return undefined
  const type = parameter.slice(0, semicolon).toLowerCase()
  if (!addressType.test(type)) return undefined
  const encoded = parameter.slice(semicolon + 1)
  const address = type === 'utf-8' ? (decodeUtf8AddrXtext(encoded) ?? decodeXtext(encoded)) : decodeXtext(encoded)
  return address ? `${type};${address}` : undefined
}

/** A decoded `type;address` as ORCPT sends it. Addresses beyond ASCII become `utf-8;` and utf-8-addr-xtext. Printable ASCII, always. */
export function encodeOriginalRecipient(originalRecipient: string): string {
  const semicolon = originalRecipient.indexOf(';')
  const type = originalRecipient.slice(0, semicolon)
  const address = originalRecipient.slice(semicolon + 1)
  if (type === 'utf-8' || /[^\0-\x7f]/.test(address)) return `utf-8;${encodeUtf8AddrXtext(address)}`
  return `${addressType.test(type) ? type : 'rfc822'};${encodeXtext(address)}`
}
