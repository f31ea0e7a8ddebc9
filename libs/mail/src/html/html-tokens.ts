/** Splits HTML into tags, their attributes, and the text between them, as browsers do (HTML §13.2.5). */
import { CharacterReference } from './character-reference.ts'
import type { HtmlElement } from './elements.ts'

/** Hears what is read, in order; offsets are of the HTML. */
export interface HtmlTokenSink {
  /** Within SVG or MathML no element is raw text. */
  readonly isForeign: boolean
  addText(start: number, end: number): void
  /** A character reference within text. */
  addTextReference(code: number): void
  openTag(nameStart: number, nameEnd: number): HtmlElement
  /** True where the value is of use. */
  openAttribute(nameStart: number, nameEnd: number): boolean
  /** A piece of the value. */
  addValue(start: number, end: number): void
  addValueReference(code: number): void
  endAttribute(): void
  /** What is open is at its `>`. False where no more is to be read. */
  endOpenTag(isSelfClosing: boolean): boolean
  closeTag(nameStart: number, nameEnd: number): void
  /** A comment, or what browsers take for one. */
  addComment(chars: number): void
  addCdata(start: number, end: number): void
}

const [slash, less, equals, greater, ampersand, quote, apostrophe] = [0x2f, 0x3c, 0x3d, 0x3e, 0x26, 0x22, 0x27]
const [exclamation, question, dash] = [0x21, 0x3f, 0x2d]

/** 1 for white space, 2 for what else ends a name within a tag. */
const ends = new Uint8Array(128)
for (const code of [0x20, 0x0a, 0x09, 0x0c, 0x0d]) ends[code] = 1
ends[slash] = 2
ends[greater] = 2

const isSpace = (code: number): boolean => code < 128 && ends[code] === 1
const endsName = (code: number): boolean => code < 128 && ends[code] !== 0
const isLetter = (code: number): boolean => (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a)

export class HtmlTokens {
  readonly #html: string
  readonly #length: number
  readonly #sink: HtmlTokenSink
  #reference: CharacterReference | undefined

  constructor(html: string, sink: HtmlTokenSink) {
    this.#html = html
    this.#length = html.length
    this.#sink = sink
  }

  /** Reads all of it, in time linear in its length. A tag that has no end is no tag, and no text either. Never throws. */
  read(): void {
    for (let at = 0; at < this.#length; ) at = this.#text(at)
  }

  /** Reads text and the markup behind it; returns where the next text begins. */
  #text(start: number): number {
    const html = this.#html
    let at = start
    let reference = -1
    for (; at < this.#length; at++) {
      const code = html.charCodeAt(at)
      if (code === less) break
      if (code === ampersand && reference === -1) reference = at
    }
    this.#addText(start, at, reference)
    return at < this.#length ? this.#markup(at) : at
  }

