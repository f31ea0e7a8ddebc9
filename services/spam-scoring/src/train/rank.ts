/** How well scores tell spam from ham, whatever their scale. */

export interface Scored {
  readonly isSpam: boolean
  readonly score: number
}

/** The chance that a spam scores higher than a ham, ties counting half; NaN where a class is absent. */
export function areaUnderCurve(scored: readonly Scored[]): number {
  const sorted = scored.toSorted((left, right) => left.score - right.score)
  let rankSum = 0
  let spam = 0
  for (let start = 0; start < sorted.length; ) {
    let end = start
    while (end < sorted.length && sorted[end]?.score === sorted[start]?.score) end++
    for (let at = start; at < end; at++) {
      if (sorted[at]?.isSpam !== true) continue
      rankSum += (start + end + 1) / 2
      spam++
    }
    start = end
  }
  const ham = sorted.length - spam
  return (rankSum - (spam * (spam + 1)) / 2) / (spam * ham)
}

/** The share of spam above the lowest score that at most this share of ham exceeds; NaN where a class is absent. */
export function recallAt(scored: readonly Scored[], falsePositives: number): number {
  const ham = scored
    .filter(({ isSpam }) => !isSpam)
    .map(({ score }) => score)
    .sort((left, right) => right - left)
  const spam = scored.filter(({ isSpam }) => isSpam)
  const threshold = ham[Math.floor(falsePositives * ham.length)]
  return threshold === undefined ? Number.NaN : spam.filter(({ score }) => score > threshold).length / spam.length
}

/** The share of a class that scores at least this. */
export function shareFrom(scored: readonly Scored[], isSpam: boolean, score: number): number {
  const chosen = scored.filter((one) => one.isSpam === isSpam)
  return chosen.filter((one) => one.score >= score).length / chosen.length
}
