/** Reads the tokens of an HTML document: which tags with which attributes, and the text between them, go to the page. */
import { unseenElements } from './elements.ts'
import { type HtmlTokenSink, HtmlTokens } from './html-tokens.ts'
import { Page } from './page.ts'
import type { HtmlFacts } from './port.ts'
import { TagAttributes } from './tag-attributes.ts'

/** What stands behind this is not read: some 10 times what mail readers show. */
const maxHtmlChars = 1_048_576
const maxTags = 100_000
const maxNameChars = 32
const maxRawChars = 65_536

export class HtmlReader implements HtmlTokenSink {
  private readonly html: string
  private readonly attributes = new TagAttributes()
  private readonly page = new Page(this.attributes)
  private isCut: boolean
  private name = ''
  private text = ''
  /** The open element whose content is raw text and no part of the page, or none. */
  private rawElement = ''
  private tagCount = 0
  private foreignDepth = 0
  private commentBytes = 0
  private styleBytes = 0

  constructor(html: string) {
    this.isCut = html.length > maxHtmlChars
    this.html = this.isCut ? html.slice(0, maxHtmlChars) : html
  }

  read(): HtmlFacts {
    new HtmlTokens(this.html, this).read()
    this.flush()
    const { tagCount, commentBytes, styleBytes, isCut } = this
    const page = this.page.finish()
    return { ...page, tagCount, commentBytes, styleBytes: styleBytes + page.styleBytes, isCut: isCut || page.isCut }
  }

  get isForeign(): boolean {
    return this.foreignDepth > 0
  }

  addText(start: number, end: number): void {
    if (this.rawElement === '' || this.text.length < maxRawChars) this.text += this.html.slice(start, end)
    if (this.rawElement === 'style') this.styleBytes += end - start
  }

  addTextReference(code: number): void {
    this.text += String.fromCodePoint(code)
  }

  openTag(start: number, end: number): string {
    const name = this.nameAt(start, end)
    this.name = name === 'image' ? 'img' : name
    this.attributes.clear()
    return name
  }

  openAttribute(start: number, end: number): boolean {
    this.attributes.begin(this.nameAt(start, end))
    return this.attributes.isReading
  }

  addValue(start: number, end: number): void {
    if (this.attributes.isReading) this.attributes.add(this.html.slice(start, end))
  }

  addValueReference(code: number): void {
    if (this.attributes.isReading) this.attributes.add(String.fromCodePoint(code))
  }

  endAttribute(): void {
    this.attributes.end()
  }

  endOpenTag(isSelfClosing: boolean): boolean {
    this.flush()
    if (++this.tagCount > maxTags) {
      this.isCut = true
      return false
    }
    this.page.open(this.name)
    if (this.page.isTooDeep) {
      this.isCut = true
      return false
    }
    if (this.name === 'svg' || this.name === 'math') this.foreignDepth++
    else if (this.foreignDepth === 0 && unseenElements.has(this.name)) this.rawElement = this.name
    if (isSelfClosing && this.foreignDepth > 0) this.close(this.name)
    return true
  }

  closeTag(start: number, end: number): void {
    this.flush()
    this.close(this.nameAt(start, end))
  }

  addComment(chars: number): void {
    this.commentBytes += chars
  }

  addCdata(start: number, end: number): void {
    // Outside of SVG and MathML it is a comment (HTML §13.2.5.42).
    if (this.foreignDepth > 0) this.text += this.html.slice(start, end)
    else this.commentBytes += end + 2 - start
  }

  private close(name: string): void {
    this.rawElement = ''
    if ((name === 'svg' || name === 'math') && this.foreignDepth > 0) this.foreignDepth--
    this.page.close(name)
  }

  private flush(): void {
    if (this.text === '') return
    if (this.rawElement === '') this.page.addText(this.text)
    else this.page.addRaw(this.rawElement, this.text)
    this.text = ''
  }

  private nameAt(start: number, end: number): string {
    const name = this.html.slice(start, Math.min(end, start + maxNameChars))
    for (let at = 0; at < name.length; at++) {
      const code = name.charCodeAt(at)
      if (code >= 0x41 && code <= 0x5a) return name.toLowerCase()
    }
    return name
  }
}