  #addText(start: number, end: number, reference: number): void {
    if (reference !== -1) this.#withReferences(start, end, reference, false)
    else if (start < end) this.#sink.addText(start, end)
  }

  /** What begins with the `<` at this offset. */
  #markup(at: number): number {
    const code = this.#html.charCodeAt(at + 1)
    if (isLetter(code)) return this.#openTag(at + 1)
    if (code === slash && at + 2 < this.#length) {
      const next = this.#html.charCodeAt(at + 2)
      if (isLetter(next)) return this.#closeTag(at + 2, this.#nameEnd(at + 2))
      return next === greater ? at + 3 : this.#falseComment(at + 2)
    }
    if (code === exclamation) return this.#declaration(at + 2)
    if (code === question) return this.#falseComment(at + 1)
    this.#sink.addText(at, at + 1)
    return at + 1
  }

  #nameEnd(at: number): number {
    while (at < this.#length && !endsName(this.#html.charCodeAt(at))) at++
    return at
  }

  #spaceEnd(at: number): number {
    while (at < this.#length && isSpace(this.#html.charCodeAt(at))) at++
    return at
  }

  #openTag(start: number): number {
    const html = this.#html
    const sink = this.#sink
    let at = this.#nameEnd(start)
    if (at >= this.#length) return at
    const { isForeign } = sink
    const element = sink.openTag(start, at)
    while (at < this.#length) {
      let isSelfClosing = false
      let code = html.charCodeAt(at)
      while (at < this.#length && endsName(code) && code !== greater) {
        if (code === slash) isSelfClosing = true
        code = html.charCodeAt(++at)
      }
      if (code === greater) {
        if (!sink.endOpenTag(isSelfClosing)) return this.#length
        return isForeign || element.raw === undefined ? at + 1 : this.#rawText(at + 1, element)
      }
      at = this.#attribute(at)
    }
    return at
  }

  /** The attribute whose name begins here; returns what follows it, or the end where it has none. */
  #attribute(start: number): number {
    const html = this.#html
    const sink = this.#sink
    let at = start + 1
    for (; at < this.#length; at++) {
      const code = html.charCodeAt(at)
      if (code === equals || endsName(code)) break
    }
    if (at >= this.#length) return at
    const isWanted = sink.openAttribute(start, at)
    at = this.#spaceEnd(at)
    if (html.charCodeAt(at) !== equals) {
      sink.endAttribute()
      return at
    }
    at = this.#spaceEnd(at + 1)
    const code = html.charCodeAt(at)
    const isQuoted = code === quote || code === apostrophe
    let end = at
    if (isQuoted) end = html.indexOf(code === quote ? '"' : "'", ++at)
    else while (end < this.#length && !(html.charCodeAt(end) === greater || isSpace(html.charCodeAt(end)))) end++
    if (end === -1 || end >= this.#length) return this.#length
    if (isWanted) this.#value(at, end)
    sink.endAttribute()
    return isQuoted ? end + 1 : end
  }

  #value(start: number, end: number): void {
    let at = start
    while (at < end && this.#html.charCodeAt(at) !== ampersand) at++
    if (at < end) this.#withReferences(start, end, at, true)
    else this.#sink.addValue(start, end)
  }

  /** Text or a value whose first character reference may begin at `at`. None reaches beyond the end. */
  #withReferences(start: number, end: number, at: number, isValue: boolean): void {
    const html = this.#html
    const sink = this.#sink
    this.#reference ??= new CharacterReference()
    const reference = this.#reference
    while (at < end) {
      if (html.charCodeAt(at) !== ampersand || !reference.read(html, at, isValue)) {
        at++
        continue
      }
      if (start < at) isValue ? sink.addValue(start, at) : sink.addText(start, at)
      for (const code of reference.codes) isValue ? sink.addValueReference(code) : sink.addTextReference(code)
      at += reference.chars
      start = at
    }
    if (start < end) isValue ? sink.addValue(start, end) : sink.addText(start, end)
  }

  /** The tag goes on to its `>` whatever stands there. */
  #closeTag(start: number, end: number): number {
    if (end >= this.#length) return end
    this.#sink.closeTag(start, end)
    return this.#behind('>', end)
  }

  /** The content of a raw element, and its end tag. */
  #rawText(start: number, { name, raw }: HtmlElement): number {
    const html = this.#html
    let end = raw === 'endless' ? -1 : html.indexOf('</', start)
    while (end !== -1 && !this.#isEndOf(name, end + 2)) end = html.indexOf('</', end + 2)
    const textEnd = end === -1 ? this.#length : end
    if (raw === 'escapable') this.#withReferences(start, textEnd, start, false)
    else if (start < textEnd) this.#sink.addText(start, textEnd)
    return end === -1 ? this.#length : this.#closeTag(end + 2, end + 2 + name.length)
  }

  #isEndOf(name: string, start: number): boolean {
    const end = start + name.length
    return endsName(this.#html.charCodeAt(end)) && this.#html.slice(start, end).toLowerCase() === name
  }

  /** What stands behind `<!`. */
  #declaration(start: number): number {
    const html = this.#html
    if (html.startsWith('--', start)) return this.#comment(start + 2)
    if (html.startsWith('[CDATA[', start)) {
      const end = html.indexOf(']]>', start + 7)
      if (end === -1) this.#sink.addComment(this.#length - start)
      else this.#sink.addCdata(start + 7, end)
      return end === -1 ? this.#length : end + 3
    }
    if (html.slice(start, start + 7).toLowerCase() === 'doctype') return this.#behind('>', start + 7)
    return this.#falseComment(start)
  }

  /** It ends with `-->` or `--!>`; `<!-->` and `<!--->` are whole, too. */
  #comment(start: number): number {
    const html = this.#html
    let end = html.indexOf('>', start)
    for (; end !== -1; end = html.indexOf('>', end + 1)) {
      const dashes = html.charCodeAt(end - 1) === exclamation ? end - 3 : end - 2
      if (dashes >= start && html.charCodeAt(dashes) === dash && html.charCodeAt(dashes + 1) === dash) break
      if (end === start || (end === start + 1 && html.charCodeAt(start) === dash)) break
    }
    this.#sink.addComment((end === -1 ? this.#length : end) - start)
    return end === -1 ? this.#length : end + 1
  }

  #falseComment(start: number): number {
    const end = this.#behind('>', start)
    const isEnded = this.#html.charCodeAt(end - 1) === greater && end > start
    this.#sink.addComment((isEnded ? end - 1 : end) - start)
    return end
  }

  #behind(mark: string, from: number): number {
    const at = this.#html.indexOf(mark, from)
    return at === -1 ? this.#length : at + 1
  }
}
