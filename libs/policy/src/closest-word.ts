/** Did you mean: the word that somebody meant. */

const tooFar = 3

/** Words that begin alike are likely to be meant: `retry` is `retries`, not `reply`. */
const stemLetters = 4
const stemWorth = 1.5

/** The nearest of `words` within two edits (one for words of up to four letters, three where they begin alike), or undefined. */
export function closestWord(written: string, words: readonly string[]): string | undefined {
  const wanted = written.toLowerCase()
  let best: string | undefined
  let bestEdits = wanted.length <= 4 ? 2 : tooFar
  for (const word of words) {
    if (Math.abs(word.length - wanted.length) >= tooFar) continue
    const isSameStem = wanted.length >= stemLetters && word.toLowerCase().startsWith(wanted.slice(0, stemLetters))
    const edits = editDistance(wanted, word.toLowerCase()) - (isSameStem ? stemWorth : 0)
    if (edits < bestEdits) {
      best = word
      bestEdits = edits
    }
  }
  return best
}

/** Insertions, deletions, substitutions and swaps of neighbours. */
function editDistance(left: string, right: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: right.length + 1 }, (_, index) => index)
  for (let row = 1; row <= left.length; row++) {
    const current = [row]
    for (let column = 1; column <= right.length; column++) {
      const same = left[row - 1] === right[column - 1]
      const swapped = row > 1 && column > 1 && left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1]
      const substituted = (last[column - 1] ?? 0) + (same ? 0 : 1)
      const inserted = (current[column - 1] ?? 0) + 1
      const deleted = (last[column] ?? 0) + 1
      current.push(Math.min(substituted, inserted, deleted, swapped ? (beforeLast[column - 2] ?? 0) + 1 : substituted))
    }
    beforeLast = last
    last = current
  }
  return last[right.length] ?? tooFar
}
