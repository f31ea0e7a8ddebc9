/** What the `<style>` elements of a mail say about the display of classes, ids and element names, read leniently. */
import type { Colour } from './colour.ts'
import { cssComment, readInlineStyle, unreadableFontPx } from './inline-style.ts'

/** Rules and selectors beyond these are not read. */
const maxRules = 2_000
const maxSelectorsPerRule = 50
const maxRuleChars = 4_000
const simpleSelector = /^[a-z]{0,10}\d?(?:[.#][\w-]{1,80})?$/i
const nameAtStart = /^(?:[a-z]{1,10}\d?|[.#][\w-]{1,80})/i

const relevant = /display|visibility|color|background|font|height|opacity|indent|left|top/i
const importantDisplay = /display[ \t]{0,8}:[^;]{0,40}!/i

/**
 * The questions answered err on the side that is safe: which simple selectors hide on every screen and are shown on none; which names
 * some rule shows in spite of an inline `display:none` (a layout for another screen); and which names some rule gives a background
 * or a colour, so that what is known of the colours around them does not hold.
 */
export class StyleSheet {
  private readonly hidden = new Set<string>()
  private readonly shown = new Set<string>()
  private readonly forced = new Set<string>()
  private readonly papers = new Map<string, Colour>()
  private readonly inks = new Set<string>()
  private ruleCount = 0

  get isEmpty(): boolean {
    return this.ruleCount === 0
  }

  /** Names are `.class`, `#id` or an element's. */
  hides(name: string): boolean {
    return this.hidden.has(name) && !this.shown.has(name)
  }
  forcesDisplay(name: string): boolean {
    return this.forced.has(name)
  }
  /** The background that rules give, `unknown` where they differ or depend on more than the name. */
  background(name: string): Colour | undefined {
    return this.papers.get(name)
  }
  hasColour(name: string): boolean {
    return this.inks.has(name)
  }

  /** Adds the rules of one style element. Time is linear in its length. Never throws. */
  add(css: string): void {
    const plain = css.includes('/*') || css.includes('<!--') ? css.replace(cssComment, ' ').replace(/<!--|-->/g, ' ') : css
    const boundary = /[{};]/g
    let depth = 0
    let start = 0
    for (let found = boundary.exec(plain); found !== null && this.ruleCount < maxRules; found = boundary.exec(plain)) {
      const at = found.index
      if (found[0] === '{') {
        const prelude = plain.slice(start, Math.min(at, start + maxRuleChars)).trim()
        if (prelude.startsWith('@media') || prelude.startsWith('@supports')) {
          depth++
        } else {
          const close = plain.indexOf('}', at)
          const end = close === -1 ? plain.length : close
          if (!prelude.startsWith('@')) this.addRule(prelude, plain.slice(at + 1, Math.min(end, at + maxRuleChars)), depth > 0)
          boundary.lastIndex = end + 1
          start = end + 1
          continue
        }
      } else if (found[0] === '}') {
        depth = Math.max(0, depth - 1)
      }
      start = at + 1
    }
  }

  private addRule(prelude: string, body: string, isConditional: boolean): void {
    this.ruleCount++
    if (!relevant.test(body)) return
    const style = readInlineStyle(body)
    const hides = !isConditional && (style.isGone || style.visibility === 'hidden' || (style.fontPx ?? 16) <= unreadableFontPx)
    const isForced = style.isShown && importantDisplay.test(body)
    if (!hides && !style.isShown && style.background === undefined && style.colour === undefined) return
    for (const written of prelude.split(',', maxSelectorsPerRule)) {
      const selector = written.trim()
      const isSimple = simpleSelector.test(selector)
      if (hides && isSimple) this.hidden.add(lastName(selector))
      for (const name of subjectNames(selector)) {
        if (style.isShown) this.shown.add(name)
        if (isForced) this.forced.add(name)
        if (style.colour !== undefined) this.inks.add(name)
        if (style.background !== undefined) this.paint(name, isSimple && !isConditional ? style.background : 'unknown')
      }
    }
  }

  private paint(name: string, colour: Colour): void {
    const before = this.papers.get(name)
    this.papers.set(name, before === undefined || before === colour ? colour : 'unknown')
  }
}

/** Element name, classes and ids of what stands last in a selector, up to its first pseudo-class or attribute. */
function subjectNames(selector: string): string[] {
  let start = selector.length
  while (start > 0 && !' >+~\t\n\r'.includes(selector.charAt(start - 1))) start--
  const names: string[] = []
  for (let rest = selector.slice(start, start + 400); rest !== ''; ) {
    const name = nameAtStart.exec(rest)?.[0]
    if (name === undefined) break
    names.push(keyOf(name))
    rest = rest.slice(name.length)
  }
  return names
}

const keyOf = (name: string): string => (name.startsWith('.') || name.startsWith('#') ? name : name.toLowerCase())

function lastName(selector: string): string {
  const at = Math.max(selector.indexOf('.'), selector.indexOf('#'))
  return at === -1 ? keyOf(selector) : selector.slice(at)
}
