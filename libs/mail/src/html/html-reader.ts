/** Reads the tokens of an HTML document: which tags with which attributes, and the text between them, go to the page. */
import { Elements, type HtmlElement } from './elements.ts'
import { type HtmlTokenSink, HtmlTokens } from './html-tokens.ts'
import { Page } from './page.ts'
import type { HtmlFacts } from './port.ts'
import { mayBeWanted, TagAttributes } from './tag-attributes.ts'

/** What stands behind this is not read: some 10 times what mail readers show. */
const maxHtmlChars = 1_048_576
const maxTags = 100_000
const maxAttributeNameChars = 32
const maxRawChars = 65_536

const img = new Elements().named('img', 0, 3)

export class HtmlReader implements HtmlTokenSink {
  private readonly html: string
  private readonly attributes = new TagAttributes()
  private readonly page = new Page(this.attributes)
  private readonly elements = new Elements()
  private isCut: boolean
  private element = img
  private text = ''
  /** The open element whose content is raw text and no part of the page, or none. */
  private rawElement: HtmlElement | undefined
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
    if (this.rawElement === undefined || this.text.length < maxRawChars) this.text += this.html.slice(start, end)
    if (this.rawElement?.name === 'style') this.styleBytes += end - start
  }

  addTextReference(code: number): void {
    this.text += String.fromCodePoint(code)
  }

  openTag(start: number, end: number): HtmlElement {
    const element = this.elements.named(this.html, start, end)
    this.element = element.name === 'image' ? img : element
    this.attributes.clear()
    return element
  }

  openAttribute(start: number, end: number): boolean {
    if (!mayBeWanted(this.html.charCodeAt(start), end - start)) this.attributes.skip()
    else this.attributes.begin(this.html.slice(start, Math.min(end, start + maxAttributeNameChars)))
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
    const { element } = this
    if (++this.tagCount > maxTags) {
      this.isCut = true
      return false
    }
    this.page.open(element)
    if (this.page.isTooDeep) {
      this.isCut = true
      return false
    }
    if (isForeign(element)) this.foreignDepth++
    else if (this.foreignDepth === 0 && element.isUnseen) this.rawElement = element
    if (isSelfClosing && this.foreignDepth > 0) this.close(element)
    return true
  }

  closeTag(start: number, end: number): void {
    this.flush()
    this.close(this.elements.named(this.html, start, end))
  }

  addComment(chars: number): void {
    this.commentBytes += chars
  }

  addCdata(start: number, end: number): void {
    // Outside of SVG and MathML it is a comment (HTML §13.2.5.42).
    if (this.foreignDepth > 0) this.text += this.html.slice(start, end)
    else this.commentBytes += end + 2 - start
  }

  private close(element: HtmlElement): void {
    this.rawElement = undefined
    if (isForeign(element) && this.foreignDepth > 0) this.foreignDepth--
    this.page.close(element)
  }

  private flush(): void {
    if (this.text === '') return
    if (this.rawElement === undefined) this.page.addText(this.text)
    else this.page.addRaw(this.rawElement.name, this.text)
    this.text = ''
  }
}

const isForeign = ({ name }: HtmlElement): boolean => name === 'svg' || name === 'math'
