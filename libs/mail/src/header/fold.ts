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
    if (lineOctets === 0) field += word
    else if (lineOctets + 1 + octets <= foldAt) field += ` ${word}`
    else {
      field += `\r\n ${word}`
      lineOctets = 0
    }
    lineOctets += octets + 1
  }
  return `${field}\r\n`
}
