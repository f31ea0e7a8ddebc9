/**
 * The content of all messages that is in memory between DATA and reply. Each may have 64 KiB there, since their number is bounded;
 * what travels inline beyond that has a bound in all, so that a flood of larger messages goes to the content store instead.
 */
export class ContentMemory {
  readonly #maxBytes: number
  #bytes = 0

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  get bytes(): number {
    return this.#bytes
  }

  /** False: there is more now than should be. */
  get hasRoom(): boolean {
    return this.#bytes <= this.#maxBytes
  }

  take(bytes: number): void {
    this.#bytes += bytes
  }

  give(bytes: number): void {
    this.#bytes -= bytes
  }
}
