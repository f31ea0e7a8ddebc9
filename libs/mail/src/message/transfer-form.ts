/** What bytes ask of a transport (RFC 2045 §2.7–2.9). */

/** Without the line end (RFC 5322 §2.1.1). */
export const maxLineOctets = 998

export type TransferForm = '7bit' | '8bit' | 'binary'

/** `binary` for NUL, a bare CR or LF, or a line over 998 octets; `8bit` for other octets beyond ASCII. */
export function transferForm(bytes: Uint8Array): TransferForm {
  let form: TransferForm = '7bit'
  let lineStart = 0
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0
    if (byte > 0x7f) form = '8bit'
    else if (byte === 0 || byte === 0x0a) return 'binary'
    else if (byte === 0x0d) {
      if (bytes[at + 1] !== 0x0a || at - lineStart > maxLineOctets) return 'binary'
      lineStart = ++at + 1
    }
  }
  return bytes.length - lineStart > maxLineOctets ? 'binary' : form
}
