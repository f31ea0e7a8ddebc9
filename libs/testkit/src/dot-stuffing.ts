/** Transparency of DATA (RFC 5321 §4.5.2). */

const crlfDot = Buffer.from('\r\n.')

/** What is sent after DATA: a dot more before each line that starts with one, a final CRLF where there is none, and the end. */
export function stuffed(content: Uint8Array): Buffer {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength)
  const parts: Buffer[] = []
  if (bytes[0] === 0x2e) parts.push(Buffer.from('.'))
  let from = 0
  for (let at = bytes.indexOf(crlfDot); at >= 0; at = bytes.indexOf(crlfDot, at + 3)) {
    parts.push(bytes.subarray(from, at + 3), Buffer.from('.'))
    from = at + 3
  }
  parts.push(bytes.subarray(from))
  const endsInCrlf = bytes.length >= 2 && bytes[bytes.length - 2] === 0x0d && bytes[bytes.length - 1] === 0x0a
  parts.push(Buffer.from(endsInCrlf || bytes.length === 0 ? '.\r\n' : '\r\n.\r\n'))
  return Buffer.concat(parts)
}

/** The content of what was sent, without the final `.` line: the first dot of each line that starts with one is gone. */
export function unstuffed(sent: Buffer): Buffer {
  const parts: Buffer[] = []
  let from = sent[0] === 0x2e ? 1 : 0
  for (let at = sent.indexOf(crlfDot); at >= 0; at = sent.indexOf(crlfDot, at + 3)) {
    parts.push(sent.subarray(from, at + 2))
    from = at + 3
  }
  parts.push(sent.subarray(from))
  return Buffer.concat(parts)
}

/** Finds the end of DATA in a stream of chunks. */
export interface DataEnd {
  /** The chunk up to and including the end, and what follows it; undefined when the end has not come. */
  take(chunk: Buffer): { readonly content: Buffer; readonly rest: Buffer } | undefined
  /** Bytes taken so far, the end included. */
  sentBytes(): number
}

const end = Buffer.from('\r\n.\r\n')

/** `take` returns all that was sent, without the final `.` line and still stuffed, once the end has come. */
export function dataEnd(): DataEnd {
  const chunks: Buffer[] = []
  /** The last bytes seen; DATA begins at the start of a line. */
  let tail = Buffer.from('\r\n')
  let sent = 0
  return {
    sentBytes: () => sent,
    take(chunk) {
      const seen = Buffer.concat([tail, chunk])
      const at = seen.indexOf(end)
      if (at < 0) {
        chunks.push(chunk)
        sent += chunk.length
        tail = seen.subarray(Math.max(0, seen.length - 4))
        return undefined
      }
      const endOfChunk = at + end.length - tail.length
      sent += endOfChunk
      const all = Buffer.concat([...chunks, chunk.subarray(0, endOfChunk)])
      return { content: all.subarray(0, all.length - 3), rest: chunk.subarray(endOfChunk) }
    },
  }
}
