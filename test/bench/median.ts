/** The middle value; of an even number of values the mean of the two in the middle. NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const half = sorted.length >> 1
  const [high = Number.NaN, low = high] = [sorted[half], sorted.length % 2 === 0 ? sorted[half - 1] : undefined]
  return (low + high) / 2
}
