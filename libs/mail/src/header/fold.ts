/** Folding of header fields (RFC 5322 §2.1.1, §2.2.3). */

/** A line should not be longer, without its line end. */
export const foldAt = 78

/**
 * Joins words into one field with its line end. A line is at most 78 octets unless a single word is longer. The words must
 * have no line ends; a word of several parts is not broken.
 */
export function fold(words: readonly string[]): string {
  let field = ''
  let lineOctets = 0
  for (const word of words) {
    const octets = Buffer.byteLength(word)
    const separator = field === '' ? '' : lineOctets + 1 + octets <= foldAt ? ' ' : '\r\n '
    lineOctets = (separator === ' ' ? lineOctets : 0) + Math.min(separator.length, 1) + octets
    field += separator + word
  }
  return `${field}\r\n`
}
