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

  constructor(bytes: Buffer, boundaries: Boundaries) {
    this.#bytes = bytes
    this.#boundaries = boundaries
  }

  /** Reads the header that begins at `start`; `parent` is undefined for the message itself. */
  read(start: number, parent: MimePart | undefined): HeaderBlock {
    const bytes = this.#bytes
    if (parent === undefined) {
      const block = readHeaderBlock(bytes)
      if (block.faults.includes('too-long')) this.#findEnd(0)
      else this.#end(block.headerBytes, block.headerBytes, !block.faults.includes('no-end'))
      return block
    }
    // Some software forgets header and empty line; a message within may begin with an mbox line.
    if (parent.mediaType.startsWith('multipart/') && !this.#beginsHeader(start)) this.#end(start, start, false)
    else this.#findEnd(start)
    return readHeaderBlock(bytes.subarray(Math.min(start, this.bodyStart), this.bodyStart))
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
      at = lineEnd === -1 ? bytes.length : lineEnd + 1
    }
    this.#end(bytes.length, bytes.length, false)
  }

  /** Whether a field, an empty line or a delimiter stands here. */
  #beginsHeader(start: number): boolean {
    const bytes = this.#bytes
    let at = start
    for (let byte = bytes[at]; byte !== undefined && byte > 0x20 && byte < 0x7f && byte !== colon; ) byte = bytes[++at]
    if (at === start) return bytes[at] === lf || bytes[at] === cr || at >= bytes.length
    while (bytes[at] === 0x20 || bytes[at] === 0x09) at++
    return bytes[at] === colon || this.#boundaries.isDelimiter(start)
  }
}
