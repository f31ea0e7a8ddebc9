/** xtext (RFC 3461 §4) and utf-8-addr-xtext (RFC 6533 §3): how DSN parameters carry any text in printable ASCII. */

const hexPairs = /\+([0-9A-F]{2})/g
const plainXtext = /^(?:[!-*,-<>-~]|\+[0-9A-F]{2})*$/
const embedded = /\\x\{([0-9A-F]{1,6})\}/g
const plainUtf8Xtext = /^(?:[!-*,-<>-[\]-~]|[^\0-\x7f]|\\x\{[0-9A-F]{1,6}\})+$/u

/** The text of an xtext, or undefined where it is not well formed or decodes to control characters (RFC 3461 §4.2, §4.4: printable only). */
export function decodeXtext(xtext: string): string | undefined {
  if (!plainXtext.test(xtext)) return undefined
  const text = xtext.replace(hexPairs, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return /^[ -~]*$/.test(text) ? text : undefined
}

/** Any ASCII text as xtext. Characters beyond ASCII are written as their UTF-8 octets. */
export function encodeXtext(text: string): string {
  if (/^[!-*,-<>-~]*$/.test(text)) return text
  let xtext = ''
  for (const octet of Buffer.from(text)) {
    const isPlain = octet >= 0x21 && octet <= 0x7e && octet !== 0x2b && octet !== 0x3d
    xtext += isPlain ? String.fromCharCode(octet) : `+${octet.toString(16).toUpperCase().padStart(2, '0')}`
  }
  return xtext
}

/** The text of a utf-8-addr-xtext or utf-8-addr-unitext, or undefined where it is not well formed. */
export function decodeUtf8AddrXtext(encoded: string): string | undefined {
  if (!plainUtf8Xtext.test(encoded)) return undefined
  let valid = true
  const text = encoded.replace(embedded, (_, hex: string) => {
    const point = Number.parseInt(hex, 16)
    if (point > 0x10ffff || point < 0x20 || (point >= 0xd800 && point <= 0xdfff) || point === 0x7f) valid = false
    return valid ? String.fromCodePoint(point) : ''
  })
  return valid ? text : undefined
}

/** A text as utf-8-addr-xtext: printable ASCII but `\`, `+` and `=` stays, all else becomes `\x{HEX}`. */
export function encodeUtf8AddrXtext(text: string): string {
  return text.replace(/[^!-*,-<>-[\]-~]/gu, (character) => `\\x{${(character.codePointAt(0) ?? 0).toString(16).toUpperCase()}}`)
}
