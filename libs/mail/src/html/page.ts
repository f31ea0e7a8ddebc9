/** A page as it is being read: what its elements mean for what a reader sees, and where its links go. */
import { type Colour, readColour } from './colour.ts'
import { ElementStack, maxElementDepth } from './element-stack.ts'
import type { HtmlElement } from './elements.ts'
import { type ElementStyle, lengthPx, readInlineStyle } from './inline-style.ts'
import { LinkGatherer } from './link-gatherer.ts'
import { changedLook, goneLook, type Look } from './look.ts'
import type { HtmlFacts } from './port.ts'
import { StyleSheet } from './style-sheet.ts'
import type { TagAttributes } from './tag-attributes.ts'
import { collapse, collapseAscii, collapseUnicode, countZeroWidthInWords, TextGatherer } from './text-gatherer.ts'

const maxVisibleChars = 65_536
const maxHiddenChars = 16_384
const maxTitleChars = 500
/** What a script element of these types holds is data and never runs (HTML §4.12.1), such as the orders and bookings that Gmail reads. */
const dataTypes: ReadonlySet<string> = new Set(['application/ld+json', 'application/json'])

export type PageFacts = Omit<HtmlFacts, 'tagCount' | 'commentBytes'>

export class Page {
  private readonly attributes: TagAttributes
  private readonly stack = new ElementStack()
  private readonly links = new LinkGatherer()
  private readonly sheet = new StyleSheet()
  /** Mails repeat the same few styles. */
  private readonly styles = new Map<string, ElementStyle>()
  private readonly visible = new TextGatherer(maxVisibleChars)
  private readonly hidden = new TextGatherer(maxHiddenChars)
  private readonly title = new TextGatherer(maxTitleChars)
  private preheaderChars = 0
  private zeroWidthCount = 0
  private scriptCount = 0
  private formCount = 0
  private iframeCount = 0
  private objectCount = 0
  private styleBytes = 0
  private maxDepth = 0
  private hasMetaRefresh = false
  private baseTarget: string | undefined

  /** `attributes` hold those of the tag at hand when `open` is called. */
  constructor(attributes: TagAttributes) {
    this.attributes = attributes
  }

  get isTooDeep(): boolean {
    return this.stack.depth >= maxElementDepth
  }

  open(element: HtmlElement): void {
    this.separate(element)
    this.stack.endBefore(element)
    this.note(element.name)
    if (element.isVoid) return
    this.stack.push(element, this.lookOf(element))
    if (this.stack.depth > this.maxDepth) this.maxDepth = this.stack.depth
  }

  close(element: HtmlElement): void {
    this.separate(element)
    if (element.name === 'a') this.links.end()
    this.stack.end(element)
  }

  addText(text: string): void {
    const plain = collapseAscii(text)
    const piece = plain ?? collapseUnicode(text)
    if (this.stack.look.hidesText) {
      this.hidden.add(piece)
      if (this.visible.length === 0) this.preheaderChars = this.hidden.length
      return
    }
    if (plain === undefined) this.zeroWidthCount += countZeroWidthInWords(text)
    this.visible.add(piece)
    this.links.text?.add(piece)
  }

  /** The content of an element that is no part of the page. */
  addRaw(name: string, text: string): void {
    if (name === 'style') this.sheet.add(text)
    else if (name === 'title') this.title.add(collapse(text))
  }

  finish(): PageFacts {
    this.links.end()
    const { links, images, linkCount, imageCount, scriptTargetCount } = this.links
    const { preheaderChars, zeroWidthCount, scriptCount, formCount, iframeCount, objectCount } = this
    const { styleBytes, maxDepth, hasMetaRefresh, baseTarget } = this
    return {
      visibleText: this.visible.finish(),
      hiddenText: this.hidden.finish(),
      preheaderChars,
      zeroWidthCount,
      links,
      images,
      linkCount,
      imageCount,
      scriptCount,
      formCount,
      iframeCount,
      objectCount,
      activeCount: this.attributes.handlerCount + scriptTargetCount,
      styleBytes,
      maxDepth,
      hasMetaRefresh,
      baseTarget,
      title: this.title.finish(),
      isCut: this.visible.isFull || this.hidden.isFull,
    }
  }

