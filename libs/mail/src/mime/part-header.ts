/** Where the header of a part ends: at an empty line, and never beyond a delimiter. */
import { type HeaderBlock, readHeaderBlock } from '../header/header-block.ts'
import type { Boundaries } from './boundaries.ts'
import type { MimePart } from './port.ts'

const lf = 0x0a
const cr = 0x0d
const dash = 0x2d
const colon = 0x3a

export class PartHeader {
  /** Of the header that was read last: where the body begins, where its lines go on, and whether the empty line is there. */
  bodyStart = 0
  next = 0
  isEnded = false
  readonly #bytes: Buffer
  readonly #boundaries: Boundaries
  readonly #isCut: boolean

  /** `isCut`: the end of the content is missing. */
  constructor(bytes: Buffer, boundaries: Boundaries, isCut: boolean) {
    this.#bytes = bytes
    this.#isCut = isCut
    this.#boundaries = boundaries
  }

  /** Reads the header that begins at `start`; `parent` is undefined for the message itself. */
  read(start: number, parent: MimePart | undefined): HeaderBlock {
    const block = parent === undefined ? this.#readFirst() : this.#readBlock(start)
    if (this.#isCut && this.bodyStart === this.#bytes.length && !this.isEnded) return this.#readWholeLines(start)
    if (block.fields.length > 0 || !block.faults.includes('not-a-field')) return block
    // Some software forgets header and empty line: what stands here is the body.
    this.#end(start, start, false)
    return parent === undefined ? block : readHeaderBlock(this.#bytes.subarray(start, start))
  }

  #readFirst(): HeaderBlock {
    const block = readHeaderBlock(this.#bytes)
    if (block.faults.includes('too-long')) this.#findEnd(0)
    else this.#end(block.headerBytes, block.headerBytes, !block.faults.includes('no-end'))
    return block
  }

  #readBlock(start: number): HeaderBlock {
    this.#findEnd(start)
    return readHeaderBlock(this.#bytes.subarray(Math.min(start, this.bodyStart), this.bodyStart))
  }

  /** Of a header whose end is missing the last line may be half of one. */
  #readWholeLines(start: number): HeaderBlock {
    return readHeaderBlock(this.#bytes.subarray(start, Math.max(start, this.#bytes.lastIndexOf(lf) + 1)))
  }

  #end(bodyStart: number, next: number, isEnded: boolean): void {
    this.bodyStart = bodyStart
    this.next = next
    this.isEnded = isEnded
  }

  #findEnd(start: number): void {
    const bytes = this.#bytes
    for (let at = start; at < bytes.length; ) {
      const afterEmpty = bytes[at] === lf ? at + 1 : bytes[at] === cr && bytes[at + 1] === lf ? at + 2 : -1
      if (afterEmpty !== -1) {
        this.#end(afterEmpty, afterEmpty, true)
        return
      }
      if (bytes[at] === dash && this.#boundaries.isDelimiter(at)) {
        this.#end(this.#boundaries.endBefore(at), at, false)
        return
      }
      const lineEnd = bytes.indexOf(lf, at)
      const nextLine = lineEnd === -1 ? bytes.length : lineEnd + 1
      // No field: most likely the delimiter of this part's own parts, before which the empty line was forgotten.
      if (bytes[at] === dash && bytes[at + 1] === dash && !bytes.subarray(at, nextLine).includes(colon)) {
        this.#end(at, at, false)
        return
      }
      at = nextLine
    }
    this.#end(bytes.length, bytes.length, false)
  }
}
