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
      let byte = chunk[at]
      while (byte !== undefined && byte !== lf && byte !== cr) byte = chunk[++at]
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
