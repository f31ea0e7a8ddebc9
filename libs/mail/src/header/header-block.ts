/** The header block of a message (RFC 5322 §2.2, RFC 6532): found, split into fields, decoded only where it is asked for. */
import { isUtf8 } from 'node:buffer'
import { maxHeaderBytes } from '@sallyport/contracts/basics'

/** More fields than this are not read. */
export const maxHeaderFields = 2_000

const lf = 0x0a
const cr = 0x0d
const colon = 0x3a

export type HeaderFault =
  /** No empty line ends it: the whole content is header. */
  | 'no-end'
  /** Over 64 KiB: only the fields that are whole within the limit are read. */
  | 'too-long'
  | 'too-many-fields'
  /** A line that is neither a field nor a continuation (an mbox `From ` line, say). It is skipped with what continues it. */
  | 'not-a-field'
  /** The first line begins with white space: it would continue what we put in front. */
  | 'orphan-continuation'
  /** A continuation of white space only (obs-FWS): some software takes it for the end of the header. */
  | 'blank-continuation'
  | 'space-before-colon'
  | 'bare-line-end'
  | 'nul'

/** One field. `value` is decoded when it is first read. */
export interface HeaderField {
  /** As written, without white space before the colon. */
  readonly name: string
  readonly lowerName: string
  /** Offsets in the block of the whole field, its last line end included. */
  readonly start: number
  readonly end: number
  /** Unfolded (RFC 5322 §2.2.3), without white space around it; UTF-8 where it is valid UTF-8, otherwise Latin-1. Encoded words stay. */
  readonly value: string
}

export interface HeaderBlock {
  readonly bytes: Uint8Array
  readonly fields: readonly HeaderField[]
  /** Up to and including the empty line; the length of `bytes` read where no empty line ends it. */
  readonly headerBytes: number
  /** Each code once, in the order found. */
  readonly faults: readonly HeaderFault[]
}

/**
 * The offset behind the empty line that ends the header, or −1 where none does within `bytes`. Content that begins with an empty
 * line has a header of that line. A bare LF ends a line here too, since software that reads the message later may see it so.
 */
export function findHeaderEnd(bytes: Uint8Array): number {
  for (let start = 0; ; ) {
    if (bytes[start] === lf) return start + 1
    if (bytes[start] === cr && bytes[start + 1] === lf) return start + 2
    start = bytes.indexOf(lf, start) + 1
    if (start === 0) return -1
  }
}

/** Splits the header of a message (or of bytes that are only its header) into fields. Reads at most 64 KiB. Never throws. */
export function readHeaderBlock(content: Uint8Array): HeaderBlock {
  const limited = content.byteLength > maxHeaderBytes ? content.subarray(0, maxHeaderBytes) : content
  const bytes = Buffer.from(limited.buffer, limited.byteOffset, limited.byteLength)
  const faults = new Set<HeaderFault>()
  const fields: HeaderField[] = []
  if (bytes.length === 0) return { bytes, fields, headerBytes: 0, faults: ['no-end'] }
  let at = 0
  for (;;) {
    const endOfEmpty = bytes[at] === lf ? at + 1 : bytes[at] === cr && bytes[at + 1] === lf ? at + 2 : -1
    if (endOfEmpty !== -1) {
      if (endOfEmpty === at + 1) faults.add('bare-line-end')
      at = endOfEmpty
      break
    }
    const start = at
    // One field: its first line and the lines that continue it.
    do {
      const lineStart = at
      for (; at < bytes.length && bytes[at] !== lf; at++) {
        if (bytes[at] === cr && bytes[at + 1] !== lf) faults.add('bare-line-end')
      }
      if (at < bytes.length) {
        if (bytes[at - 1] !== cr) faults.add('bare-line-end')
        at++
      }
      if (lineStart !== start && isBlank(bytes, lineStart, at)) faults.add('blank-continuation')
    } while (at < bytes.length && isWhiteSpace(bytes[at]))
    if (at >= bytes.length) {
      faults.add(content.byteLength > bytes.length ? 'too-long' : 'no-end')
      // The field that the limit cuts is not whole.
      if (content.byteLength > bytes.length) break
    }
    if (fields.length >= maxHeaderFields) {
      faults.add('too-many-fields')
      const end = findHeaderEnd(bytes)
      at = end === -1 ? bytes.length : end
      break
    }
    const field = readField(bytes, start, at, faults)
    if (field) fields.push(field)
    if (at >= bytes.length) break
  }
  const nul = bytes.indexOf(0)
  if (nul !== -1 && nul < at) faults.add('nul')
  return { bytes, fields, headerBytes: at, faults: [...faults] }
}

