/** What a feature that is no word is called, and how it is told to a reader. */
import type { LikenessTopic } from '@sallyport/contracts/rules'
import { hashText } from './hash.ts'

/** What reasons are grouped by; the rule of a reason is `spam.` and its topic, of which `likenessWords` has the words. */
export type Topic = LikenessTopic

/** A number that was counted or measured. `hash` begins the hashes of its levels. */
export interface Fact {
  readonly id: string
  readonly topic: Topic
  readonly hash: number
  /** Empty where it is nothing to tell. */
  tell(seen: number): string
}

/** A short string out of a small vocabulary, such as a media type. */
export interface TokenName {
  readonly id: string
  readonly topic: Topic
  readonly hash: number
  tell(text: string): string
}

/** The id is what the model remembers: two facts never share one, and a new meaning takes a new id. */
export const defineFact = (topic: Topic, id: string, tell: (seen: number) => string): Fact => ({
  id,
  topic,
  hash: hashText(id, 3),
  tell,
})

export const defineToken = (topic: Topic, id: string, tell: (text: string) => string): TokenName => ({
  id,
  topic,
  hash: hashText(id, 4),
  tell,
})

/** 0, 1, 2, 3–4, 5–8, 9–16, … as 0, 1, 2, 3, 4, 5, …, at most 12. */
export function logLevel(count: number): number {
  if (!(count > 0)) return 0
  return Math.min(12, count <= 1 ? 1 : Math.ceil(Math.log2(count)) + 1)
}

/** How many of the ascending bounds the value reaches. */
export function levelOf(value: number, bounds: readonly number[]): number {
  let level = 0
  // Without an iterator, which costs more than the rest where arrays are of several kinds.
  for (let at = 0; at < bounds.length; at++) if (value >= (bounds[at] ?? 0)) level++
  return level
}

/** “1 link”, “2 links”. */
export const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`
