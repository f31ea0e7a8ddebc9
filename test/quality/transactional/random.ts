/** A seeded source of choices: the same seed makes the same messages on every machine. */
export interface Random {
  /** 0 ≤ x < 1. */
  readonly unit: () => number
  /** A whole number, both ends included. */
  readonly between: (least: number, most: number) => number
  /** One of a list that is not empty. */
  readonly pick: <T>(from: readonly T[]) => T
  readonly chance: (probability: number) => boolean
  /** That many characters of an alphabet. */
  readonly letters: (count: number, alphabet?: string) => string
}

/** Mulberry32. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0
  const unit = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
  const between = (least: number, most: number) => least + Math.floor(unit() * (most - least + 1))
  const pick = <T>(from: readonly T[]): T => {
    const chosen = from[Math.floor(unit() * from.length)]
    if (chosen === undefined) throw new Error('nothing to pick from')
    return chosen
  }
  const letters = (count: number, alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789') =>
    Array.from({ length: count }, () => alphabet[Math.floor(unit() * alphabet.length)]).join('')
  return { unit, between, pick, chance: (probability) => unit() < probability, letters }
}
