/** The features of one message: a set of 32-bit hashes, each with the place that it came from, kept in arrays that are used again. */
import type { Fact, TokenName } from './fact.ts'
import { hashPair, hashText } from './hash.ts'

/** Where a feature came from: decides the scale of its weight, and how it is put in words. */
export const featureKind = { word: 0, subjectWord: 1, token: 2, fact: 3 } as const

/** More distinct features than this in one message are left out. */
export const maxFeatures = 12_000
/** A slot has the place of a feature in its lower bits, and whose message it is in the upper ones. */
const placeBits = 14
const placeMask = (1 << placeBits) - 1
const maxStamp = 2 ** (32 - placeBits) - 1
/** Of most messages; so few that they stay in the processor's nearest memory. */
const fewSlots = 1 << 12
const manySlots = 1 << 15

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
  readonly #slotsOfFew = new Uint32Array(fewSlots)
  readonly #slotsOfMany = new Uint32Array(manySlots)
  #slots = this.#slotsOfFew
  #stamp = 1

  clear(): void {
    this.size = 0
    this.wordCount = 0
    this.tokens.length = 0
    this.facts.length = 0
    this.bodyText = ''
    this.subjectText = ''
    this.#slots = this.#slotsOfFew
    if (++this.#stamp <= maxStamp) return
    this.#slotsOfFew.fill(0)
    this.#slotsOfMany.fill(0)
    this.#stamp = 1
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
    const slots = this.#slots
    const mask = slots.length - 1
    const stamp = this.#stamp
    let slot = hash & mask
    for (let taken = slots[slot] ?? 0; taken >>> placeBits === stamp; taken = slots[slot] ?? 0) {
      if (this.hashes[taken & placeMask] === hash) return -1
      slot = (slot + 1) & mask
    }
    if (this.size >= maxFeatures) return -1
    const at = this.size++
    slots[slot] = (stamp << placeBits) | at
    this.hashes[at] = hash
    this.kinds[at] = kind
    if (this.size === fewSlots / 2) this.#widen()
    return at
  }

  /** Goes over to the larger table. */
  #widen(): void {
    const slots = this.#slotsOfMany
    this.#slots = slots
    for (let at = 0; at < this.size; at++) {
      let slot = (this.hashes[at] ?? 0) & (manySlots - 1)
      while ((slots[slot] ?? 0) >>> placeBits === this.#stamp) slot = (slot + 1) & (manySlots - 1)
      slots[slot] = (this.#stamp << placeBits) | at
    }
  }
}
