/** Quoted-printable (RFC 2045 §6.7). */

const maxLineChars = 76
const hex = Array.from({ length: 256 }, (_, byte) => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`)

/**
 * The bytes as quoted-printable text with CRLF line ends and lines of at most 76 characters. CRLF in `bytes` is a line end; a bare CR or
 * LF is encoded, so that decoding gives the same bytes again. Lines never begin with `From ` or `.`, which transports change.
 */
export function encodeQuotedPrintable(bytes: Uint8Array): string {
  const lines: string[] = []
  let line = ''
  const put = (piece: string, isLast: boolean): void => {
    // Room for "=" of a soft line break, unless the line ends here anyway.
    if (line.length + piece.length > maxLineChars - (isLast ? 0 : 1)) {
      lines.push(`${line}=`)
      line = ''
    }
    line += piece
  }
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0
    if (byte === 0x0d && bytes[at + 1] === 0x0a) {
      lines.push(line)
      line = ''
      at++
      continue
    }
    const endsLine = at + 1 === bytes.length || (bytes[at + 1] === 0x0d && bytes[at + 2] === 0x0a)
    put(isPlain(byte, line === '', endsLine) ? String.fromCharCode(byte) : (hex[byte] ?? ''), endsLine)
  }
  lines.push(line)
  return lines.join('\r\n')
}

function isPlain(byte: number, beginsLine: boolean, endsLine: boolean): boolean {
  if (byte === 0x20 || byte === 0x09) return !endsLine
  if (beginsLine && (byte === 0x2e || byte === 0x46)) return false
  return byte >= 0x21 && byte <= 0x7e && byte !== 0x3d
}
