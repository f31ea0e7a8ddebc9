/** Gathers text as it is read on a screen: white space collapsed, lines where blocks end, characters without width left out. */

/** White space that is not one single space; most text has little of it. */
const spaces = / \s+|[^\S ]\s*/g
/** Characters that have no width, or only direct the writing (Unicode UAX #44). */
const zeroWidthAll = /[\0\p{Default_Ignorable_Code_Point}]/gu
const zeroWidthInWord = /[a-z][\0\p{Default_Ignorable_Code_Point}]+(?=[a-z])/giu
const softHyphen = '\u00ad'
/** Words with soft hyphens that are long enough for a line to break in them: of 12 letters and more, as German and Finnish have. */
const hyphenatedWord = /\p{L}[\p{L}\u00ad]{12,}/gu
const minHyphenatedLetters = 12
/** All of them but few others; quick where the text is Latin-1. */
const perhapsZeroWidth = /[\0\u00ad\u0250-\uffff]/

export class TextGatherer {
  private text = ''
  private separator: '' | ' ' | '\n' = ''
  private readonly maxChars: number

  constructor(maxChars: number) {
    this.maxChars = maxChars
  }

  get length(): number {
    return this.text.length
  }

  get isFull(): boolean {
    return this.text.length >= this.maxChars
  }

  breakWord(): void {
    if (this.separator === '') this.separator = ' '
  }

  breakLine(): void {
    this.separator = '\n'
  }

  /** `piece` as collapsed by {@link collapse}. */
  add(piece: string): void {
    if (piece === ' ' || piece === '') {
      if (piece === ' ') this.breakWord()
      return
    }
    const begins = piece.charCodeAt(0) === 0x20
    const ends = piece.charCodeAt(piece.length - 1) === 0x20
    if (begins) this.breakWord()
    if (this.text !== '' && this.separator !== '') this.text += this.separator
    this.separator = ends ? ' ' : ''
    const room = this.maxChars - this.text.length
    const bare = begins || ends ? piece.slice(begins ? 1 : 0, ends ? -1 : undefined) : piece
    this.text += bare.length <= room ? bare : bare.slice(0, Math.max(0, room))
  }

  finish(): string {
    return this.text.length <= this.maxChars ? this.text : this.text.slice(0, this.maxChars)
  }
}

const isAsciiSpace = (code: number): boolean => code === 0x20 || (code >= 0x09 && code <= 0x0d)

/** Runs of white space as one space, without characters that have no width. */
export const collapse = (text: string): string => collapseAscii(text) ?? collapseUnicode(text)

/** The same of printable ASCII and white space, which most text is; undefined where there is anything else. */
export function collapseAscii(text: string): string | undefined {
  let collapsed = ''
  let kept = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code > 0x20 && code < 0x7f) continue
    if (!isAsciiSpace(code)) return undefined
    const start = at
    while (at + 1 < text.length && isAsciiSpace(text.charCodeAt(at + 1))) at++
    if (at === start && code === 0x20) continue
    collapsed += `${text.slice(kept, start)} `
    kept = at + 1
  }
  return kept === 0 ? text : collapsed + text.slice(kept)
}

export function collapseUnicode(text: string): string {
  if (text.charCodeAt(0) <= 0x20 && text.trim() === '') return ' '
  return (perhapsZeroWidth.test(text) ? text.replace(zeroWidthAll, '') : text).replace(spaces, ' ')
}

/** How often characters without width stand within a word of Latin letters, where no language needs them. */
export function countZeroWidthInWords(text: string): number {
  if (!perhapsZeroWidth.test(text)) return 0
  return (text.includes(softHyphen) ? text.replace(hyphenatedWord, unhyphenated) : text).match(zeroWidthInWord)?.length ?? 0
}

/** Short words are not hyphenated, they are cut up. */
function unhyphenated(word: string): string {
  const whole = word.replaceAll(softHyphen, '')
  return whole.length < minHyphenatedLetters ? word : whole
}
