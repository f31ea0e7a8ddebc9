/** Bare CR and LF: what strict SMTP forbids (RFC 5321 §2.3.8), since servers disagree on whether they end a line (SMTP smuggling). */

const lf = 0x0a
const cr = 0x0d

/** Looks for a CR without LF or an LF without CR over the chunks of one message. */
export class BareLineEndScanner {
  #offset = 0
  #endsInCr = false

  /** The offset in the message of the first bare CR or LF in this chunk (a CR that ended the chunk before counts here), or −1. */
  scan(chunk: Uint8Array): number {
    const { length } = chunk
    if (length === 0) return -1
    const base = this.#offset
    this.#offset += length
    let at = 0
    if (this.#endsInCr) {
      this.#endsInCr = false
      if (chunk[0] !== lf) return base - 1
      at = 1
    }
    for (; at < length; at++) {
      const byte = chunk[at]
      if (byte === undefined || byte > cr || (byte !== cr && byte !== lf)) continue
      if (byte === lf) return base + at
      if (at + 1 === length) this.#endsInCr = true
      else if (chunk[++at] !== lf) return base + at - 1
    }
    return -1
  }

  /** At the end of the message: the offset of a CR that ended it, or −1. */
  end(): number {
    return this.#endsInCr ? this.#offset - 1 : -1
  }
}

/** The offset of the first bare CR or LF of a whole message, or −1. */
export function findBareLineEnd(bytes: Uint8Array): number {
  const scanner = new BareLineEndScanner()
  const found = scanner.scan(bytes)
  return found === -1 ? scanner.end() : found
}
