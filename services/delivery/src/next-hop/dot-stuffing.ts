/** Transparency (RFC 5321 §4.5.2): a dot at the start of a line gets another; nothing else of the content is touched. */

const dot = 0x2e
const lf = 0x0a
const cr = 0x0d
const lineStartDot = Buffer.from('\n.')

export interface DotStuffer {
  /** What goes over the wire for this chunk: the chunk itself, or views of it around the added dots. No copies. */
  stuff(chunk: Uint8Array): readonly Uint8Array[]
  /** What ends the content. A last line without CRLF gets one, as SMTP cannot say it otherwise. */
  end(): Uint8Array
}

const oneDot = Buffer.from('.')
const endAtLineStart = Buffer.from('.\r\n')
const endWithinLine = Buffer.from('\r\n.\r\n')

/**
 * A dot after a bare LF is stuffed, too: the gateway takes no bare LF in, and if one were here, a next hop that takes it
 * for a line end must not see the end of the message (SMTP smuggling).
 */
export function dotStuffer(): DotStuffer {
  let last = lf
  let beforeLast = cr
  return {
    stuff(chunk) {
      if (chunk.length === 0) return []
      const view = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
      const pieces: Uint8Array[] = []
      let from = 0
      if (view[0] === dot && last === lf) pieces.push(oneDot)
      for (let at = view.indexOf(lineStartDot); at >= 0; at = view.indexOf(lineStartDot, at + 2)) {
        pieces.push(view.subarray(from, at + 1), oneDot)
        from = at + 1
      }
      pieces.push(from === 0 ? view : view.subarray(from))
      beforeLast = view.length > 1 ? (view[view.length - 2] ?? 0) : last
      last = view[view.length - 1] ?? 0
      return pieces
    },
    end: () => (last === lf && beforeLast === cr ? endAtLineStart : endWithinLine),
  }
}
