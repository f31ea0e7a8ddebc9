/**
 * The content of DATA out of the bytes that a client sends (RFC 5321 §4.5.2), strictly: only CRLF ends a line and only
 * CRLF "." CRLF ends the content, whatever other servers take for an end (SMTP smuggling).
 *
 * Bare line ends are made whole on the way, so that no server behind us can read them otherwise: a bare LF becomes CRLF (and a line
 * may begin after it, so a stuffed dot there is taken off, as clients that send bare LF stuff it), a bare CR becomes a space.
 */

const cr = 0x0d
const lf = 0x0a
const dot = 0x2e
const crlf = Buffer.from('\r\n')
const space = Buffer.from(' ')
const nothing = Buffer.alloc(0)
/** A shorter chunk is looked through before a view of its words is made. */
const fewBytes = 64

type Place = 'after-crlf' | 'after-lf' | 'in-line'

export class DataDecoder {
  /** True once a bare CR or LF was seen. */
  hasBareLineEnd = false
  #place: Place = 'after-crlf'
  /** Bytes whose meaning the next chunk tells: CR, "." or "." CR. */
  #held: Buffer = nothing
  #pieces: Buffer[] = []

  /**
   * Takes what came. `content` is what it adds to the content (a view where nothing had to be changed, and sometimes empty);
   * `rest` is what follows the end of DATA, undefined as long as that has not come.
   */
  take(came: Buffer): { readonly content: Buffer; readonly rest: Buffer | undefined } {
    const chunk = this.#held.length > 0 ? Buffer.concat([this.#held, came]) : came
    this.#held = nothing
    const { length } = chunk
    const words = wordsOf(chunk)
    let place = this.#place
    let from = 0
    let at = 0
    while (at < length) {
      if (place !== 'in-line') {
        if (chunk[at] === dot) {
          const next = chunk[at + 1]
          if (next === undefined || (next === cr && at + 2 === length)) {
            return this.#more(chunk, from, at, place)
          }
          if (next === cr && chunk[at + 2] === lf) {
            if (place === 'after-crlf') return { content: this.#piecesWith(chunk, from, at), rest: chunk.subarray(at + 3) }
            // A dot alone between a bare LF and CRLF is content.
            at += 3
            place = 'after-crlf'
            continue
          }
          // A dot alone before a bare LF is content, too; any other was stuffed.
          if (next !== lf) {
            this.#keep(chunk, from, at)
            from = at + 1
          }
          at++
        }
        place = 'in-line'
      }
      at = lineEndFrom(at, chunk, words)
      const byte = chunk[at]
      if (byte === undefined) break
      if (byte === cr) {
        if (at + 1 === length) return this.#more(chunk, from, at, place)
        if (chunk[at + 1] === lf) {
          at += 2
          place = 'after-crlf'
          continue
        }
      }
      this.hasBareLineEnd = true
      this.#keep(chunk, from, at)
      this.#pieces.push(byte === cr ? space : crlf)
      if (byte === lf) place = 'after-lf'
      from = ++at
    }
    return this.#more(chunk, from, length, place)
  }

  #more(chunk: Buffer, from: number, to: number, place: Place): { content: Buffer; rest: undefined } {
    this.#place = place
    if (to < chunk.length) this.#held = Buffer.from(chunk.subarray(to))
    return { content: this.#piecesWith(chunk, from, to), rest: undefined }
  }

  #keep(chunk: Buffer, from: number, to: number): void {
    if (to > from) this.#pieces.push(chunk.subarray(from, to))
  }

  /** One buffer, however often something was changed: thousands of views would cost more than their bytes. */
  #piecesWith(chunk: Buffer, from: number, to: number): Buffer {
    if (this.#pieces.length === 0) return chunk.subarray(from, to)
    this.#keep(chunk, from, to)
    const content = Buffer.concat(this.#pieces)
    this.#pieces = []
    return content
  }
}

interface Words {
  readonly of: Int32Array
  /** Bytes of the chunk before the first word. */
  readonly from: number
}

const noWords: Words = { of: new Int32Array(0), from: 0 }

function wordsOf(chunk: Buffer): Words {
  if (chunk.length < fewBytes) return noWords
  const from = -chunk.byteOffset & 3
  return { of: new Int32Array(chunk.buffer, chunk.byteOffset + from, (chunk.length - from) >> 2), from }
}

/** Not 0 where one of the four bytes is below 0x0e: most lines have none but their end. */
const hasLow = (word: number): number => (word - 0x0e0e0e0e) & ~word & 0x80808080

/** The offset of the first CR or LF at or after `start`; the length of the chunk where there is none. */
function lineEndFrom(start: number, chunk: Buffer, { of: words, from }: Words): number {
  for (let at = start; ; ) {
    // Byte by byte to the next word, and through one that has a low byte.
    do {
      const byte = chunk[at]
      if (byte === undefined || byte === lf || byte === cr) return at
      at++
    } while (((at - from) & 3) !== 0)
    let index = (at - from) >> 2
    while (index + 1 < words.length && (hasLow(words[index] ?? 0) | hasLow(words[index + 1] ?? 0)) === 0) index += 2
    at = from + index * 4
  }
}
