/** Remembers next hops that could not be used, so that not every message waits for the same timeout. */

export interface HopHealth {
  /** Why the hop is avoided now, or undefined. */
  avoided(name: string, nowMs: number): string | undefined
  failed(name: string, reason: string, nowMs: number): void
  worked(name: string): void
}

/** A hop is avoided for `avoidMs` after a failure, doubled with each further one in a row up to `maxAvoidMs`. */
export function hopHealth(avoidMs: number, maxAvoidMs: number): HopHealth {
  const bad = new Map<string, { untilMs: number; failures: number; reason: string }>()
  return {
    avoided(name, nowMs) {
      const entry = bad.get(name)
      return entry && entry.untilMs > nowMs ? entry.reason : undefined
    },
    failed(name, reason, nowMs) {
      const entry = bad.get(name)
      // Connections that were begun together fail together: they count once.
      if (entry && entry.untilMs > nowMs) return
      const failures = (entry?.failures ?? 0) + 1
      bad.set(name, { failures, reason, untilMs: nowMs + Math.min(avoidMs * 2 ** (failures - 1), maxAvoidMs) })
    },
    worked(name) {
      if (bad.size > 0) bad.delete(name)
    },
  }
}
