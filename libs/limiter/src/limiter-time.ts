/** The time of an embedded limiter: it never goes backwards, whatever becomes of the wall clock. */

export interface LimiterClock {
  /** Wall clock, ms since the epoch: read once, at the start, to see how long the gateway was down. */
  now(): number
  /** Monotonic, ms. */
  elapsed(): number
}

/**
 * Microseconds since the epoch as the wall clock had it at the start, and from there on monotonic. Where the wall clock stands
 * before `lastUs`, the time that was written down last, it goes on from that: then the time of the stop does not count, which
 * is neither credit nor a block.
 */
export function limiterTime(clock: LimiterClock, lastUs: number): () => number {
  const startedMs = clock.elapsed()
  const startUs = Math.max(Math.floor(clock.now() * 1000), lastUs)
  return () => startUs + Math.floor((clock.elapsed() - startedMs) * 1000)
}
