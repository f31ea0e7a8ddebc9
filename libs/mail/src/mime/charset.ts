/** Charsets as mail names them: from bytes to text, tolerant of labels and of bytes that do not fit. */
import { isAscii, isUtf8 } from 'node:buffer'
import { codePageOf } from './code-pages.ts'
import { decodeHz, decodeIso2022Kr } from './seven-bit-charsets.ts'
import { decodeUtf7 } from './utf-7.ts'

/** Labels found in mail that the WHATWG Encoding Standard does not know, and the ones that it does. */
const aliases: Readonly<Record<string, string>> = {
  'ansi_x3.110': 'iso-8859-1',
  'ansi_x3.110-1983': 'iso-8859-1',
  '646': 'us-ascii',
  ansi: 'windows-1252',
  cp367: 'us-ascii',
  ibm367: 'us-ascii',
  iso_646: 'us-ascii',
  'iso-646-us': 'us-ascii',
  us: 'us-ascii',
  '8859-1': 'iso-8859-1',
  iso8859_1: 'iso-8859-1',
  'iso-8859-9-e': 'iso-8859-9',
  'utf-8-sig': 'utf-8',
  utf8mb4: 'utf-8',
  'utf-8mb4': 'utf-8',
  'cesu-8': 'utf-8',
  cp65001: 'utf-8',
  cp936: 'gbk',
  ms936: 'gbk',
  'x-cp936': 'gbk',
  'gb18030-2000': 'gb18030',
  cp932: 'shift_jis',
  ms932: 'shift_jis',
  cp943c: 'shift_jis',
  sjis: 'shift_jis',
  'iso-2022-jp-1': 'iso-2022-jp',
  'iso-2022-jp-2': 'iso-2022-jp',
  'iso-2022-jp-3': 'iso-2022-jp',
  'iso-2022-jp-2004': 'iso-2022-jp',
  'iso-2022-jp-ext': 'iso-2022-jp',
  'iso-2022-jp-ms': 'iso-2022-jp',
  cp50220: 'iso-2022-jp',
  cp50221: 'iso-2022-jp',
  cp51932: 'euc-jp',
  eucjp: 'euc-jp',
  cp949: 'euc-kr',
  ms949: 'euc-kr',
  uhc: 'euc-kr',
  euckr: 'euc-kr',
  cp950: 'big5',
  ms950: 'big5',
  'koi8-ru': 'koi8-u',
  cp874: 'windows-874',
  ms874: 'windows-874',
  cp10000: 'macintosh',
  macroman: 'macintosh',
  'mac-roman': 'macintosh',
  'unicode-1-1-utf-7': 'utf-7',
  utf7: 'utf-7',
  csutf7: 'utf-7',
  csutf8: 'utf-8',
  'latin-9': 'iso-8859-15',
  l10: 'iso-8859-16',
  latin10: 'iso-8859-16',
  tis620: 'windows-874',
  cswindows31j: 'shift_jis',
  hz: 'hz-gb-2312',
  cshzgb2312: 'hz-gb-2312',
  csiso2022kr: 'iso-2022-kr',
}

const ascii = new Set([
  'us-ascii',
  'ascii',
  'ansi_x3.4-1968',
  'ansi_x3.4-1986',
  'iso-ir-6',
  'iso646-us',
  'iso_646.irv:1991',
  'csascii',
])

/** In which bytes below 128 mean ASCII only for a while. */
const shiftedCharsets: ReadonlyMap<string, Charset['decode']> = new Map([
  ['utf-7', decodeUtf7],
  ['hz-gb-2312', decodeHz],
  ['iso-2022-kr', decodeIso2022Kr],
])

export interface Charset {
  /** Of the Encoding Standard, or `us-ascii`, or one that only we decode: `utf-7`, `hz-gb-2312`, `ibm850`. */
  readonly name: string
  /** Bytes below 128 mean ASCII. */
  readonly isAsciiBased: boolean
  decode(bytes: Uint8Array, isCut: boolean): string
}

const charsets = new Map<string, Charset | undefined>()
/** Charset names come from strangers: the cache must not grow for ever. */
const maxCharsets = 500
const maxLabelChars = 60

