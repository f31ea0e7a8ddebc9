/** Deterministic splits into training and test. */
export interface Split<E> {
  readonly train: readonly E[]
  readonly test: readonly E[]
}

/** By the first 32 bits of the id: even = test. About one half each; near-duplicates fall on both sides, which flatters. */
export function splitByHash<E extends { readonly id: string }>(examples: readonly E[]): Split<E> {
  return partition(examples, (example) => Number.parseInt(example.id.slice(0, 8), 16) % 2 === 0)
}

/** Whole groups (`group`) or sources (`source`) are test; training never sees them. */
export function splitBy<K extends 'group' | 'source', E extends Readonly<Record<K, string>>>(
  examples: readonly E[],
  key: K,
  tested: readonly string[],
): Split<E> {
  return partition(examples, (example) => tested.includes(example[key]))
}

/** One split for every value of the key, in alphabetical order, named after what training did not see. */
export function leaveOneOut<K extends 'group' | 'source', E extends Readonly<Record<K, string>>>(
  examples: readonly E[],
  key: K,
): readonly (Split<E> & { readonly left: string })[] {
  const values = [...new Set(examples.map((example) => example[key]))].sort()
  return values.map((left) => ({ left, ...splitBy(examples, key, [left]) }))
}

/** At most `most` of each label and source, those with the smallest ids: the same for everyone who asks. */
export function sample<E extends { readonly id: string; readonly label: string; readonly source: string }>(
  examples: readonly E[],
  most: (label: string, source: string) => number,
): readonly E[] {
  const taken = new Map<string, number>()
  return [...examples]
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .filter(({ label, source }) => {
      const key = `${label}/${source}`
      const count = (taken.get(key) ?? 0) + 1
      taken.set(key, count)
      return count <= most(label, source)
    })
}

function partition<E>(examples: readonly E[], isTest: (example: E) => boolean): Split<E> {
  const train: E[] = []
  const test: E[] = []
  for (const example of examples) (isTest(example) ? test : train).push(example)
  return { train, test }
}
