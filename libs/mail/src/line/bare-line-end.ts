/** Bare CR and LF: what strict SMTP forbids (RFC 5321 §2.3.8), since servers disagree on whether they end a line (SMTP smuggling). */

const lf = 0x0a
/** On a string, since the regular expression engine is twice as fast as a loop over bytes. */
const bareLineEnd = /\r(?!\n)|(?<!\r)\n/

/** Looks for a CR without LF or an LF without CR over the chunks of one message. */
export class BareLineEndScanner {
  #offset = 0
  #endsInCr = false

  /**
   * The offset in the message of the first bare CR or LF in this chunk (a CR that ended the chunk before counts here), or −1.
   * After one was found, further calls look from the next chunk on.
   */
  scan(chunk: Uint8Array): number {
    const { byteLength } = chunk
    if (byteLength === 0) return -1
    const base = this.#offset
    this.#offset += byteLength
    // The LF of a CRLF that was cut between two chunks.
    const skipped = this.#endsInCr ? 1 : 0
    this.#endsInCr = false
    if (skipped === 1 && chunk[0] !== lf) return base - 1
    const text = Buffer.from(chunk.buffer, chunk.byteOffset + skipped, byteLength - skipped).toString('latin1')
    const found = text.search(bareLineEnd)
    if (found === -1) return -1
    if (found === text.length - 1 && text.charCodeAt(found) !== lf) {
      this.#endsInCr = true
      return -1
    }
    return base + skipped + found
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
