/** The open elements of a document, each with its look; ends what HTML ends without an end tag. */
import type { HtmlElement } from './elements.ts'
import { type Look, pageLook } from './look.ts'

/** Browsers nest no deeper either. */
export const maxElementDepth = 512

export class ElementStack {
  private readonly elements: HtmlElement[] = []
  private readonly looks: Look[] = []
  /** How many of an element are open, by its index. */
  private readonly openCounts: number[] = []
  /** Of the innermost element. */
  look: Look = pageLook

  get depth(): number {
    return this.elements.length
  }

  /** Ends what the element ends by beginning. */
  endBefore({ ended }: HtmlElement): void {
    if (ended === undefined) return
    for (let top = this.elements.at(-1); top !== undefined && ended.has(top.name); top = this.elements.at(-1)) this.pop()
  }

  push(element: HtmlElement, look: Look): void {
    this.elements.push(element)
    this.looks.push(look)
    this.look = look
    this.openCounts[element.index] = (this.openCounts[element.index] ?? 0) + 1
  }

  /** Ends the innermost of these elements and what is open in it. Nothing where none is open within the cell at hand. */
  end(element: HtmlElement): void {
    if ((this.openCounts[element.index] ?? 0) === 0) return
    for (let at = this.elements.length - 1; at >= 0; at--) {
      const found = this.elements[at]
      if (found === element) {
        while (this.elements.length > at) this.pop()
        return
      }
      if (!element.isTablePart && found?.isScope) return
    }
  }

  private pop(): void {
    const element = this.elements.pop()
    this.looks.pop()
    this.look = this.looks.at(-1) ?? pageLook
    if (element !== undefined) this.openCounts[element.index] = (this.openCounts[element.index] ?? 1) - 1
  }
}
