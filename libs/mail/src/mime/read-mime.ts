/** Reads a message as MIME (RFC 2045, RFC 2046) in one pass over its bytes. */
import { isAscii } from 'node:buffer'
import { Boundaries } from './boundaries.ts'
import { ReadMessage } from './mime-message.ts'
import { Part } from './part.ts'
import { PartHeader } from './part-header.ts'
import type { MimeLimits, MimeMessage } from './port.ts'

const defaultMaxDepth = 100
const defaultMaxParts = 1_000
/** Of all parts together; a message with more is made to exhaust memory. */
const maxFieldsOfParts = 20_000

/**
 * Reads the structure of a message; bodies are decoded when they are asked for. Never throws; time and memory are linear in the
 * bytes given, which are kept and must not change. Faults of decoding are added to a part when it is decoded.
 */
export function readMime(content: Uint8Array, options?: MimeLimits & { readonly contentBytes?: number }): MimeMessage {
  const contentBytes = Math.max(content.byteLength, options?.contentBytes ?? 0)
  const isCut = contentBytes > content.byteLength
  const reader = new StructureReader(content, isCut, options?.maxDepth ?? defaultMaxDepth, options?.maxParts ?? defaultMaxParts)
  const { root, parts } = reader.read()
  return new ReadMessage(content, contentBytes, root, parts)
}

/** A part that is not at its end. */
interface OpenPart {
  readonly part: Part
  /** Of a multipart whose delimiters are looked for: whether one was found, and whether no more are expected. */
  readonly isSearched: boolean
  isFound: boolean
  isClosed: boolean
}

/** Why parts end: a delimiter of an outer multipart, or the end of the content. */
type End = 'delimiter' | 'content'

class StructureReader {
  readonly #bytes: Buffer
  readonly #isCut: boolean
  readonly #maxDepth: number
  readonly #maxParts: number
  readonly #boundaries: Boundaries
  readonly #header: PartHeader
  readonly #parts: Part[] = []
  /** From the message down to the part that is being read. The level of a boundary is its place here. */
  readonly #open: OpenPart[] = []
  #fieldCount = 0

  constructor(content: Uint8Array, isCut: boolean, maxDepth: number, maxParts: number) {
    this.#bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength)
    this.#isCut = isCut
    this.#maxDepth = maxDepth
    this.#maxParts = maxParts
    this.#boundaries = new Boundaries(this.#bytes)
    this.#header = new PartHeader(this.#bytes, this.#boundaries, isCut)
  }

  /** The message itself, and every part in depth-first order. */
  read(): { readonly root: Part; readonly parts: readonly Part[] } {
    const boundaries = this.#boundaries
    const root = this.#openPart(0, undefined)
    let at = this.#openMessages(root)
    while (boundaries.findNext(at)) {
      const { level } = boundaries
      const multipart = this.#open[level]
      if (!multipart) break
      multipart.isFound = true
      this.#closeTo(level + 1, boundaries.endBefore(boundaries.lineStart), 'delimiter')
      at = boundaries.nextLine
      if (boundaries.isClose) {
        multipart.isClosed = true
        boundaries.close(level)
      } else if (this.#isFull()) {
        this.#stopAt(multipart)
        break
      } else if (at < this.#bytes.length) at = this.#openMessages(this.#openPart(at, multipart.part))
    }
    this.#closeTo(0, this.#bytes.length, 'content')
    this.#findEightBit()
    return { root, parts: this.#parts }
  }

  #openPart(start: number, parent: Part | undefined): Part {
    const header = this.#header
    const block = header.read(start, parent)
    this.#fieldCount += block.fields.length
    const isCut = this.#isCut && header.bodyStart === this.#bytes.length
    const part = new Part(this.#parts.length, parent, block, header.bodyStart, isCut)
    this.#parts.push(part)
    const hasParts = part.isMultipart ? part.boundary !== '' : part.isMessage && header.isEnded
    const isSearched = hasParts && this.#mayDescend(part) && part.isMultipart
    if (isSearched) this.#boundaries.open(part.boundary, this.#open.length)
    this.#open.push({ part, isSearched, isFound: false, isClosed: false })
    return part
  }

  /** Opens the message within a message, however often; returns where the lines of the innermost go on. */
  #openMessages(part: Part): number {
    while (part.isMessage && this.#header.isEnded && part.depth < this.#maxDepth && !this.#isFull()) {
      part = this.#openPart(this.#header.next, part)
    }
    return this.#header.next
  }

  #mayDescend(part: Part): boolean {
    if (part.depth >= this.#maxDepth) part.addFault('too-deep')
    else if (this.#isFull()) part.addFault('too-many-parts')
    else return true
    return false
  }

  #isFull(): boolean {
    return this.#parts.length >= this.#maxParts || this.#fieldCount >= maxFieldsOfParts
  }

  /** Nothing is known of what follows: no multipart can be said to lack its end. */
  #stopAt(multipart: OpenPart): void {
    multipart.part.addFault('too-many-parts')
    for (const open of this.#open) open.isClosed = true
  }

  /** Closes the parts from this level on. */
  #closeTo(level: number, end: number, by: End): void {
    this.#boundaries.close(level)
    for (let open = this.#open.at(-1); open && this.#open.length > level; open = this.#open.at(-1)) {
      this.#open.pop()
      const { part } = open
      part.bodyEnd = end
      // The empty line that ends a header is the line end before a delimiter where there is no body.
      part.bodyStart = Math.min(part.bodyStart, end)
      if (open.isSearched) this.#findEndFaults(open, by)
    }
  }

  #findEndFaults({ part, isFound, isClosed }: OpenPart, by: End): void {
    if (!isClosed && by === 'content' && this.#isCut) return
    if (isFound && part.children.length === 0) part.addFault('multipart-empty')
    if (isClosed) return
    if (!isFound) part.addFault('boundary-missing')
    else part.addFault(by === 'delimiter' ? 'boundary-of-outer' : 'multipart-not-closed')
  }

  #findEightBit(): void {
    if (isAscii(this.#bytes)) return
    for (const part of this.#parts) {
      const { transferEncoding } = part
      if (part.children.length > 0) continue
      if (transferEncoding !== '7bit' && transferEncoding !== 'quoted-printable' && transferEncoding !== 'base64') continue
      if (!isAscii(this.#bytes.subarray(part.bodyStart, part.bodyEnd))) part.addFault('eight-bit-undeclared')
    }
  }
}
