/** The features of one message: a set of 32-bit hashes, each with the place that it came from, kept in arrays that are used again. */
import type { Fact, TokenName } from './fact.ts'
import { hashPair, hashText } from './hash.ts'

/** Where a feature came from: decides the scale of its weight, and how it is put in words. */
export const featureKind = { word: 0, subjectWord: 1, token: 2, fact: 3 } as const

/** More distinct features than this in one message are left out. */
export const maxFeatures = 12_000
const slotBits = 15
const slotCount = 1 << slotBits

/**
 * Holds each hash once. `clear` makes it ready for the next message and costs nothing. A word remembers its range in the text
 * that it stands in, a token its string, a fact the number that was seen.
 */
export class FeatureBag {
  size = 0
  /** How many of the features are words, their beginnings or pairs. */
  wordCount = 0
  readonly hashes = new Uint32Array(maxFeatures)
  readonly kinds = new Uint8Array(maxFeatures)
  /** Of words: their range in `bodyText` or `subjectText`. */
  readonly starts = new Int32Array(maxFeatures)
  readonly ends = new Int32Array(maxFeatures)
  /** Of what is no word: index in `tokens` or `facts`. */
  readonly origins = new Int32Array(maxFeatures)
  bodyText = ''
  subjectText = ''
  readonly tokens: { readonly name: TokenName; readonly text: string }[] = []
  readonly facts: { readonly fact: Fact; readonly seen: number }[] = []
  readonly #slots = new Int32Array(slotCount)
  readonly #stamps = new Int32Array(slotCount)
  #stamp = 1

  clear(): void {
    this.size = 0
    this.wordCount = 0
    this.tokens.length = 0
    this.facts.length = 0
    this.bodyText = ''
    this.subjectText = ''
    this.#stamp++
  }

  addWord(kind: 0 | 1, hash: number, start: number, end: number): void {
    const at = this.#add(hash, kind)
    if (at === -1) return
    this.wordCount++
    this.starts[at] = start
    this.ends[at] = end
  }

  addToken(name: TokenName, text: string): void {
    const at = this.#add(hashText(text, name.hash), featureKind.token)
    if (at === -1) return
    this.origins[at] = this.tokens.length
    this.tokens.push({ name, text })
  }

  /** Adds one feature for each level up to `level`, so that a high level shares what was learned of the lower ones; none for 0. */
  addFact(fact: Fact, level: number, seen: number): void {
    if (level <= 0) return
    for (let step = 1; step <= level; step++) {
      const at = this.#add(hashPair(fact.hash, step, 3), featureKind.fact)
      if (at !== -1) this.origins[at] = this.facts.length
    }
    this.facts.push({ fact, seen })
  }

  /** The place of a hash that was not there yet, otherwise −1. */
  #add(hash: number, kind: number): number {
    let slot = hash & (slotCount - 1)
    while (this.#stamps[slot] === this.#stamp) {
      if (this.hashes[this.#slots[slot] ?? 0] === hash) return -1
      slot = (slot + 1) & (slotCount - 1)
    }
    if (this.size >= maxFeatures) return -1
    const at = this.size++
    this.#stamps[slot] = this.#stamp
    this.#slots[slot] = at
    this.hashes[at] = hash
    this.kinds[at] = kind
    return at
  }
}
