/** The part of a DSN that returns the message or its header (RFC 6522 §3, RFC 6533 §5). */
import { isUtf8 } from 'node:buffer'
import { findHeaderEnd } from '../header/header-block.ts'
import { encodeQuotedPrintable } from '../message/quoted-printable.ts'
import type { EncodedPart } from '../message/text-part.ts'
import { transferForm } from '../message/transfer-form.ts'
import { type DsnFacts, maxReturnedBytes, maxReturnedHeaderBytes } from './dsn-facts.ts'

/**
 * The whole message as message/rfc822 in 7bit or 8bit, where it was asked for, is short enough and can travel so; otherwise its header
 * as text/rfc822-headers, quoted-printable where it has more than ASCII. UTF-8 headers become message/global and
 * message/global-headers where the sender understands them.
 */
export function returnedPart({ returned, smtpUtf8 }: DsnFacts): EncodedPart {
  const { bytes } = returned
  const headerEnd = findHeaderEnd(bytes)
  const header = wholeLines(bytes.subarray(0, headerEnd === -1 ? bytes.byteLength : headerEnd))
  const isGlobal = smtpUtf8 && header.some((byte) => byte > 0x7f) && isUtf8(header)
  const form = returned.kind === 'full' && bytes.byteLength <= maxReturnedBytes && headerEnd !== -1 ? transferForm(bytes) : 'binary'
  if (form !== 'binary') {
    return part(`message/${isGlobal ? 'global' : 'rfc822'}`, form, 'Undelivered message', bytes)
  }
  const headerForm = transferForm(header)
  if (isGlobal && headerForm !== 'binary') return part('message/global-headers', headerForm, 'Undelivered message header', header)
  if (headerForm === '7bit') return part('text/rfc822-headers', '7bit', 'Undelivered message header', header)
  return part('text/rfc822-headers', 'quoted-printable', 'Undelivered message header', Buffer.from(encodeQuotedPrintable(header)))
}

function wholeLines(header: Uint8Array): Uint8Array {
  if (header.byteLength <= maxReturnedHeaderBytes) return header
  const cut = header.subarray(0, maxReturnedHeaderBytes)
  return cut.subarray(0, cut.lastIndexOf(0x0a) + 1)
}

const part = (type: string, encoding: string, description: string, body: Uint8Array): EncodedPart => ({
  fields: `Content-Type: ${type}\r\nContent-Transfer-Encoding: ${encoding}\r\nContent-Description: ${description}\r\n`,
  body,
})
