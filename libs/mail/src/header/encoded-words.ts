/** Encoded words (RFC 2047, RFC 2231 §5 language suffix): decoding for people to read, never for deciding. */
import { charsetOf } from '../mime/charset.ts'

const encodedWord = /=\?([A-Za-z0-9_.:+-]{1,40})(?:\*[A-Za-z0-9-]{0,40})?\?([BbQq])\?([ ->@-~]{0,2000})\?=/g
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
const controls = /[\0-\x1f\x7f-\x9f\u2028\u2029]+/g

/**
 * The text with its encoded words decoded; white space between two of them goes (§6.2). Words of an unknown charset stay as they
 * are. Control characters, line ends among them, become single spaces, so that the result is one line.
 */
export function decodeEncodedWords(text: string): string {
  const decoded = text.includes('=?') ? decodeAll(text) : text
  return decoded.replace(controls, ' ')
}

function decodeAll(text: string): string {
  let result = ''
  let end = 0
  let pending: { charset: string; bytes: Uint8Array[] } | undefined
  const flush = (): void => {
    if (pending) result += decodeBytes(pending.charset, pending.bytes)
    pending = undefined
  }
  for (const match of text.matchAll(encodedWord)) {
    const between = text.slice(end, match.index)
    const charset = (match[1] ?? '').toLowerCase()
    const payload = match[3] ?? ''
    end = match.index + match[0].length
    if (!charsetOf(charset)) {
      flush()
      result += between + match[0]
      continue
    }
    const adjoins = pending !== undefined && /^[ \t\r\n]*$/.test(between)
    // Adjacent words of one charset are decoded together: makers split multi-byte characters between them.
    if (!adjoins || pending?.charset !== charset) flush()
    if (!adjoins) result += between
    pending ??= { charset, bytes: [] }
    pending.bytes.push((match[2] ?? '').toUpperCase() === 'B' ? Buffer.from(payload, 'base64') : fromQ(payload))
  }
  flush()
  return result + text.slice(end)
}

/** RFC 2047 §4.2. */
function fromQ(payload: string): Uint8Array {
  return Buffer.from(
    payload.replaceAll('_', ' ').replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  )
}

const decodeBytes = (charset: string, parts: readonly Uint8Array[]): string =>
  charsetOf(charset)?.decode(Buffer.concat(parts), false) ?? ''
