/** Puts back addresses where those who published a corpus took them out: what they wrote instead names the source. */
import { createHash } from 'node:crypto'

/** The recipient of every stripped message. */
export const recipient = 'customer@recipient.example'

/** The collectors' own addresses, as they are or as they were masked. */
const collectors =
  /(?:\bphish(?:ing)?@pot\b|\b[\w.+%-]+@(?:[\w-]+\.)*(?:jmason\.org|netnoteinc\.com|slashnull\.org|spamassassin\.taint\.org)\b|\b(?:zzzz|yyyy)[\w.+-]*@(?:[\w-]+\.)+[a-z]{2,})/gi

/**
 * Pure. A collector's address becomes the constant recipient; `[removed]` becomes an address that occurs in no other
 * message, so that nothing can be learned from it.
 */
export function withoutRedaction(text: string, id: string): string {
  return text.replace(collectors, recipient).replaceAll('[removed]', () => inventedAddress(id))
}

/** A mask inside a word (its letters happened to be somebody's name) is cut out: the word says nothing, the mask everything. */
export function withoutMaskInWords(text: string): string {
  return text.replace(/(?<=[\w%=+-])phishing@pot|phishing@pot(?=\w)/g, '')
}

/** The same for the same id: letters without meaning, of a domain that names nobody. */
export function inventedAddress(id: string): string {
  const letters = createHash('sha256')
    .update(`address ${id}`)
    .digest('hex')
    .replace(/[0-9]/g, (digit) => 'ghijklmnop'[Number(digit)] ?? 'q')
  return `${letters.slice(0, 7)}@${letters.slice(7, 15)}.com`
}