/** The charset of this label, in any case, with or without quotes; undefined where it is unknown. */
export function charsetOf(label: string): Charset | undefined {
  if (label.length > maxLabelChars) return undefined
  if (charsets.has(label)) return charsets.get(label)
  const charset = findCharset(label.toLowerCase().replace(/^[\s'"]+|[\s'"]+$/g, ''))
  if (charsets.size >= maxCharsets) charsets.clear()
  charsets.set(label, charset)
  return charset
}

function findCharset(label: string): Charset | undefined {
  const alias = aliases[label] ?? label.replace(/^(?:x-)?(?:cs)?(?:cp|win|windows)[-_]?(?=125[0-8]$)/, 'windows-')
  if (ascii.has(alias)) return { name: 'us-ascii', isAsciiBased: true, decode: decodeUndeclared }
  const decode = shiftedCharsets.get(alias)
  if (decode !== undefined) return { name: alias, isAsciiBased: false, decode }
  try {
    const decoder = new TextDecoder(alias)
    const name = decoder.encoding
    const decode = (bytes: Uint8Array, isCut: boolean): string => {
      const text = decoder.decode(bytes, { stream: isCut })
      // What is left of a cut character must not begin the next text.
      if (isCut) decoder.decode()
      return text
    }
    return { name, isAsciiBased: !/^(?:utf-16|iso-2022)/.test(name), decode }
  } catch {
    const page = codePageOf(alias)
    return page === undefined ? undefined : { ...page, isAsciiBased: true }
  }
}

const windows1252 = new TextDecoder('windows-1252')

const utf8Text = (bytes: Uint8Array): string =>
  viewOf(bytes).toString('utf8', bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0)

const viewOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/** Without a charset that can be believed: UTF-8 where it is that, otherwise Latin-1 as people mean it (windows-1252). */
function decodeUndeclared(bytes: Uint8Array, isCut: boolean): string {
  const whole = isCut ? bytes.subarray(0, wholeUtf8Bytes(bytes)) : bytes
  return isUtf8(whole) ? utf8Text(whole) : windows1252.decode(bytes)
}

/** How many bytes there are without a last UTF-8 character that is cut. */
function wholeUtf8Bytes(bytes: Uint8Array): number {
  for (let back = 1; back <= 3 && back <= bytes.byteLength; back++) {
    const byte = bytes[bytes.byteLength - back] ?? 0
    if (byte < 0x80) break
    if (byte >= 0xc0) return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? bytes.byteLength - back : bytes.byteLength
  }
  return bytes.byteLength
}

export interface DecodedText {
  readonly text: string
  readonly fault: 'charset-unknown' | 'charset-mismatch' | undefined
}

/**
 * Text of bytes in the charset of this label. U+FFFD where bytes do not fit; text under an unknown label or none is UTF-8 where it is
 * valid UTF-8, otherwise Latin-1. `isCut`: a character that the end cuts is left out and no fault. Never throws.
 */
export function decodeText(bytes: Uint8Array, label: string | undefined, isCut = false): DecodedText {
  const charset = label === undefined ? undefined : charsetOf(label)
  const isUnknown = label !== undefined && charset === undefined
  if ((charset === undefined || charset.isAsciiBased) && isAscii(bytes)) {
    return { text: viewOf(bytes).toString('latin1'), fault: isUnknown ? 'charset-unknown' : undefined }
  }
  if (charset === undefined) return { text: decodeUndeclared(bytes, isCut), fault: isUnknown ? 'charset-unknown' : undefined }
  if (charset.name === 'us-ascii') return { text: decodeUndeclared(bytes, isCut), fault: 'charset-mismatch' }
  if (charset.name === 'utf-8') {
    const whole = isCut ? bytes.subarray(0, wholeUtf8Bytes(bytes)) : bytes
    if (isUtf8(whole)) return { text: utf8Text(whole), fault: undefined }
    return { text: charset.decode(whole, false), fault: 'charset-mismatch' }
  }
  const text = charset.decode(bytes, isCut)
  return { text, fault: text.includes('\ufffd') ? 'charset-mismatch' : undefined }
}
