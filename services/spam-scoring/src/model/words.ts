/**
 * The words of a text as hashed features, in one pass and without a string per word: of a body each word and its first letters, so
 * that forms of a word share what was learned; of a subject each word and each pair (pairs of a body taught the topics of the
 * training mail more than they taught spam).
 */
import { characterClass, classes } from './character-class.ts'
import { type FeatureBag, featureKind } from './feature-bag.ts'
import { finished, fnvBasis, fnvPrime, hashPair } from './hash.ts'

/** Of a body; more is not read. */
export const maxTextChars = 32_768
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
  const isSubject = kind === featureKind.subjectWord
  const limit = Math.min(text.length, isSubject ? maxSubjectChars : maxTextChars)
  const seen = { urlRanges: [] as number[], addressCount: 0, wordCount: 0, mixedCount: 0, splitCount: 0 }
  let previous = 0
  let previousStart = 0
  let chunkStart = 0
  const namespace = isSubject ? 1 : 0
  const add = (token: number, start: number, end: number): void => {
    seen.wordCount++
    bag.addWord(kind, hashPair(token, 0, namespace), start, end)
    if (isSubject && previous !== 0) bag.addWord(kind, hashPair(previous, token, 11), previousStart, end)
    previous = token
    previousStart = start
  }
  while (chunkStart < limit) {
    const first = classes[text.charCodeAt(chunkStart)] ?? 0
    if (first === characterClass.space || first === characterClass.lineEnd) {
      chunkStart++
      continue
    }
    let end = chunkStart
    let schemeAt = -1
    let atSign = -1
    for (; end < limit; end++) {
      const code = text.charCodeAt(end)
      // Most characters by far, so without the table.
      if (code >= 0x61 && code <= 0x7a) continue
      const type = classes[code] ?? 0
      if (type === characterClass.space || type === characterClass.lineEnd) break
      if (code === at) atSign = end
      else if (code === slash && schemeAt === -1 && text.charCodeAt(end - 1) === slash && text.charCodeAt(end - 2) === colon)
        schemeAt = end - 2
    }
    const isWww = schemeAt === -1 && text.startsWith('www.', chunkStart)
    if (schemeAt !== -1 || isWww) {
      const start = isWww ? chunkStart : schemeStart(text, chunkStart, schemeAt)
      if (start > chunkStart) wordsOf(chunkStart, start)
      add(urlToken, start, end)
      if (seen.urlRanges.length < 2 * maxUrls) seen.urlRanges.push(start, end)
    } else if (atSign > chunkStart && atSign < end - 3) {
      add(addressToken, chunkStart, end)
      seen.addressCount++
    } else wordsOf(chunkStart, end)
    chunkStart = end
  }
  return seen

  function wordsOf(from: number, to: number): void {
    let place = from
    while (place < to) {
      const start = place
      let hash = fnvBasis
      let letters = 0
      let digits = 0
      let ignored = 0
      let stem = 0
      for (; place < to; place++) {
        const code = text.charCodeAt(place)
        const type = code >= 0x61 && code <= 0x7a ? characterClass.letter : (classes[code] ?? 0)
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
        const type = classes[text.charCodeAt(place)] ?? 0
        if (type === characterClass.ideograph)
          add(finished(Math.imul(fnvBasis ^ text.charCodeAt(place), fnvPrime)), place, place + 1)
        place++
        continue
      }
      if (ignored > 0 && letters > 1) seen.splitCount++
      if (digits === 0 && letters > stemLetters && !isSubject) bag.addWord(kind, hashPair(stem, 0, 20), start, place)
      if (digits === 0) add(letters > maxWordChars ? longToken : finished(hash), start, place)
      else if (letters === 0) add(numberToken + Math.min(digits, 12), start, place)
      else {
        seen.mixedCount++
        add(mixedToken, start, place)
      }
    }
  }
}

/** Where the scheme before `://` begins. */
function schemeStart(text: string, from: number, schemeEnd: number): number {
  let start = schemeEnd
  while (start > from && (classes[text.charCodeAt(start - 1)] ?? 0) === characterClass.letter) start--
  return start
}
