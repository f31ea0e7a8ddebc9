/** Remembers next hops that could not be used, so that not every message waits for the same timeout. */

export interface HopHealth {
  /** Why the hop is avoided now, or undefined. */
  avoided(name: string, nowMs: number): string | undefined
  /** It could not be connected to, or did not greet. */
  failed(name: string, reason: string, nowMs: number): void
  /** It went within a transaction, which may be what this one message does to it. */
  lost(name: string, reason: string, nowMs: number): void
  worked(name: string): void
}

/** Transactions in a row in which a hop goes, until it is avoided. */
const lossesInARow = 3

/**
 * A hop is avoided for `avoidMs` after a failure, doubled with each further one in a row up to `maxAvoidMs`. Transactions in which it
 * goes are failures of the hop only where `lossesInARow` end so, and none of them `avoidMs` after the one before: a single message that
 * a next hop cannot stand must not keep all others from it.
 */
export function hopHealth(avoidMs: number, maxAvoidMs: number): HopHealth {
  const bad = new Map<string, { untilMs: number; failures: number; reason: string }>()
  const losses = new Map<string, { count: number; lastMs: number }>()
  function failed(name: string, reason: string, nowMs: number): void {
    const entry = bad.get(name)
    // Connections that were begun together fail together: they count once.
    if (entry && entry.untilMs > nowMs) return
    const failures = (entry?.failures ?? 0) + 1
    bad.set(name, { failures, reason, untilMs: nowMs + Math.min(avoidMs * 2 ** (failures - 1), maxAvoidMs) })
  }
  return {
    avoided(name, nowMs) {
      const entry = bad.get(name)
      return entry && entry.untilMs > nowMs ? entry.reason : undefined
    },
    failed,
    lost(name, reason, nowMs) {
      const before = losses.get(name)
      const count = before && nowMs - before.lastMs < avoidMs ? before.count + 1 : 1
      losses.set(name, { count, lastMs: nowMs })
      if (count >= lossesInARow) failed(name, reason, nowMs)
    },
    worked(name) {
      if (bad.size > 0) bad.delete(name)
      if (losses.size > 0) losses.delete(name)
    },
  }
}
