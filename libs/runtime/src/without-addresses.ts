/** A line without mail addresses, wherever they stand: in an error of a next hop, a reply, a name that is one. */

/** A local part as RFC 5322 and 6531 have it, or a quoted one as JSON writes it, and a domain or an address literal. */
const address =
  /(?:\\"[^"\\]{0,64}\\"|[\p{L}\p{N}.!#$%&'*+=?^_`{|}~-]{1,64})@(?:[\p{L}\p{N}](?:[\p{L}\p{N}.-]{0,252})|\[[\w:.]{1,64}\])/gu

export const withoutAddresses = (line: string): string => (line.includes('@') ? line.replace(address, '[address]') : line)
