/** Finds the delimiters of the multiparts that are open (RFC 2046 §5.1.1), each byte being looked at a bounded number of times. */

const lf = 0x0a
const cr = 0x0d
const dash = 0x2d
const space = 0x20
const tab = 0x09
const lineOfDashes = Buffer.from('\n--')
/** Transport padding behind a boundary; longer lines are no delimiters (RFC 5322 §2.1.1 ends lines long before). */
const maxPaddingBytes = 1_000
/** So far ahead a loop is quicker than a call. */
const nearBytes = 40

const none = new Uint32Array()

interface Open {
  readonly boundary: string
  readonly level: number
  /** The level that had the same boundary before. */
  readonly shadowed: number | undefined
}

/**
 * The boundaries of the open multiparts, each with the level that it was opened at; levels close in the reverse order. A delimiter
 * is a line of `--`, the boundary, and `--` at the close; white space ends it, and what follows is ignored. A boundary that begins
 * another one is never taken for it.
 */
export class Boundaries {
  /** Of the delimiter that was found last: the offset of its line, and of what follows the line. */
  lineStart = 0
  nextLine = 0
  level = 0
  isClose = false
  readonly #bytes: Buffer
  readonly #open: Open[] = []
  readonly #levels = new Map<string, number>()
  /** How many open boundaries are so long, and begin with this byte. */
  readonly #lengths = new Map<number, number>()
  #firstBytes: Uint32Array = none
  #longest = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  /** `boundary` has at least one character and no white space at its end; characters are bytes. */
  open(boundary: string, level: number): void {
    this.#open.push({ boundary, level, shadowed: this.#levels.get(boundary) })
    this.#levels.set(boundary, level)
    this.#count(boundary, 1)
    this.#longest = Math.max(this.#longest, boundary.length)
  }

  /** Forgets the boundaries opened at this level and deeper. */
  close(level: number): void {
    for (let last = this.#open.at(-1); last && last.level >= level; last = this.#open.at(-1)) {
      this.#open.pop()
      if (last.shadowed === undefined) this.#levels.delete(last.boundary)
      else this.#levels.set(last.boundary, last.shadowed)
      this.#count(last.boundary, -1)
    }
    if (this.#open.length === 0) this.#longest = 0
  }

  #count(boundary: string, by: number): void {
    const first = boundary.charCodeAt(0)
    // Most messages have one part.
    if (this.#firstBytes === none) this.#firstBytes = new Uint32Array(256)
    this.#firstBytes[first] = (this.#firstBytes[first] ?? 0) + by
    this.#lengths.set(boundary.length, (this.#lengths.get(boundary.length) ?? 0) + by)
  }

  /** Finds the next delimiter in the lines from the one that begins at `from`; false where none follows. */
  findNext(from: number): boolean {
    if (this.#open.length === 0) return false
    for (let at = this.#nextDashes(from); at !== -1; at = this.#nextDashes(at + 2)) if (this.isDelimiter(at)) return true
    return false
  }

  /** The offset of the next line, from the one that begins at `from`, that begins with two dashes; −1 where none does. */
  #nextDashes(from: number): number {
    const bytes = this.#bytes
    const near = Math.min(from + nearBytes, bytes.length - 2)
    for (let at = from; at < near; at++) {
      if (bytes[at] === dash && bytes[at + 1] === dash && bytes[at - 1] === lf) return at
    }
    if (near >= bytes.length - 2) return -1
    const found = bytes.indexOf(lineOfDashes, near - 1)
    return found === -1 ? -1 : found + 1
  }

  /** Whether the line that begins at `lineStart` is a delimiter; what it is then stands in the fields. */
  isDelimiter(lineStart: number): boolean {
    const bytes = this.#bytes
    const start = lineStart + 2
    if (bytes[lineStart] !== dash || bytes[lineStart + 1] !== dash || !this.#firstBytes[bytes[start] ?? 0]) return false
    const limit = Math.min(bytes.length, start + this.#longest + maxPaddingBytes)
    let lineEnd = start
    let wordEnd = 0
    for (let byte = bytes[start]; lineEnd < limit && byte !== lf; byte = bytes[++lineEnd]) {
      if (wordEnd === 0 && (byte === space || byte === tab)) wordEnd = lineEnd
    }
    if (lineEnd === limit && limit < bytes.length && bytes[lineEnd] !== lf) return false
    let end = lineEnd
    for (let byte = bytes[end - 1]; end > start && (byte === space || byte === tab || byte === cr); byte = bytes[end - 1]) end--
    if (!this.#isBoundary(start, end) && !(wordEnd > 0 && wordEnd < end && this.#isBoundary(start, wordEnd))) return false
    this.lineStart = lineStart
    this.nextLine = Math.min(lineEnd + 1, bytes.length)
    return true
  }

  #isBoundary(start: number, end: number): boolean {
    const length = end - start
    const isDashed = length > 2 && this.#bytes[end - 1] === dash && this.#bytes[end - 2] === dash
    const asOpen = this.#lengths.get(length) ? this.#levelOf(start, end) : -1
    const asClose = isDashed && this.#lengths.get(length - 2) ? this.#levelOf(start, end - 2) : -1
    if (asOpen === -1 && asClose === -1) return false
    this.level = Math.max(asOpen, asClose)
    this.isClose = asClose > asOpen
    return true
  }

  #levelOf(start: number, end: number): number {
    return this.#levels.get(this.#bytes.toString('latin1', start, end)) ?? -1
  }

  /** The offset of the line end before the line that begins at `lineStart`: it belongs to the delimiter. */
  endBefore(lineStart: number): number {
    if (this.#bytes[lineStart - 1] !== lf) return lineStart
    return this.#bytes[lineStart - 2] === cr ? lineStart - 2 : lineStart - 1
  }
}
