/** Deadlines of the checks that take time, all watched by one interval that runs only while there are some. */
import { RenewedSet } from '@sallyport/contracts'

export interface Deadlines {
  /** Calls `onPassed` once, at or up to a tick after `atMs` by the monotonic clock. Returns what calls it off. */
  watch(atMs: number, onPassed: () => void): () => void
  /** Passes every deadline now. */
  stop(): void
}

const tickMs = 100

export function deadlines(elapsed: () => number): Deadlines {
  const open = new RenewedSet<{ readonly atMs: number; readonly onPassed: () => void }>()
  let ticking: NodeJS.Timeout | undefined

  function tick(untilMs: number): void {
    for (const entry of open) {
      if (entry.atMs > untilMs) continue
      open.delete(entry)
      entry.onPassed()
    }
    if (open.size > 0) return
    clearInterval(ticking)
    ticking = undefined
  }

  return {
    watch(atMs, onPassed) {
      const entry = { atMs, onPassed }
      open.add(entry)
      ticking ??= setInterval(() => tick(elapsed()), tickMs)
      return () => {
        open.delete(entry)
      }
    },
    stop: () => tick(Number.POSITIVE_INFINITY),
  }
}
