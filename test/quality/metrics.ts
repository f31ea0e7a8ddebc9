/** How well scores part spam from ham: the higher the score, the more it is taken for spam. */

export interface Scores {
  readonly ham: readonly number[]
  readonly spam: readonly number[]
}

export interface Interval {
  readonly value: number
  /** 95 %. */
  readonly low: number
  readonly high: number
}

/** The area under the ROC curve: the chance that a spam scores above a ham, a tie counting one half (Mann-Whitney). */
export function rocAuc(ham: readonly number[], spam: readonly number[]): number {
  const all = [...ham.map((score) => ({ score, isSpam: false })), ...spam.map((score) => ({ score, isSpam: true }))].sort(
    (a, b) => a.score - b.score,
  )
  let rankSum = 0
  for (let first = 0; first < all.length; ) {
    let next = first
    let spamHere = 0
    while (next < all.length && all[next]?.score === all[first]?.score) if (all[next++]?.isSpam) spamHere++
    // ranks first + 1 … next share their mean
    rankSum += (spamHere * (first + 1 + next)) / 2
    first = next
  }
  return (rankSum - (spam.length * (spam.length + 1)) / 2) / (ham.length * spam.length)
}

/** With Hanley and McNeil's standard error (Radiology 143, 1982), cut at 0 and 1. */
export function rocAucInterval(ham: readonly number[], spam: readonly number[]): Interval {
  const value = rocAuc(ham, spam)
  const q1 = value / (2 - value)
  const q2 = (2 * value * value) / (1 + value)
  const variance =
    (value * (1 - value) + (spam.length - 1) * (q1 - value * value) + (ham.length - 1) * (q2 - value * value)) /
    (ham.length * spam.length)
  const half = 1.96 * Math.sqrt(Math.max(0, variance))
  return { value, low: Math.max(0, value - half), high: Math.min(1, value + half) }
}

/**
 * The lowest threshold above which at most that share of the ham lies: a message is taken for spam when its score is
 * greater. With fewer ham than 1 / share none may lie above it.
 */
export function thresholdAt(ham: readonly number[], falsePositiveShare: number): number {
  const descending = [...ham].sort((a, b) => b - a)
  return descending[Math.floor(falsePositiveShare * descending.length + 1e-9)] ?? Number.POSITIVE_INFINITY
}

/** The share of the spam above the threshold that lets that share of the ham through. */
export function recallAt(ham: readonly number[], spam: readonly number[], falsePositiveShare: number): Interval {
  return shareAbove(spam, thresholdAt(ham, falsePositiveShare))
}

/** The share of scores greater than the threshold, exact interval. */
export function shareAbove(scores: readonly number[], threshold: number): Interval {
  return exactInterval(scores.filter((score) => score > threshold).length, scores.length)
}

/** Clopper and Pearson's interval of a share (Biometrika 26, 1934); of nothing: 0 … 1. */
export function exactInterval(count: number, of: number): Interval {
  if (of === 0) return { value: Number.NaN, low: 0, high: 1 }
  const tail = 0.025
  const low = count === 0 ? 0 : solve((share) => 1 - cumulative(count - 1, of, share) - tail)
  const high = count === of ? 1 : solve((share) => tail - cumulative(count, of, share))
  return { value: count / of, low, high }
}

/** P(X ≤ count) of a binomial. */
function cumulative(count: number, of: number, share: number): number {
  let sum = 0
  let logChoose = 0
  for (let hits = 0; hits <= count; hits++) {
    sum += Math.exp(logChoose + hits * Math.log(share) + (of - hits) * Math.log1p(-share))
    logChoose += Math.log((of - hits) / (hits + 1))
  }
  return Math.min(1, sum)
}

/** The zero in 0 … 1 of a function that rises. */
function solve(rising: (share: number) => number): number {
  let [low, high] = [0, 1]
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2
    if (rising(middle) < 0) low = middle
    else high = middle
  }
  return (low + high) / 2
}