const isWhiteSpace = (byte: number | undefined): boolean => byte === 0x20 || byte === 0x09

function isBlank(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    const byte = bytes[at]
    if (byte !== 0x20 && byte !== 0x09 && byte !== cr && byte !== lf) return false
  }
  return true
}

function readField(bytes: Buffer, start: number, end: number, faults: Set<HeaderFault>): HeaderField | undefined {
  if (isWhiteSpace(bytes[start])) {
    faults.add('orphan-continuation')
    return undefined
  }
  let nameEnd = start
  // RFC 5322 §2.2: printable ASCII but the colon.
  for (let byte = bytes[nameEnd]; byte !== undefined && nameEnd < end && byte > 0x20 && byte < 0x7f && byte !== colon; ) {
    byte = bytes[++nameEnd]
  }
  let colonAt = nameEnd
  while (colonAt < end && isWhiteSpace(bytes[colonAt])) colonAt++
  if (nameEnd === start || colonAt >= end || bytes[colonAt] !== colon) {
    faults.add('not-a-field')
    return undefined
  }
  if (colonAt > nameEnd) faults.add('space-before-colon')
  return new LazyField(bytes, start, nameEnd, colonAt + 1, end)
}

class LazyField implements HeaderField {
  readonly name: string
  readonly lowerName: string
  readonly start: number
  readonly end: number
  readonly #bytes: Buffer
  readonly #valueStart: number
  #value: string | undefined

  constructor(bytes: Buffer, start: number, nameEnd: number, valueStart: number, end: number) {
    this.#bytes = bytes
    this.name = bytes.toString('latin1', start, nameEnd)
    this.lowerName = this.name.toLowerCase()
    this.start = start
    this.end = end
    this.#valueStart = valueStart
  }

  get value(): string {
    this.#value ??= decodeValue(this.#bytes, this.#valueStart, this.end)
    return this.#value
  }
}

function decodeValue(bytes: Buffer, start: number, end: number): string {
  const latin1 = bytes.toString('latin1', start, end)
  const isAscii = !/[\x80-\xff]/.test(latin1)
  const text = isAscii || !isUtf8(bytes.subarray(start, end)) ? latin1 : bytes.toString('utf8', start, end)
  const unfolded = text.includes('\n') ? text.replace(/\r?\n(?=[ \t]|$)/g, '') : text
  return trimWhiteSpace(unfolded)
}

/** `String.trim` would take off no-break spaces too, which are part of an address that we must not see as another. */
function trimWhiteSpace(text: string): string {
  let start = 0
  let end = text.length
  while (start < end && isWhiteSpace(text.charCodeAt(start))) start++
  while (end > start && isWhiteSpace(text.charCodeAt(end - 1))) end--
  return text.slice(start, end)
}

/** The values of every field of this name (any case), in order. */
export function headerValues(block: HeaderBlock, name: string): readonly string[] {
  const lowerName = name.toLowerCase()
  const values: string[] = []
  for (const field of block.fields) if (field.lowerName === lowerName) values.push(field.value)
  return values
}

/** `Received` fields, for the loop limit (RFC 5321 §6.3). */
export function countReceived(block: HeaderBlock): number {
  let count = 0
  for (const field of block.fields) if (field.lowerName === 'received') count++
  return count
}
