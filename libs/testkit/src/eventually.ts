/** Waits for a condition instead of for a time. */
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Resolves with the first value of `condition` that is truthy; it may be async, and what it throws counts as false.
 * Rejects after `deadlineMs` (default 15,000), with what it threw last as the cause.
 */
export async function eventually<T>(
  condition: () => T | Promise<T>,
  options: { readonly deadlineMs?: number; readonly what?: string } = {},
): Promise<NonNullable<T>> {
  const deadlineMs = options.deadlineMs ?? 15_000
  const began = performance.now()
  let cause: unknown
  for (let waitMs = 1; ; waitMs = Math.min(20, waitMs * 2)) {
    try {
      const value = await condition()
      if (value) return value
      cause = undefined
    } catch (error) {
      cause = error
    }
    if (performance.now() - began > deadlineMs) {
      const why = cause instanceof Error ? `: ${cause.message}` : ''
      throw new Error(`${options.what ?? String(condition)} did not become true within ${deadlineMs} ms${why}`, { cause })
    }
    await sleep(waitMs)
  }
}
