/** The lexical tokens of structured header fields (RFC 5322 §3.2, internationalized by RFC 6532), read in one pass. */

export type TokenKind = 'atom' | 'quoted' | 'literal' | 'special'

export interface Token {
  readonly kind: TokenKind
  /** What the token means: a quoted string without quotes and escapes, a literal as written, with its brackets. */
  readonly text: string
  readonly start: number
  readonly end: number
  /** White space or a comment stands before it. */
  readonly spaced: boolean
}

export type TokenFault = 'control-character' | 'unclosed-comment' | 'unclosed-quote' | 'unclosed-literal' | 'stray-character'

const tab = 0x09
const lf = 0x0a
const cr = 0x0d
const space = 0x20
const quote = 0x22
const open = 0x28
const close = 0x29
const backslash = 0x5c
const openSquare = 0x5b
const closeSquare = 0x5d

const isWhiteSpace = (code: number): boolean => code === space || code === tab

/** A CRLF is folding only before white space (RFC 5322 §3.2.2); any other CR or LF may end the field for somebody else. */
const isFold = (text: string, at: number): boolean =>
  text.charCodeAt(at) === cr && text.charCodeAt(at + 1) === lf && isWhiteSpace(text.charCodeAt(at + 2))

/** 1 where the ASCII character is one of `<>:;@,.`, the specials that mean something between tokens. */
const special = new Uint8Array(128)
for (const character of '<>:;@,.') special[character.charCodeAt(0)] = 1
/** 1 where the ASCII character is atext. */
const atext = new Uint8Array(128)
for (const character of "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-/=?^_`{|}~")
  atext[character.charCodeAt(0)] = 1

/** RFC 6532 §3.2: what is beyond ASCII is atext. C1 controls are not. */
const isAtext = (code: number): boolean => (code < 128 ? atext[code] === 1 : code > 0x9f && code !== 0xfffd)

/**
 * Reads tokens from left to right; every character is looked at once. Comments (nested to any depth) and white space, folded or
 * not, are skipped. What is wrong is told to `onFault` with its offset, and reading goes on behind it. Never throws.
 */
export class HeaderTokens {
  readonly text: string
  readonly #onFault: (fault: TokenFault, at: number) => void
  #at = 0

  constructor(text: string, onFault: (fault: TokenFault, at: number) => void) {
    this.text = text
    this.#onFault = onFault
  }

  /** The next token; undefined at the end. */
  next(): Token | undefined {
    const { text } = this
    const before = this.#at
    this.#skipSpaceAndComments()
    const start = this.#at
    const spaced = start > before
    if (start >= text.length) return undefined
    const code = text.charCodeAt(start)
    if (code === quote) return { kind: 'quoted', text: this.#delimited(quote, 'unclosed-quote'), start, end: this.#at, spaced }
    if (code === openSquare) {
      this.#delimited(closeSquare, 'unclosed-literal')
      return { kind: 'literal', text: text.slice(start, this.#at), start, end: this.#at, spaced }
    }
    this.#at++
    if (code < 128 && special[code] === 1) return { kind: 'special', text: text.charAt(start), start, end: this.#at, spaced }
    if (!isAtext(code)) {
      this.#onFault(code < space || code > 0x7e ? 'control-character' : 'stray-character', start)
      // As an atom of its own, so that it cannot vanish and join what stands beside it.
      return { kind: 'atom', text: '\ufffd', start, end: this.#at, spaced }
    }
    while (this.#at < text.length && isAtext(text.charCodeAt(this.#at))) this.#at++
    return { kind: 'atom', text: text.slice(start, this.#at), start, end: this.#at, spaced }
  }

  #skipSpaceAndComments(): void {
    for (; this.#at < this.text.length; this.#at++) {
      const code = this.text.charCodeAt(this.#at)
      if (isWhiteSpace(code)) continue
      if (code === open) this.#skipComment()
      else if (code === cr || code === lf) this.#skipLineEnd()
      else return
    }
  }

  /** Leaves the position at the last character of a fold, or of a line end that is none. */
  #skipLineEnd(): void {
    if (isFold(this.text, this.#at)) this.#at++
    else this.#onFault('control-character', this.#at)
  }

  /** Leaves the position at the closing parenthesis, or at the end. */
  #skipComment(): void {
    const { text } = this
    const start = this.#at
    let depth = 0
    for (; this.#at < text.length; this.#at++) {
      const code = text.charCodeAt(this.#at)
      if (code === backslash) this.#at++
      else if (code === open) depth++
      else if (code === close) {
        if (--depth === 0) return
      } else if (code === cr || code === lf) this.#skipLineEnd()
      else if (code !== tab && (code < space || code === 0x7f)) this.#onFault('control-character', this.#at)
    }
    this.#at = text.length
    this.#onFault('unclosed-comment', start)
  }

  /** The meaning of what stands up to `end`, unescaped and unfolded; leaves the position behind it. */
  #delimited(end: number, unclosed: TokenFault): string {
    const { text } = this
    const start = this.#at++
    let meaning = ''
    let from = this.#at
    for (; this.#at < text.length; this.#at++) {
      const code = text.charCodeAt(this.#at)
      if (code === end) {
        meaning += text.slice(from, this.#at)
        this.#at++
        return meaning
      }
      if (code === backslash || code === cr || code === lf) {
        meaning += text.slice(from, this.#at)
        if (code === backslash) this.#at++
        else this.#skipLineEnd()
        from = code === backslash ? this.#at : this.#at + 1
      } else if (code !== tab && (code < space || code === 0x7f)) this.#onFault('control-character', this.#at)
    }
    this.#at = text.length
    this.#onFault(unclosed, start)
    return meaning + text.slice(from)
  }
}
