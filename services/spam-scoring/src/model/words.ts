/**
 * The words of a text as hashed features, in one pass and without a string per word: of a body each word and its first letters, so
 * that forms of a word share what was learned; of a subject each word and each pair (pairs of a body taught the topics of the
 * training mail more than they taught spam).
 */
import { characterClass, classes, isSmall } from './character-class.ts'
import { type FeatureBag, featureKind } from './feature-bag.ts'
import { finished, fnvBasis, fnvPrime, hashPair } from './hash.ts'
import { codesOf, maxCodes } from './text-codes.ts'

/** Of a body; more is not read. */
export const maxTextChars = maxCodes
/** Of a subject. */
export const maxSubjectChars = 500
const maxWordChars = 24
const stemLetters = 5

/** Tokens that stand for what is not a word; none is the hash of a word but by chance. */
const numberToken = 0x01000001
const longToken = 0x02000001
const mixedToken = 0x03000001
const urlToken = 0x04000001
const addressToken = 0x05000001

const colon = 0x3a
const slash = 0x2f
const at = 0x40
const [space, comma, fullStop] = [0x20, 0x2c, 0x2e]

/** What was met on the way: beginnings and ends of the URLs in the text, in pairs, at most `maxUrls`. */
export interface WordsSeen {
  readonly urlRanges: readonly number[]
  readonly addressCount: number
  readonly wordCount: number
  /** Words of letters and digits mixed, as in `v1agra`. */
  readonly mixedCount: number
  /** Words with invisible characters within. */
  readonly splitCount: number
}

const maxUrls = 100

/**
 * Adds the words of `text` (lower-case already, at most `maxTextChars`) to the bag. A URL or an address is one
 * token whatever it says: who is named in a message is no property of spam. Numbers count by their number of digits.
 */
export function addWords(bag: FeatureBag, text: string, kind: 0 | 1): WordsSeen {
  const reader = new WordReader(bag, text, kind)
  reader.read()
  return reader
}

class WordReader implements WordsSeen {
  readonly urlRanges: number[] = []
  addressCount = 0
  wordCount = 0
  mixedCount = 0
  splitCount = 0
  readonly #bag: FeatureBag
  readonly #text: string
  readonly #kind: 0 | 1
  readonly #isSubject: boolean
  readonly #codes: Uint16Array
  readonly #limit: number
  #previous = 0
  #previousStart = 0

  constructor(bag: FeatureBag, text: string, kind: 0 | 1) {
    this.#bag = bag
    this.#text = text
    this.#kind = kind
    this.#isSubject = kind === featureKind.subjectWord
    this.#limit = Math.min(text.length, this.#isSubject ? maxSubjectChars : maxTextChars)
    this.#codes = codesOf(text)
  }

  read(): void {
    const codes = this.#codes
    const limit = this.#limit
    for (let start = 0; start < limit; ) {
      const code = codes[start] ?? 0
      const type = code === space ? characterClass.space : (classes[code] ?? 0)
      if (type === characterClass.space || type === characterClass.lineEnd) {
        start++
        continue
      }
      const end = isSmall(code) ? this.#plainWord(start) : start
      start = end > start ? end : this.#chunk(start)
    }
  }

  /** Adds what most of a text is, small Latin letters between spaces, and returns where it ends; `start` where something else stands. */
  #plainWord(start: number): number {
    const codes = this.#codes
    const limit = this.#limit
    let hash = fnvBasis
    let stem = 0
    let end = start
    for (let code = codes[end] ?? 0; end < limit && isSmall(code); code = codes[++end] ?? 0) {
      hash = Math.imul(hash ^ code, fnvPrime)
      if (end - start === stemLetters - 1) stem = hash
    }
    const letters = end - start
    let next = end
    // `www.` begins a URL.
    if (next < limit && (codes[next] === comma || (codes[next] === fullStop && letters !== 3))) next++
    if (next < limit && codes[next] !== space) return start
    this.#addWord(hash, stem, letters, start, end)
    return next
  }

  /** What stands up to the next white space: a URL, an address, or words. */
  #chunk(chunkStart: number): number {
    const codes = this.#codes
    const limit = this.#limit
    let end = chunkStart
    let schemeAt = -1
    let atSign = -1
    for (; end < limit; end++) {
      const code = codes[end] ?? 0
      // Most characters by far, so without the table.
      if (isSmall(code)) continue
      const type = classes[code] ?? 0
      if (type === characterClass.space || type === characterClass.lineEnd) break
      if (code === at) atSign = end
      else if (code === slash && schemeAt === -1 && codes[end - 1] === slash && codes[end - 2] === colon) schemeAt = end - 2
    }
    const isWww = schemeAt === -1 && this.#text.startsWith('www.', chunkStart)
    if (schemeAt !== -1 || isWww) {
      const start = isWww ? chunkStart : schemeStart(codes, chunkStart, schemeAt)
      if (start > chunkStart) this.#wordsOf(chunkStart, start)
      this.#add(urlToken, start, end)
      if (this.urlRanges.length < 2 * maxUrls) this.urlRanges.push(start, end)
    } else if (atSign > chunkStart && atSign < end - 3) {
      this.#add(addressToken, chunkStart, end)
      this.addressCount++
    } else this.#wordsOf(chunkStart, end)
    return end
  }

  #wordsOf(from: number, to: number): void {
    const codes = this.#codes
    let place = from
    while (place < to) {
      const start = place
      let hash = fnvBasis
      let letters = 0
      let digits = 0
      let ignored = 0
      let stem = 0
      let type: number = characterClass.other
      for (; place < to; place++) {
        const code = codes[place] ?? 0
        type = isSmall(code) ? characterClass.letter : (classes[code] ?? 0)
        if (type === characterClass.letter) letters++
        else if (type === characterClass.digit) digits++
        else if (type === characterClass.ignorable) {
          ignored++
          continue
        } else if (type === characterClass.joiner && letters > 0) continue
        else break
        hash = Math.imul(hash ^ code, fnvPrime)
        if (letters === stemLetters) stem = hash
      }
      if (letters + digits === 0) {
        if (type === characterClass.ideograph) {
          this.#add(finished(Math.imul(fnvBasis ^ (codes[place] ?? 0), fnvPrime)), place, place + 1)
        }
        place++
        continue
      }
      if (ignored > 0 && letters > 1) this.splitCount++
      if (digits === 0) this.#addWord(hash, stem, letters, start, place)
      else if (letters === 0) this.#add(numberToken + Math.min(digits, 12), start, place)
      else {
        this.mixedCount++
        this.#add(mixedToken, start, place)
      }
    }
  }

  /** A word of letters, with its first ones where it is long. */
  #addWord(hash: number, stem: number, letters: number, start: number, end: number): void {
    if (letters > stemLetters && !this.#isSubject) this.#bag.addWord(this.#kind, hashPair(stem, 0, 20), start, end)
    this.#add(letters > maxWordChars ? longToken : finished(hash), start, end)
  }

  #add(token: number, start: number, end: number): void {
    this.wordCount++
    this.#bag.addWord(this.#kind, hashPair(token, 0, this.#isSubject ? 1 : 0), start, end)
    if (!this.#isSubject) return
    if (this.#previous !== 0) this.#bag.addWord(this.#kind, hashPair(this.#previous, token, 11), this.#previousStart, end)
    this.#previous = token
    this.#previousStart = start
  }
}

/** Where the scheme before `://` begins. */
function schemeStart(codes: Uint16Array, from: number, schemeEnd: number): number {
  let start = schemeEnd
  while (start > from && (classes[codes[start - 1] ?? 0] ?? 0) === characterClass.letter) start--
  return start
}