  private separate({ separates }: HtmlElement): void {
    if (separates === undefined) return
    if (separates === 'lines') {
      this.visible.breakLine()
      this.hidden.breakLine()
      this.links.text?.breakWord()
    } else {
      this.visible.breakWord()
      this.hidden.breakWord()
      this.links.text?.breakWord()
    }
  }

  /** Links, images and what is counted. */
  private note(name: string): void {
    switch (name) {
      case 'a': {
        const target = this.attributes.get('href')
        if (target !== undefined) this.links.begin(target.trim())
        return
      }
      case 'area': {
        const target = this.attributes.get('href')
        if (target !== undefined) this.links.add(target.trim(), this.attributes.get('alt') ?? '', 'area')
        return
      }
      case 'form': {
        this.formCount++
        const target = this.attributes.get('action')
        if (target !== undefined) this.links.add(target.trim(), '', 'form')
        return
      }
      case 'img':
        this.noteImage()
        return
      case 'base':
        this.baseTarget ??= this.attributes.get('href')?.trim().slice(0, 2_000)
        return
      case 'meta':
        if (this.attributes.get('http-equiv')?.trim().toLowerCase() === 'refresh') this.hasMetaRefresh = true
        return
      case 'script':
        if (!dataTypes.has(this.attributes.get('type')?.trim().toLowerCase() ?? '')) this.scriptCount++
        return
      case 'iframe':
      case 'frame':
        this.iframeCount++
        return
      case 'object':
      case 'embed':
      case 'applet':
        this.objectCount++
        return
    }
  }

  private noteImage(): void {
    const style = this.styleAtHand()
    const width = this.attributes.get('width')
    const height = this.attributes.get('height')
    this.links.addImage({
      source: (this.attributes.get('src') ?? '').trim().slice(0, 2_000),
      alt: this.attributes.get('alt')?.slice(0, 500),
      width: style?.width ?? (width === undefined ? undefined : lengthPx(width)),
      height: style?.height ?? (height === undefined ? undefined : lengthPx(height)),
    })
  }

  private styleAtHand(): ElementStyle | undefined {
    const text = this.attributes.get('style')
    if (text === undefined || text === '') return undefined
    this.styleBytes += text.length
    const known = this.styles.get(text)
    if (known !== undefined) return known
    const style = readInlineStyle(text)
    this.styles.set(text, style)
    return style
  }

  private lookOf({ name, isUnseen }: HtmlElement): Look {
    const parent = this.stack.look
    if (isUnseen) return goneLook
    const { attributes, sheet } = this
    if (!attributes.hasLook && sheet.isEmpty && name !== 'a') return parent
    const style = this.styleAtHand()
    const attributeColour = attributes.get('color') ?? attributes.get('text')
    const attributePaper = attributes.get('background') === undefined ? attributes.get('bgcolor') : 'url'
    // A link has a colour of its own.
    let colour: Colour | undefined = name === 'a' ? 'unknown' : undefined
    if (attributeColour !== undefined) colour = readColour(attributeColour.trim().toLowerCase())
    let background = attributePaper === undefined ? undefined : readColour(attributePaper.trim().toLowerCase())
    let isHidden = attributes.get('hidden') !== undefined
    let isForced = false
    if (!sheet.isEmpty) {
      for (const key of this.sheetKeys(name)) {
        if (sheet.hides(key)) isHidden = true
        if (sheet.forcesDisplay(key)) isForced = true
        if (sheet.hasColour(key)) colour = 'unknown'
        background = sheet.background(key) ?? background
      }
    }
    if (style === undefined && colour === undefined && background === undefined && !isHidden && !isForced) return parent
    return changedLook(parent, { style, colour, background, isHidden, isForced })
  }

  /** What selectors may call the element. */
  private sheetKeys(name: string): string[] {
    const keys = [name]
    const id = this.attributes.get('id')
    if (id !== undefined) keys.push(`#${id}`)
    const classes = this.attributes.get('class')
    if (classes !== undefined) for (const each of classes.split(/\s+/, 20)) if (each !== '') keys.push(`.${each}`)
    return keys
  }
}
