/** UTF-7 (RFC 2152): no software should write it, some still reads it, so that what is hidden in it must be seen. */

const plus = 0x2b
const minus = 0x2d

const sextet = new Int8Array(256).fill(-1)
for (const [value, character] of Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/').entries()) {
  sextet[character.charCodeAt(0)] = value
}

/** The text; U+FFFD for octets above 127 and for lone surrogates. Never throws. */
export function decodeUtf7(bytes: Uint8Array): string {
  const units = Buffer.allocUnsafe(bytes.byteLength * 2)
  let end = 0
  let isShifted = false
  let runStart = 0
  let bits = 0
  let bitCount = 0
  for (let at = 0; at < bytes.byteLength; at++) {
    const byte = bytes[at] ?? 0
    const value = isShifted ? (sextet[byte] ?? -1) : -1
    if (value >= 0) {
      bits = ((bits << 6) | value) & 0xffffff
      bitCount += 6
      if (bitCount < 16) continue
      bitCount -= 16
      end = units.writeUInt16LE((bits >> bitCount) & 0xffff, end)
    } else if (isShifted) {
      // The minus sign that ends a run is no text; `+-` is a plus sign.
      isShifted = false
      if (byte !== minus) at--
      else if (at === runStart) end = units.writeUInt16LE(plus, end)
    } else if (byte === plus) {
      isShifted = true
      runStart = at + 1
      bits = bitCount = 0
    } else end = units.writeUInt16LE(byte < 0x80 ? byte : 0xfffd, end)
  }
  return units.toString('utf16le', 0, end).toWellFormed()
}
