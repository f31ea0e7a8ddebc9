/** UTF-7 (RFC 2152): no software should write it, some still reads it, so that what is hidden in it must be seen. */

const plus = 0x2b
const minus = 0x2d

const sextet = new Int8Array(128).fill(-1)
for (const [value, character] of Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/').entries()) {
  sextet[character.charCodeAt(0)] = value
}

/** The text; U+FFFD for octets above 127 and lone surrogates. Never throws. */
export function decodeUtf7(bytes: Uint8Array): string {
  const latin1 = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    .toString('latin1')
    .replace(/[\x80-\xff]/g, '\ufffd')
  const pieces: string[] = []
  let at = 0
  for (let shift = latin1.indexOf('+'); shift !== -1; shift = latin1.indexOf('+', at)) {
    pieces.push(latin1.slice(at, shift))
    at = readShifted(latin1, shift + 1, pieces)
  }
  pieces.push(latin1.slice(at))
  return pieces.join('').toWellFormed()
}

/** Reads one run of base64 from behind its `+`; returns the offset behind the run. */
function readShifted(text: string, start: number, pieces: string[]): number {
  if (text.charCodeAt(start) === minus) {
    pieces.push(String.fromCharCode(plus))
    return start + 1
  }
  let bits = 0
  let bitCount = 0
  let at = start
  for (; at < text.length; at++) {
    const value = sextet[text.charCodeAt(at)] ?? -1
    if (value < 0) break
    bits = (bits << 6) | value
    bitCount += 6
    if (bitCount >= 16) {
      bitCount -= 16
      pieces.push(String.fromCharCode((bits >> bitCount) & 0xffff))
      bits &= (1 << bitCount) - 1
    }
  }
  return text.charCodeAt(at) === minus ? at + 1 : at
}
