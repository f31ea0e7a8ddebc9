/** The text part of messages that we make. */
import { encodeQuotedPrintable } from './quoted-printable.ts'
import { transferForm } from './transfer-form.ts'

export interface EncodedPart {
  /** MIME fields, each with its line end. */
  readonly fields: string
  /** CRLF line ends, the last one included. */
  readonly body: Uint8Array
}

/** A text (any line ends) as text/plain: US-ASCII where it is, otherwise UTF-8 in quoted-printable, so that every next hop takes it. */
export function textPart(text: string): EncodedPart {
  const bytes = Buffer.from(`${text.replace(/\r\n?|\n/g, '\r\n').replace(/(?:\r\n)+$/, '')}\r\n`)
  if (transferForm(bytes) === '7bit' && !/^(?:From |\.)/m.test(text)) {
    return { fields: 'Content-Type: text/plain; charset=us-ascii\r\nContent-Transfer-Encoding: 7bit\r\n', body: bytes }
  }
  return {
    fields: 'Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n',
    body: Buffer.from(encodeQuotedPrintable(bytes)),
  }
}
