/** Local parts (RFC 5321 §4.1.2, RFC 6531 §3.3) in one form: quoted only where they must be, NFC. */

const dotString = /^[\w!#$%&'*+\-/=?^`{|}~\x80-\u{10ffff}]+(?:\.[\w!#$%&'*+\-/=?^`{|}~\x80-\u{10ffff}]+)*$/u
const nonAscii = /[^\0-\x7f]/
/** Control characters, line and paragraph separators, lone surrogates, the replacement character (text that was no UTF-8). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const forbidden = /[\0-\x1f\x7f-\x9f\u2028\u2029\p{Cs}\ufffd-\uffff]/u

/** True for a Dot-string: atoms joined by single dots. */
export const isDotString = (text: string): boolean => dotString.test(text)

/** True where the text has characters that no local part may have, quoted or not. */
export const hasForbiddenCharacters = (text: string): boolean => forbidden.test(text)

/** The local part whose meaning is `content` (without quotes and escapes): as a Dot-string where it is one, else quoted. NFC. */
export function writeLocalPart(content: string): string {
  const text = nonAscii.test(content) ? content.normalize('NFC') : content
  return dotString.test(text) ? text : `"${text.replace(/["\\]/g, '\\$&')}"`
}

/** What a local part in one form means: without quotes and escapes. */
export function localPartContent(localPart: string): string {
  return localPart.startsWith('"') ? localPart.slice(1, -1).replace(/\\(.)/gs, '$1') : localPart
}

/**
 * Reads a Quoted-string at `start` (RFC 5321: printable ASCII, space, and RFC 6531's non-ASCII; `\` before any printable).
 * Answers with its meaning and the offset behind the closing quote; undefined where it is not well formed.
 */
export function readQuotedLocalPart(text: string, start: number): { readonly content: string; readonly end: number } | undefined {
  let content = ''
  for (let at = start + 1; at < text.length; at++) {
    let code = text.charCodeAt(at)
    if (code === 0x22) return { content, end: at + 1 }
    if (code === 0x5c) {
      code = text.charCodeAt(++at)
      // RFC 5321: quoted-pairSMTP is "\" and one of %d32-126.
      if (!(code >= 0x20 && code <= 0x7e)) return undefined
    }
    if (code < 0x20 || code === 0x7f) return undefined
    content += text.charAt(at)
  }
  return undefined
}

/**
 * Splits plus-addressing: `user+tag` is `user` and `tag` (the first plus counts). A local part without a plus, or that begins with
 * one, is its own base. The base is in one form again, so that it can be compared.
 */
export function splitPlus(localPart: string): { readonly base: string; readonly tag: string | undefined } {
  const quoted = localPart.startsWith('"')
  const content = quoted ? localPartContent(localPart) : localPart
  const plus = content.indexOf('+')
  if (plus <= 0) return { base: localPart, tag: undefined }
  const base = content.slice(0, plus)
  return { base: quoted || base.endsWith('.') ? writeLocalPart(base) : base, tag: content.slice(plus + 1) }
}
