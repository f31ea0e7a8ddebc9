/** Header fields of messages that we make: encoded (RFC 2047), folded, and safe against line ends in what others said. */
import { fold, foldAt } from '../header/fold.ts'
import { maxLineOctets } from './transfer-form.ts'

const encodedWordChars = 75
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
const controls = /[\0-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+/gu

/** One line of text: each run of control characters and line ends becomes a space, lone surrogates too. */
export const oneLine = (text: string): string => text.replace(controls, ' ').trim()

/** An unstructured field with its line end, as encoded words where the text is more than printable ASCII. `name` must be a field name. */
export function textField(name: string, text: string): string {
  const line = oneLine(text)
  const words = line.split(/ +/)
  // Text that looks like an encoded word would be decoded.
  if (isAscii(line) && !line.includes('=?') && words.every((word) => word.length < maxLineOctets)) {
    return fold([`${name}:`, ...words.filter((word) => word !== '')])
  }
  return fold([`${name}:`, ...encodedWords(line)])
}

/** A field of mailboxes with its line end. Addresses beyond ASCII stay as they are and need SMTPUTF8. */
export function mailboxField(name: string, mailboxes: readonly { readonly display: string; readonly address: string }[]): string {
  const last = mailboxes.length - 1
  const words = mailboxes.flatMap(({ display, address }, index) => [
    ...phraseWords(display),
    `<${oneLine(address)}>${index === last ? '' : ','}`,
  ])
  return fold([`${name}:`, ...words])
}

/** A display name as atoms, one quoted string, or encoded words. */
function phraseWords(display: string): readonly string[] {
  const line = oneLine(display)
  if (line === '') return []
  if (!isAscii(line) || line.length > foldAt - 10 || line.includes('=?')) return encodedWords(line)
  return /^[\w!#$%&'*+\-/=?^`{|}~ ]+$/.test(line) ? line.split(/ +/) : [`"${line.replace(/["\\]/g, '\\$&')}"`]
}

const isAscii = (text: string): boolean => /^[ -~]*$/.test(text)

/** The text as encoded words of at most 75 characters, whole characters in each (RFC 2047 §2, §5). In B: no character is special in a phrase. */
function encodedWords(text: string): readonly string[] {
  const maxOctets = Math.floor((encodedWordChars - '=?utf-8?B??='.length) / 4) * 3
  const words: string[] = []
  let piece = ''
  let octets = 0
  const flush = (): void => {
    if (piece !== '') words.push(`=?utf-8?B?${Buffer.from(piece).toString('base64')}?=`)
    piece = ''
    octets = 0
  }
  for (const character of text) {
    const size = Buffer.byteLength(character)
    if (octets + size > maxOctets) flush()
    piece += character
    octets += size
  }
  flush()
  return words
}
