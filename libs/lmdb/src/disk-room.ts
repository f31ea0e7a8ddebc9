/**
 * Room on the disk, weighed before a commit where it is scarce. The engine must not be the one to find the disk full: on a
 * write that the system refuses it overruns a buffer of its own (lmdb 3.5.6, `last_error` in `mdb_page_flush`).
 */

/** Below this every call is weighed; no commit is near as large. */
const scarceBytes = 2 ** 30
/** What a commit writes beside the values: the paths to them, the list of free pages. */
const commitBytes = 256 * 1024
const staleAfterMs = 250
const pageBytes = 4096

export class DiskRoom {
  readonly #read: () => number
  #freeBytes = 0
  #staleAt = 0

  /** `read` returns the bytes that are free on the disk. */
  constructor(read: () => number) {
    this.#read = read
  }

  /** Bytes that the values of the next commit may take; infinite where there is plenty. */
  forCommit(): number {
    const now = performance.now()
    if (now >= this.#staleAt || this.#freeBytes < scarceBytes) {
      this.#freeBytes = this.#read()
      this.#staleAt = now + staleAfterMs
    }
    return this.#freeBytes >= scarceBytes ? Number.POSITIVE_INFINITY : this.#freeBytes - commitBytes
  }
}

/** What a put (or, with null, a deletion) takes at most, on the average of many in a row. */
export function roomOf(value: Uint8Array | null): number {
  if (value === null) return 64
  return value.byteLength < 1_000 ? 1_536 : Math.ceil((value.byteLength + 64) / pageBytes) * pageBytes + 512
}
