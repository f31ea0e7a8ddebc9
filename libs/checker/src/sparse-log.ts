/** Says what may happen thousands of times a second often enough to be seen, and no more often. */

const everyMs = 10_000
const atOnce = 10

/** Calls `say` for the first ten of each ten seconds, and with how many were left out before. */
export function sparsely(elapsed: () => number): (say: (leftOut: number) => void) => void {
  let windowEndsMs = Number.NEGATIVE_INFINITY
  let said = 0
  let leftOut = 0
  return (say) => {
    const nowMs = elapsed()
    if (nowMs >= windowEndsMs) {
      windowEndsMs = nowMs + everyMs
      said = 0
    }
    if (said >= atOnce) {
      leftOut++
      return
    }
    said++
    say(leftOut)
    leftOut = 0
  }
}
