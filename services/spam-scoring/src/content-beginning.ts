/** A message that is too long to be read whole: its first bytes, and behind them what shows the structure of the rest. */

/** Of what comes behind the first bytes: the lines that look like boundaries, the header behind each, and the beginning of its body. */
const maxStructureBytes = 262_144
const maxHeaderBytes = 8192
/** Enough to tell a file by its first bytes, and whole lines of base64. */
const maxBodyBytes = 2048
/** Of a longer line only so much is kept, in whole groups of base64. */
const maxLineBytes = 1024
const [lf, cr, dash] = [10, 13, 45]

/**
 * Reads the chunks to their end, or until what is kept is full. The first `scoreBytes` are kept as they are, up to the last line end
 * in them; memory is at most that and 256 KiB more. Fails as the chunks do.
 */
export async function contentBeginning(chunks: AsyncIterable<Uint8Array>, scoreBytes: number): Promise<Uint8Array> {
  const beginning = new Beginning(scoreBytes)
  for await (const chunk of chunks) if (!beginning.take(chunk)) break
  return beginning.kept()
}

class Beginning {
  readonly #scoreBytes: number
  #first: Uint8Array[] = []
  #firstBytes = 0
  #isCut = false
  readonly #structure: Buffer[] = []
  #structureBytes = 0
  /** The line that is not at its end: what is kept of it, at most `maxLineBytes`. */
  readonly #line = Buffer.alloc(maxLineBytes)
  #lineBytes = 0
  /** Where the first bytes end nobody knows whether that is within a header. */
  #isHeader = true
  #leftBytes = maxHeaderBytes

  constructor(scoreBytes: number) {
    this.#scoreBytes = scoreBytes
  }

  /** False where no more is kept. */
  take(chunk: Uint8Array): boolean {
    const room = this.#scoreBytes - this.#firstBytes
    if (!this.#isCut && chunk.byteLength <= room) {
      // The store may use its buffer again.
      this.#first.push(chunk.slice())
      this.#firstBytes += chunk.byteLength
      return true
    }
    if (!this.#isCut) this.#cut(chunk.slice(0, room))
    return this.#takeLines(chunk.subarray(room))
  }

  /** The last of the first bytes: the line that is broken there goes on with the rest. */
  #cut(last: Uint8Array): void {
    this.#isCut = true
    this.#firstBytes += last.byteLength
    const first = Buffer.concat([...this.#first, last])
    const end = first.lastIndexOf(lf) + 1
    if (first.byteLength - end > maxLineBytes) this.#first = [first, Buffer.from('\r\n')]
    else {
      this.#first = [first.subarray(0, end)]
      this.#append(first.subarray(end))
    }
  }

  #takeLines(bytes: Uint8Array): boolean {
    let at = 0
    while (at < bytes.byteLength) {
      const end = bytes.indexOf(lf, at)
      this.#append(bytes.subarray(at, end < 0 ? bytes.byteLength : end + 1))
      if (end < 0) return true
      this.#endLine()
      if (this.#structureBytes >= maxStructureBytes) return false
      at = end + 1
    }
    return true
  }

  #append(part: Uint8Array): void {
    const taken = Math.min(part.byteLength, maxLineBytes - this.#lineBytes)
    if (taken > 0) this.#line.set(part.subarray(0, taken), this.#lineBytes)
    this.#lineBytes += taken
  }

  #endLine(): void {
    const line = this.#line.subarray(0, this.#lineBytes)
    this.#lineBytes = 0
    if (line[0] === dash && line[1] === dash) {
      this.#isHeader = true
      this.#leftBytes = maxHeaderBytes
      this.#keep(line)
    } else if (this.#leftBytes > 0) {
      this.#leftBytes -= line.byteLength
      this.#keep(line)
      if (this.#isHeader && (line[0] === lf || (line[0] === cr && line[1] === lf))) {
        this.#isHeader = false
        this.#leftBytes = maxBodyBytes
      }
    }
  }

  #keep(line: Buffer): void {
    const isWhole = line.at(-1) === lf
    const kept = isWhole ? Buffer.from(line) : Buffer.concat([line, Buffer.from('\r\n')])
    this.#structure.push(kept)
    this.#structureBytes += kept.byteLength
  }

  kept(): Uint8Array {
    if (this.#lineBytes > 0) this.#endLine()
    return Buffer.concat([...this.#first, ...this.#structure])
  }
}
