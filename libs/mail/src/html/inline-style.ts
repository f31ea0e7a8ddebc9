/** What an inline style says about whether its element can be seen, and how large it is (CSS 2.2, read leniently). */
import { type Colour, readColour } from './colour.ts'

export interface ElementStyle {
  /** display:none, opacity 0, no height, off screen: nothing within can be seen, whatever it says itself. */
  readonly isGone: boolean
  /** `display` with another value than none. */
  readonly isShown: boolean
  readonly visibility: 'hidden' | 'visible' | undefined
  /** Font size in CSS pixels, or as a factor of the parent's. */
  readonly fontPx: number | undefined
  readonly fontFactor: number | undefined
  readonly colour: Colour | undefined
  readonly background: Colour | undefined
  readonly width: number | undefined
  readonly height: number | undefined
}

/** Text of this size or less cannot be read. */
export const unreadableFontPx = 1.5
/** Further off than this nobody sees it, in CSS pixels. */
const offScreenPx = -500
/** Longer styles are not read further. */
const maxStyleChars = 4_000
export const cssComment = /\/\*[^*]*(?:\*(?!\/)[^*]*)*(?:\*\/|$)/g
const cssEscape = /\\([0-9a-f]{1,6})\s?/gi
const semicolon = 0x3b
const colonSign = 0x3a
const pxPerUnit: Readonly<Record<string, number>> = { px: 1, pt: 4 / 3, pc: 16, in: 96, cm: 37.8, mm: 3.78, rem: 16 }

/** Never throws. `mso-hide` is not read: it hides from Outlook alone, what the other clients are to show. */
export function readInlineStyle(text: string): ElementStyle {
  const style = new StyleReader()
  if (text.length > maxStyleChars) text = text.slice(0, maxStyleChars)
  const plain = text.includes('\\') || text.includes('/*') ? withoutTricks(text) : text
  let start = 0
  let colon = -1
  let isWithinParentheses = false
  for (let at = 0; at <= plain.length; at++) {
    const code = at < plain.length ? plain.charCodeAt(at) : semicolon
    if (code === colonSign && colon === -1) colon = at
    // A semicolon within parentheses, as in `url(data:image/png;base64,…)`, ends nothing.
    else if (code === 0x28) isWithinParentheses = true
    else if (code === 0x29) isWithinParentheses = false
    else if (code === semicolon && (!isWithinParentheses || at === plain.length)) {
      if (colon !== -1) style.declare(plain.slice(start, colon).trim().toLowerCase(), plain.slice(colon + 1, at))
      start = at + 1
      colon = -1
    }
  }
  return style.finish()
}

const withoutTricks = (text: string): string =>
  text.replace(cssComment, '').replace(cssEscape, (_, hex: string) => {
    const code = Number.parseInt(hex, 16)
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : ''
  })

/** CSS pixels of an absolute length; a number without unit counts as pixels, as attributes have it. */
export function lengthPx(value: string): number | undefined {
  const number = Number.parseFloat(value)
  if (Number.isNaN(number)) return undefined
  if (number === 0) return 0
  const unit = /[a-z%]+$/.exec(value.slice(0, 40))?.[0]
  if (unit === undefined) return number
  const px = pxPerUnit[unit]
  return px === undefined ? undefined : number * px
}

class StyleReader {
  private isGone = false
  private isShown = false
  private visibility: 'hidden' | 'visible' | undefined
  private fontPx: number | undefined
  private fontFactor: number | undefined
  private colour: Colour | undefined
  private background: Colour | undefined
  private width: number | undefined
  private height: number | undefined
  private maxHeight: number | undefined
  private maxWidth: number | undefined
  private clipsOverflow = false
  private isPositioned = false
  private offset = 0

