/** Wall clock in ms since the epoch with fractions, from one look at the monotonic clock: two for each span are what most spans cost. */

// The global of that name is a getter that costs as much as the clock.
import { performance } from 'node:perf_hooks'

let offsetMs = performance.timeOrigin

/** Corrections are small and rare, so a span hardly ever has one within it. */
const farMs = 3

export const wallMs = (): number => performance.now() + offsetMs

/** Follows the system's clock where that has gone another way. */
export function followWallClock(systemMs = Date.now()): void {
  if (Math.abs(systemMs - wallMs()) > farMs) offsetMs = systemMs - performance.now()
}
