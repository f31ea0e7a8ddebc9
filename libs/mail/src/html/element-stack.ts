/** The open elements of a document, each with its look; ends what HTML ends without an end tag. */
import { impliedEnds, scopeElements, tableElements } from './elements.ts'
import { type Look, pageLook } from './look.ts'

/** Browsers nest no deeper either. */
export const maxElementDepth = 512

export class ElementStack {
  private readonly names: string[] = []
  private readonly looks: Look[] = []
  private readonly openCounts = new Map<string, number>()

  get depth(): number {
    return this.names.length
  }

  get look(): Look {
    return this.looks.at(-1) ?? pageLook
  }

  isOpen(name: string): boolean {
    return (this.openCounts.get(name) ?? 0) > 0
  }

  /** Ends what an element of that name ends by beginning. */
  endBefore(name: string): void {
    const ended = impliedEnds.get(name)
    if (ended === undefined) return
    for (let top = this.names.at(-1); top !== undefined && ended.has(top); top = this.names.at(-1)) this.pop()
  }

  push(name: string, look: Look): void {
    this.names.push(name)
    this.looks.push(look)
    this.openCounts.set(name, (this.openCounts.get(name) ?? 0) + 1)
  }

  /** Ends the innermost element of that name and what is open in it. Nothing where none is open within the cell at hand. */
  end(name: string): void {
    if (!this.isOpen(name)) return
    const endsTable = tableElements.has(name)
    for (let at = this.names.length - 1; at >= 0; at--) {
      const found = this.names[at]
      if (found === name) {
        while (this.names.length > at) this.pop()
        return
      }
      if (!endsTable && found !== undefined && scopeElements.has(found)) return
    }
  }

  private pop(): void {
    const name = this.names.pop()
    this.looks.pop()
    if (name !== undefined) this.openCounts.set(name, (this.openCounts.get(name) ?? 1) - 1)
  }
}
