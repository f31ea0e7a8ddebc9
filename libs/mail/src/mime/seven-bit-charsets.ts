/**
 * Chinese and Korean in seven bits: HZ (RFC 1843) and ISO-2022-KR (RFC 1557). The Encoding Standard leaves them out, since text can hide in
 * them; some mail programs read them, so that what is hidden must be seen.
 */

const tilde = 0x7e
const newLine = 0x0a
const shiftOut = 0x0e
const shiftIn = 0x0f
/** `ESC $ ) C`, which stands before the first of them. */
const designation = Buffer.from('\x1b$)C', 'latin1')

const gb2312 = new TextDecoder('gbk')
const ksc5601 = new TextDecoder('euc-kr')

/** The text; U+FFFD for what does not fit. A character that the end cuts is left out where `isCut`. Never throws. */
export function decodeHz(bytes: Uint8Array, isCut: boolean): string {
  return shifted(bytes, gb2312, isCut, (at) => {
    if (bytes[at] !== tilde) return undefined
    const next = bytes[at + 1]
    if (next === 0x7b) return { length: 2, isShifted: true }
    if (next === 0x7d) return { length: 2, isShifted: false }
    // A line that goes on.
    if (next === newLine) return { length: 2 }
    if (next === 0x0d && bytes[at + 2] === newLine) return { length: 3 }
    return next === tilde ? { length: 2, octet: tilde } : undefined
  })
}

/** As {@link decodeHz}. */
export function decodeIso2022Kr(bytes: Uint8Array, isCut: boolean): string {
  return shifted(bytes, ksc5601, isCut, (at) => {
    const byte = bytes[at]
    if (byte === shiftOut) return { length: 1, isShifted: true }
    if (byte === shiftIn) return { length: 1, isShifted: false }
    const isDesignation = designation.every((each, place) => bytes[at + place] === each)
    return isDesignation ? { length: designation.length } : undefined
  })
}

/** Bytes that are no text, but for an octet that they may stand for. */
interface Control {
  readonly length: number
  readonly isShifted?: boolean
  readonly octet?: number
}

/** What no eight-bit form has. */
const unfit = 0xff

/** Made into the eight-bit form that `decoder` reads: ASCII as it is, pairs with the high bit set. */
function shifted(bytes: Uint8Array, decoder: TextDecoder, isCut: boolean, controlAt: (at: number) => Control | undefined): string {
  const octets = Buffer.allocUnsafe(bytes.byteLength)
  let end = 0
  let isShifted = false
  for (let at = 0; at < bytes.byteLength; at++) {
    const byte = bytes[at] ?? 0
    const control = controlAt(at)
    if (control !== undefined) {
      isShifted = control.isShifted ?? isShifted
      if (control.octet !== undefined) octets[end++] = control.octet
      at += control.length - 1
    } else if (isShifted && isOfPair(byte)) {
      const second = bytes[at + 1] ?? 0
      if (isOfPair(second)) {
        octets[end++] = byte | 0x80
        octets[end++] = second | 0x80
        at++
      } else if (!isCut || at + 1 < bytes.byteLength) octets[end++] = unfit
    } else {
      // Every line begins anew.
      if (byte === newLine) isShifted = false
      octets[end++] = byte < 0x80 ? byte : unfit
    }
  }
  return decoder.decode(octets.subarray(0, end))
}

const isOfPair = (byte: number): boolean => byte > 0x20 && byte < 0x7f
