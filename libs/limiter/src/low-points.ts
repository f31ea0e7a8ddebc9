/**
 * What a refund may give back: the difference between a bucket's backlog and what it would be if the message had never been. A bucket
 * leaks only while it has a backlog, so that with the message it leaked longer: the difference is the message's cost as long as the
 * backlog stayed above it, and otherwise the lowest backlog since. A bucket therefore remembers its low points: when, and how low.
 *
 * Both rise from point to point: an earlier one that was not lower says nothing. A refund rewrites them to what they would have been. At
 * most 8 are kept; where there are more, two become one, lower than it was, so that a refund gives too little at worst.
 */

/** Moment and backlog (µs), moment and backlog, … */
export type LowPoints = number[]

export const maxLowPoints = 8

/** To be called with the backlog before each charge. What is older than `rememberedUs` goes: nothing so old is refunded. */
export function noteLowPoint(points: LowPoints, nowUs: number, backlogUs: number, rememberedUs: number): void {
  while (points.length > 0 && (points[points.length - 1] ?? 0) >= backlogUs) points.length -= 2
  if (points.length > 0 && (points[points.length - 2] ?? 0) >= nowUs) return
  points.push(nowUs, backlogUs)
  while ((points[0] ?? 0) < nowUs - rememberedUs) points.splice(0, 2)
  if (points.length > 2 * maxLowPoints) mergeNearest(points)
}

/**
 * What a refund of `costUs` that were charged at `atUs` gives back of the present backlog; the points are then as if it had never been
 * charged.
 */
export function giveBack(points: LowPoints, atUs: number, costUs: number, backlogUs: number): number {
  let first = 0
  while (first < points.length && (points[first] ?? 0) <= atUs) first += 2
  const lowestUs = Math.min(backlogUs, points[first + 1] ?? backlogUs)
  const givenUs = Math.max(0, Math.min(costUs, lowestUs))
  for (let at = first + 1; at < points.length; at += 2) points[at] = (points[at] ?? 0) - givenUs
  const nowLowestUs = Math.min(backlogUs - givenUs, points[first + 1] ?? Number.POSITIVE_INFINITY)
  let kept = first
  while (kept > 0 && (points[kept - 1] ?? 0) >= nowLowestUs) kept -= 2
  points.splice(kept, first - kept)
  return givenUs
}

/** The two whose levels differ least, in proportion, become one: the later moment, the lower level. */
function mergeNearest(points: LowPoints): void {
  let nearest = 0
  let least = Number.POSITIVE_INFINITY
  for (let at = 0; at + 3 < points.length; at += 2) {
    const difference = 1 - (points[at + 1] ?? 0) / (points[at + 3] ?? 1)
    if (difference >= least) continue
    least = difference
    nearest = at
  }
  points[nearest] = points[nearest + 2] ?? 0
  points.splice(nearest + 2, 2)
}
