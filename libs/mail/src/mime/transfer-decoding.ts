/** Transfer encodings undone (RFC 2045 §6.7, §6.8): what is broken is counted and left out, never a reason to stop. */

export interface DecodedBytes {
  readonly bytes: Uint8Array
  /** How often something stood where it may not. */
  readonly faultCount: number
  /** False where `maxBytes` cut it. */
  readonly isWhole: boolean
}

const lf = 0x0a
const cr = 0x0d
const tab = 0x09
const space = 0x20
const equals = 0x3d

/** The value of a base64 digit; −1 for what may stand between them (white space), −2 for `=`, −3 for what may not be there. */
const base64 = new Int8Array(256).fill(-3)
for (const [value, character] of Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/').entries()) {
  base64[character.charCodeAt(0)] = value
}
for (const byte of [tab, lf, cr, space]) base64[byte] = -1
base64[equals] = -2

const viewOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/**
 * Decodes base64. Characters that are no digits are skipped. Padding is the end, unless all that follows is base64 too: some software
 * glues encoded pieces together. `isCut`: the end is missing, which is no fault then.
 */
export function decodeBase64(encoded: Uint8Array, isCut: boolean, maxBytes = Number.POSITIVE_INFINITY): DecodedBytes {
  const wholeBytes = Math.ceil((encoded.byteLength * 3) / 4)
  if (!isCut && wholeBytes <= maxBytes) {
    const bytes = decodeCleanBase64(encoded)
    if (bytes) return { bytes, faultCount: 0, isWhole: true }
  }
  const bytes = Buffer.allocUnsafeSlow(Math.min(wholeBytes, maxBytes))
  let at = 0
  let written = 0
  let faultCount = 0
  let bits = 0
  let bitCount = 0
  /** Digits of the present group of four. */
  let digits = 0
  let padding = 0
  let isGlued = false
  for (; at < encoded.byteLength && written < bytes.byteLength; at++) {
    const value = base64[encoded[at] ?? 0] ?? -3
    if (value >= 0) {
      if (padding > 0) {
        faultCount++
        // Text behind the end, the footer of a list perhaps, is no base64.
        isGlued ||= isBase64(encoded, at)
        if (!isGlued) break
        padding = digits = bitCount = bits = 0
      }
      bits = ((bits << 6) | value) & 0xffff
      bitCount += 6
      digits = (digits + 1) & 3
      if (bitCount >= 8) {
        bitCount -= 8
        bytes[written++] = bits >> bitCount
      }
    } else if (value === -2) {
      // A group of four has at least two digits; padding fills it up.
      if ((padding === 0 && digits < 2) || digits + ++padding > 4) faultCount++
    } else if (value === -3) {
      faultCount++
      if (padding > 0) break
    }
  }
  const isWhole = at >= encoded.byteLength || written < bytes.byteLength
  if (isWhole && !isCut && digits !== 0 && digits + padding < 4) faultCount++
  return { bytes: bytes.subarray(0, written), faultCount, isWhole }
}

function isBase64(bytes: Uint8Array, from: number): boolean {
  for (let at = from; at < bytes.byteLength; at++) if (base64[bytes[at] ?? 0] === -3) return false
  return true
}

/** Undefined where anything is wrong. */
function decodeCleanBase64(encoded: Uint8Array): Uint8Array | undefined {
  try {
    const bytes = Uint8Array.fromBase64(viewOf(encoded).toString('latin1'))
    // The decoder forgives a last group without padding.
    if (bytes.byteLength % 3 === 0) return bytes
    let end = encoded.byteLength
    while (end > 0 && base64[encoded[end - 1] ?? 0] === -1) end--
    return encoded[end - 1] === equals ? bytes : undefined
  } catch {
    return undefined
  }
}

/** The value of a hexadecimal digit, in either case; −1 for others. */
const hex = new Int8Array(256).fill(-1)
for (const digit of '0123456789ABCDEFabcdef') hex[digit.charCodeAt(0)] = Number.parseInt(digit, 16)

/**
 * Decodes quoted-printable. An `=` that begins neither an escape nor a soft line break stays as it is. White space at the end of a
 * line goes (§6.7 rule 3); line ends stay as they are. `isCut`: the end is missing, which is no fault then.
 */
export function decodeQuotedPrintable(encoded: Uint8Array, isCut: boolean, maxBytes = Number.POSITIVE_INFINITY): DecodedBytes {
  const length = encoded.byteLength
  const bytes = Buffer.allocUnsafe(Math.min(length, maxBytes))
  const room = bytes.byteLength
  let written = 0
  let faultCount = 0
  /** What is before this was escaped or stands on another line: it is not white space at the end of the line. */
  let kept = 0
  let at = 0
  while (at < length && written < room) {
    const byte = encoded[at++] ?? 0
    // Most letters.
    if (byte > equals) {
      bytes[written++] = byte
      continue
    }
    if (byte === equals) {
      const high = hex[encoded[at] ?? 0] ?? -1
      const low = hex[encoded[at + 1] ?? 0] ?? -1
      if (high >= 0 && low >= 0) {
        bytes[written++] = (high << 4) | low
        kept = written
        at += 2
        continue
      }
      const next = softBreakEnd(encoded, at)
      if (next !== -1) {
        at = next
        kept = written
        continue
      }
      if (!isCut || at + 1 < length) faultCount++
    } else if (byte === lf || (byte === cr && encoded[at] === lf)) {
      while (written > kept && (bytes[written - 1] === space || bytes[written - 1] === tab)) written--
      bytes[written++] = byte
      kept = written
      continue
    }
    bytes[written++] = byte
  }
  if (at >= length && !isCut) while (written > kept && (bytes[written - 1] === space || bytes[written - 1] === tab)) written--
  return { bytes: bytes.subarray(0, written), faultCount, isWhole: at >= length }
}

/** The offset behind the line end of a soft line break whose `=` stands before `at`, or −1. The end of the body ends a line too. */
function softBreakEnd(encoded: Uint8Array, at: number): number {
  while (encoded[at] === space || encoded[at] === tab) at++
  if (at >= encoded.byteLength || encoded[at] === lf) return at + 1
  if (encoded[at] !== cr) return -1
  return encoded[at + 1] === lf ? at + 2 : at + 1 === encoded.byteLength ? at + 1 : -1
}
