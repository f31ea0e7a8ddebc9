/** A clock whose hands a test moves. */
import type { Clock } from '@sallyport/runtime'

export interface FakeClock extends Clock {
  /** Moves wall and monotonic clock forward together. */
  advance(ms: number): void
  /** Sets the wall clock only, also backwards: the monotonic clock does not see it. */
  setNow(ms: number): void
  setElapsed(ms: number): void
}

/** Stands still, unless `running`: then it goes on with real time from where it was set. Starts on 2026-01-01. */
export function fakeClock(
  options: { readonly now?: number; readonly elapsed?: number; readonly running?: boolean } = {},
): FakeClock {
  const ticks = (): number => (options.running ? performance.now() : 0)
  let wall = (options.now ?? Date.UTC(2026, 0, 1)) - ticks()
  let monotonic = (options.elapsed ?? 0) - ticks()
  return {
    now: () => Math.floor(wall + ticks()),
    elapsed: () => monotonic + ticks(),
    advance(ms) {
      wall += ms
      monotonic += ms
    },
    setNow: (ms) => {
      wall = ms - ticks()
    },
    setElapsed: (ms) => {
      monotonic = ms - ticks()
    },
  }
}
