/**
 * How long a client takes for what it owes us: the rest of a command, or of content. An idle time that every byte begins anew would
 * let a client hold its connection, and a place among the unsettled messages, with one byte now and then.
 */

/** On the average, beyond the idle time. */
const leastContentBytesPerMs = 1

export class ClientTurn {
  #sinceMs = 0
  #contentBytes = 0

  /** We have answered: now it is the client's turn. Monotonic ms, as everywhere here. */
  begin(nowMs: number): void {
    this.#sinceMs = nowMs
    this.#contentBytes = 0
  }

  took(contentBytes: number): void {
    this.#contentBytes += contentBytes
  }

  /** The client waited for us so long. */
  paused(waitedMs: number): void {
    this.#sinceMs += waitedMs
  }

  isOver(nowMs: number, idleMs: number): boolean {
    return nowMs - this.#sinceMs > idleMs + this.#contentBytes / leastContentBytesPerMs
  }
}
