/** What one upload holds in memory, and has a share of `UploadMemory` for: chunks while they are few, then a part that is filled again and again. */
import type { UploadMemory } from './upload-memory.ts'

/** More chunks than this become one, however small: each costs memory of its own. */
const mostChunks = 1_000

export class PartBuffer {
  readonly #memory: UploadMemory
  readonly #partBytes: number
  readonly #signal: AbortSignal
  #chunks: Uint8Array[] = []
  #part: Buffer | undefined
  #bytes = 0
  /** Of the small share. */
  #smallBytes = 0
  #takenBytes = 0

  constructor(memory: UploadMemory, partBytes: number, signal: AbortSignal) {
    this.#memory = memory
    this.#partBytes = partBytes
    this.#signal = signal
  }

  /** It holds as much as a part has, and must be emptied. */
  get isPart(): boolean {
    return this.#bytes === this.#partBytes
  }

  /** There is memory for it already, and it fills no part. */
  fits({ byteLength }: Uint8Array): boolean {
    if (this.#bytes + byteLength >= this.#partBytes) return false
    return this.#part !== undefined || this.#bytes + byteLength <= this.#smallBytes
  }

  /** What fits. */
  add(chunk: Uint8Array): void {
    if (this.#part) this.#part.set(chunk, this.#bytes)
    else this.#chunks.push(chunk)
    this.#bytes += chunk.byteLength
    if (this.#chunks.length > mostChunks) this.#chunks = [joined(this.#chunks)]
  }

  /** Takes of the chunk what a part has room for, and resolves with the rest. Waits for memory; fails as `UploadMemory` does. */
  async fill(chunk: Uint8Array): Promise<Uint8Array> {
    if (this.#smallBytes === 0) {
      const share = await this.#take('small')
      // Joined for the request, they are there twice.
      this.#smallBytes = Math.floor(share / 2)
    }
    const room = Math.min(chunk.byteLength, this.#partBytes - this.#bytes)
    if (!this.#part && this.#bytes + room > this.#smallBytes) {
      await this.#take('part')
      this.#part = Buffer.allocUnsafe(this.#partBytes)
      let at = 0
      for (const held of this.#chunks) {
        this.#part.set(held, at)
        at += held.byteLength
      }
      this.#chunks = []
    }
    this.add(chunk.subarray(0, room))
    return chunk.subarray(room)
  }

  /** All of it, good until the next change. */
  bytes(): Uint8Array {
    return this.#part ? this.#part.subarray(0, this.#bytes) : joined(this.#chunks)
  }

  empty(): void {
    this.#bytes = 0
    this.#chunks = []
  }

  /** Empties it for good, and gives its memory back. Idempotent. */
  free(): void {
    this.empty()
    this.#part = undefined
    const taken = this.#takenBytes
    this.#takenBytes = 0
    if (taken > 0) this.#memory.give(taken)
  }

  async #take(share: 'small' | 'part'): Promise<number> {
    const bytes = await this.#memory.take(share, this.#signal)
    this.#takenBytes += bytes
    return bytes
  }
}

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const [only] = chunks
  return only && chunks.length === 1 ? only : Buffer.concat(chunks)
}
