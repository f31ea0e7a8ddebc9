/** The beginning and the end of an attachment, decoded, without decoding what is between. */
import type { MimeMessage, MimePart } from '../../../mime/port.ts'

export function headOf(mime: MimeMessage, part: MimePart, maxBytes: number): Buffer {
  const bytes = mime.decoded(part, maxBytes)
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** At most `maxBytes` (a multiple of 3) from the end; undefined where the end is not at hand or cannot be found by the encoding. */
export function tailOf(mime: MimeMessage, part: MimePart, maxBytes: number): Buffer | undefined {
  const { bodyStart, bodyEnd, transferEncoding } = part
  if (mime.isCut && bodyEnd === mime.content.byteLength) return undefined
  const content = Buffer.from(mime.content.buffer, mime.content.byteOffset, mime.content.byteLength)
  if (transferEncoding !== 'base64') {
    return transferEncoding === 'quoted-printable' ? undefined : content.subarray(Math.max(bodyStart, bodyEnd - maxBytes), bodyEnd)
  }
  // Lines of 76 characters and CRLF, and some to spare.
  const encoded = content.toString('latin1', Math.max(bodyStart, bodyEnd - Math.ceil(maxBytes * 1.5)), bodyEnd)
  const digits = encoded.replace(/[^A-Za-z0-9+/=]+/g, '')
  // Groups of four are counted from the end.
  return Buffer.from(digits.slice(digits.length % 4), 'base64')
}
