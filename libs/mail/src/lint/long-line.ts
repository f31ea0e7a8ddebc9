/** Lines that are longer than they may be (RFC 5322 §2.1.1). */

const lf = 0x0a
const cr = 0x0d

export interface LongLine {
  /** Of the first such line, without its line end. */
  readonly octets: number
  readonly start: number
}

/** The first line of more than `maxOctets` octets between two offsets. Looks at about one place per `maxOctets`. */
export function findLongLine(bytes: Uint8Array, from: number, to: number, maxOctets: number): LongLine | undefined {
  for (let start = from; to - start > maxOctets; ) {
    // A line that fits has its LF here; the last LF in reach skips the shorter lines before it.
    let last = Math.min(start + maxOctets + 1, to - 1)
    while (last >= start && bytes[last] !== lf) last--
    if (last >= start) {
      start = last + 1
      continue
    }
    const next = bytes.indexOf(lf, start)
    const end = next === -1 || next > to ? to : next
    const octets = end - start - (bytes[end - 1] === cr ? 1 : 0)
    if (octets > maxOctets) return { octets, start }
    start = end + 1
  }
  return undefined
}

/** From 1. */
export function lineNumberAt(bytes: Uint8Array, from: number, at: number): number {
  let line = 1
  for (let index = from; index < at; index++) if (bytes[index] === lf) line++
  return line
}
