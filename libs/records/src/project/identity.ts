/** An address as statistics name it: what varies from message to message is a star, so that a VERP sender is one identity. */

/** At most so many characters of an address are kept. */
const maxChars = 254

/**
 * In lower case. `a+anything@` is `a+*@`; what stands after `=` (VERP writes the recipient's address so), long numbers and long
 * hexadecimal words in the local part are stars.
 */
export function identityOf(address: string): string {
  const lower = address.toLowerCase().slice(0, maxChars)
  const at = lower.lastIndexOf('@')
  if (at < 0) return lower
  const local = lower
    .slice(0, at)
    .replace(/\+.*$/, '+*')
    .replace(/[^-_.]*=.*$/, '*')
    .replaceAll(/[0-9a-f]*\d[0-9a-f]{7,}|\d{4,}/g, '*')
  return local + lower.slice(at)
}

/** The domain of an address; empty for the null sender and what has none. */
export const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1 || address.length)
