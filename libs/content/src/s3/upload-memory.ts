/**
 * The memory of all uploads of a process. Each begins with a small share, and one that outgrows it asks for the share of a part as
 * well; who finds no room waits in order. Small shares leave room for that of one part, so that whoever waits for it is never kept
 * waiting by uploads that wait for the same: it gets it, ends, and gives all back.
 */
import { SallyportError } from '@sallyport/contracts'

export interface UploadMemoryOptions {
  /** For all uploads; at least for one, however little this is. */
  readonly totalBytes: number
  readonly smallBytes: number
  readonly partBytes: number
  /** After which who waits is told that there is no room, ms. */
  readonly waitMs: number
}

type Share = 'small' | 'part'

interface Waiting {
  readonly enter: () => void
}

export class UploadMemory {
  readonly #options: UploadMemoryOptions
  readonly #waiting: Readonly<Record<Share, Waiting[]>> = { small: [], part: [] }
  #taken = 0

  constructor(options: UploadMemoryOptions) {
    this.#options = options
  }

  /** Taken now. */
  get bytes(): number {
    return this.#taken
  }

  /** Resolves with the bytes that are the caller's until it gives them back. Fails with STORE_UNAVAILABLE, or as `signal` does. */
  async take(share: Share, signal: AbortSignal): Promise<number> {
    signal.throwIfAborted()
    if (!this.#hasRoom(share) || this.#waiting[share].length > 0) await this.#wait(share, signal)
    else this.#taken += this.#bytesOf(share)
    return this.#bytesOf(share)
  }

  give(bytes: number): void {
    this.#taken -= bytes
    this.#enterNext()
  }

  #bytesOf(share: Share): number {
    return share === 'small' ? this.#options.smallBytes : this.#options.partBytes
  }

  #hasRoom(share: Share): boolean {
    const { totalBytes, smallBytes, partBytes } = this.#options
    const total = Math.max(totalBytes, smallBytes + partBytes)
    // Who has a small share and needs more goes before who has none: it ends sooner.
    if (share === 'small') return this.#waiting.part.length === 0 && this.#taken + smallBytes <= total - partBytes
    return this.#taken + partBytes <= total
  }

  async #wait(share: Share, signal: AbortSignal): Promise<void> {
    const queue = this.#waiting[share]
    const turn = Promise.withResolvers<void>()
    const waiting = { enter: turn.resolve }
    const { waitMs } = this.#options
    const leave = (error: unknown): void => {
      const at = queue.indexOf(waiting)
      if (at === -1) return
      queue.splice(at, 1)
      turn.reject(error)
      this.#enterNext()
    }
    const full = new SallyportError('STORE_UNAVAILABLE', `too many large messages are being stored: no room within ${waitMs} ms`)
    const timer = setTimeout(() => leave(full), waitMs)
    const onAbort = (): void => leave(signal.reason)
    signal.addEventListener('abort', onAbort)
    queue.push(waiting)
    try {
      await turn.promise
    } finally {
      clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
    }
  }

  #enterNext(): void {
    for (const share of ['part', 'small'] as const) {
      const queue = this.#waiting[share]
      while (queue.length > 0 && this.#hasRoom(share)) {
        this.#taken += this.#bytesOf(share)
        queue.shift()?.enter()
      }
    }
  }
}
