/**
 * The arithmetic of a bucket: GCRA in its second form, the continuous-state leaky bucket of ITU-T I.371 Annex A. It keeps how
 * far the theoretical arrival time lies ahead (`backlogUs`, which is TAT − now) and when that was so, not the TAT itself, since
 *
 * - a backlog is small (at most the burst and what was reserved ahead), so that a double holds it to far below a microsecond:
 *   emission intervals need not be whole, and millions of messages do not add up to a drift. A TAT in ms since the epoch has
 *   a grain of 0.24 µs, which an interval of 142.857 µs would meet on the same side with every message;
 * - a clock that goes backwards then changes nothing but the time of the next sum: the backlog stands, so it neither gives
 *   credit nor blocks for as long as the clock was wrong.
 *
 * Microseconds are the unit. What is missing by less than one counts as conforming, so that sums that differ by their rounding
 * alone do not make a message wait; as the backlog takes the exact cost, this does not add up either.
 */

export interface Level {
  readonly backlogUs: number
  readonly atUs: number
}

/** A bucket that nothing was taken of. */
export const full: Level = { backlogUs: 0, atUs: 0 }

/** What a claim says of its bucket, in the unit of this file. */
export interface Shape {
  /** Microseconds in which one unit comes back: above 0, may be a fraction. */
  readonly intervalUs: number
  readonly burst: number
}

/** TAT − now, at least 0. Whose clock can go backwards stores what it is then with that time, also where nothing is taken, so that it goes on from there. */
export function backlogAt({ backlogUs, atUs }: Level, nowUs: number): number {
  return nowUs <= atUs ? backlogUs : Math.max(0, backlogUs - (nowUs - atUs))
}

/** Whole microseconds until `cost` units more conform; 0 where they conform now. A cost above the burst is the caller's to see. */
export function waitUs(backlogUs: number, { intervalUs, burst }: Shape, cost: number): number {
  return Math.max(0, Math.floor(backlogUs - (burst - cost) * intervalUs))
}

/** Whole units that conform now: claiming them does not wait. */
export function remainingUnits(backlogUs: number, { intervalUs, burst }: Shape): number {
  // What a sum of many intervals is short of by its rounding alone must not hide a unit.
  const slackUs = Math.min(0.5, intervalUs * 1e-6)
  return Math.max(0, Math.min(burst, Math.floor(burst - (backlogUs - slackUs) / intervalUs)))
}