  declare(property: string, raw: string): void {
    switch (property) {
      case 'display': {
        const value = bareValue(raw)
        this.isGone = value === 'none'
        this.isShown = value !== 'none'
        return
      }
      case 'visibility': {
        const value = bareValue(raw)
        this.visibility = value === 'hidden' || value === 'collapse' ? 'hidden' : value === 'visible' ? 'visible' : undefined
        return
      }
      case 'font-size':
        this.setFontSize(bareValue(raw))
        return
      case 'font': {
        const size = /(?:^|\s)(\d[\d.]{0,8}(?:[a-z]{1,4}|%)?)(?:\/|\s|$)/.exec(bareValue(raw).slice(0, 200))?.[1]
        // `font: 700 14px Arial`: a number without unit is the weight, except zero.
        if (size !== undefined && (/[a-z%]$/.test(size) || Number.parseFloat(size) === 0)) this.setFontSize(size)
        return
      }
      case 'color':
        this.colour = readColour(bareValue(raw))
        return
      case 'background':
      case 'background-color':
      case 'background-image':
        this.setBackground(bareValue(raw))
        return
      case 'opacity':
        if (Number.parseFloat(raw) <= 0.05) this.offset = Number.NEGATIVE_INFINITY
        return
      case 'width':
        this.width = lengthPx(bareValue(raw))
        return
      case 'height':
        this.height = lengthPx(bareValue(raw))
        return
      case 'max-height':
        this.maxHeight = lengthPx(bareValue(raw))
        return
      case 'max-width':
        this.maxWidth = lengthPx(bareValue(raw))
        return
      case 'overflow':
        this.clipsOverflow = bareValue(raw).startsWith('hidden')
        return
      case 'position': {
        const value = bareValue(raw)
        this.isPositioned = value === 'absolute' || value === 'fixed' || value === 'relative'
        return
      }
      case 'text-indent':
        if ((lengthPx(bareValue(raw)) ?? 0) <= offScreenPx) this.offset = Number.NEGATIVE_INFINITY
        return
      case 'left':
      case 'top':
        this.offset = Math.min(this.offset, lengthPx(bareValue(raw)) ?? 0)
        return
    }
  }

  finish(): ElementStyle {
    const isOffScreen = this.offset === Number.NEGATIVE_INFINITY || (this.isPositioned && this.offset <= offScreenPx)
    const hasNoRoom =
      (this.maxHeight !== undefined && this.maxHeight <= 1) ||
      (this.clipsOverflow && [this.height, this.width, this.maxWidth].some((px) => px !== undefined && px <= 1))
    return {
      isGone: this.isGone || isOffScreen || hasNoRoom,
      isShown: this.isShown,
      visibility: this.visibility,
      fontPx: this.fontPx,
      fontFactor: this.fontFactor,
      colour: this.colour,
      background: this.background,
      width: this.width,
      height: this.height,
    }
  }

  private setFontSize(value: string): void {
    const px = lengthPx(value)
    this.fontFactor = undefined
    this.fontPx = px
    if (px !== undefined) return
    const number = Number.parseFloat(value)
    if (!Number.isNaN(number)) this.fontFactor = value.endsWith('%') ? number / 100 : number
    else if (value !== 'inherit' && value !== '') this.fontPx = 13
  }

  private setBackground(value: string): void {
    if (value === 'none' || value === 'initial' || value === 'inherit' || value === '') return
    if (value.includes('url(') || value.includes('gradient')) {
      this.background = 'unknown'
      return
    }
    const colour = readColour(value)
    if (colour !== 'unknown' || !value.includes(' ')) this.background = colour
    // `background: #fff no-repeat center`: the colour is one of the words.
    else
      this.background =
        value
          .split(' ', 12)
          .map(readColour)
          .find((found) => found !== 'unknown') ?? 'unknown'
  }
}

/** Lower-case and trimmed, without `!important`. */
function bareValue(raw: string): string {
  const bang = raw.indexOf('!')
  return (bang === -1 ? raw : raw.slice(0, bang)).trim().toLowerCase()
}
