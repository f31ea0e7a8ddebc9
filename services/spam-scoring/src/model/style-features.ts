/** How a text is written: capitals, exclamation marks, money, scripts, invisible characters. Facts, whatever the words are. */
import { characterClass, classes, isSmall, scriptOf, scripts } from './character-class.ts'
import { counted, defineFact, levelOf, logLevel } from './fact.ts'
import type { FeatureBag } from './feature-bag.ts'
import { codesOf } from './text-codes.ts'
import { maxTextChars, type WordsSeen } from './words.ts'

const percent = (share: number): string => `${Math.round(100 * share)} %`

const capitals = defineFact('style', 'capitals', (share) => (share < 0.15 ? '' : `${percent(share)} of the letters are capitals`))
const shouted = defineFact('style', 'shouted', (count) => `${counted(count, 'word')} in capitals only`)
const exclamations = defineFact('style', 'exclamations', (count) => counted(count, 'exclamation mark'))
const exclamationRun = defineFact('style', 'exclamation-run', (count) => `${count} exclamation or question marks in a row`)
const money = defineFact('style', 'money', (count) => counted(count, 'currency sign'))
const percentSigns = defineFact('style', 'percent-signs', (count) => counted(count, 'percent sign'))
const digits = defineFact('style', 'digits', (share) => `${percent(share)} of the characters are digits`)
const symbols = defineFact('style', 'symbols', (share) => `${percent(share)} of the characters are neither letters nor digits`)
const invisible = defineFact('style', 'invisible', (count) => counted(count, 'invisible character'))
const replaced = defineFact('style', 'replaced', (count) => `${counted(count, 'character')} that the charset does not have`)
const mixedWords = defineFact('style', 'mixed-words', (share) => `${percent(share)} of the words mix letters and digits`)
const splitWords = defineFact('style', 'split-words', (count) => `${counted(count, 'word')} with invisible characters within`)
const length = defineFact('style', 'length', (count) => `${counted(count, 'character')} of text`)
const ruled = defineFact('style', 'ruled', (count) => `${counted(count, 'line')} of dashes, stars or equals signs`)
const addresses = defineFact('style', 'addresses', (count) => `${counted(count, 'address', 'addresses')} in the text`)
const secondScript = defineFact(
  'style',
  'second-script',
  (share) => `${percent(share)} of the letters are of another script than the rest`,
)

const shareBounds = [0.02, 0.05, 0.1, 0.2, 0.35, 0.6]
const lengthBounds = [50, 150, 400, 1_000, 2_500, 6_000, 15_000]

/** Adds what the characters of a body (not lower-case) tell. Reads at most `maxTextChars`. */
export function addStyle(bag: FeatureBag, text: string, seen: WordsSeen): void {
  const limit = Math.min(text.length, maxTextChars)
  const byScript = new Int32Array(scripts.length)
  let upper = 0
  let lower = 0
  let digitCount = 0
  let other = 0
  let exclamationCount = 0
  let marks = 0
  let longestMarks = 0
  let moneyCount = 0
  let percentCount = 0
  let invisibleCount = 0
  let replacedCount = 0
  let run = 0
  let runIsUpper = true
  let shoutedCount = 0
  const codes = codesOf(text)
  for (let place = 0; place < limit; place++) {
    const code = codes[place] ?? 0
    // Most characters by far, so without the table.
    if (isSmall(code)) {
      const start = place++
      while (place < limit && isSmall(codes[place] ?? 0)) place++
      lower += place - start
      marks = 0
      // The space behind a word goes with it.
      const isWhole = place < limit && codes[place] === 0x20
      run = isWhole ? 0 : run + place - start
      runIsUpper = isWhole
      if (!isWhole) place--
      continue
    }
    const type = classes[code] ?? 0
    if (type === characterClass.letter) {
      if (code < 0x80) upper++
      else {
        const script = scriptOf[code] ?? 0
        byScript[script] = (byScript[script] ?? 0) + 1
        runIsUpper = false
      }
      run++
      marks = 0
      continue
    }
    if (run > 3 && runIsUpper) shoutedCount++
    run = 0
    runIsUpper = true
    if (type === characterClass.space || type === characterClass.lineEnd) continue
    if (type === characterClass.digit) digitCount++
    else if (type === characterClass.ignorable) invisibleCount++
    else if (type === characterClass.ideograph) byScript[6] = (byScript[6] ?? 0) + 1
    else other++
    if (code === 0x21 || code === 0x3f) {
      if (code === 0x21) exclamationCount++
      if (++marks > longestMarks) longestMarks = marks
      continue
    }
    marks = 0
    if (code === 0x24 || code === 0x20ac || code === 0xa3 || code === 0xa5) moneyCount++
    else if (code === 0x25) percentCount++
    else if (code === 0xfffd) replacedCount++
  }
  const letters = upper + lower
  byScript[1] = (byScript[1] ?? 0) + letters
  const characters = letters + digitCount + other + 1
  bag.addFact(capitals, letters < 20 ? 0 : levelOf(upper / letters, [0.06, 0.1, 0.15, 0.25, 0.4, 0.7]), upper / (letters + 1))
  bag.addFact(shouted, logLevel(shoutedCount), shoutedCount)
  bag.addFact(exclamations, logLevel(exclamationCount), exclamationCount)
  bag.addFact(exclamationRun, levelOf(longestMarks, [2, 3, 5]), longestMarks)
  bag.addFact(money, logLevel(moneyCount), moneyCount)
  bag.addFact(percentSigns, logLevel(percentCount), percentCount)
  bag.addFact(digits, levelOf(digitCount / characters, shareBounds), digitCount / characters)
  bag.addFact(symbols, levelOf(other / characters, shareBounds), other / characters)
  bag.addFact(invisible, logLevel(invisibleCount), invisibleCount)
  bag.addFact(replaced, logLevel(replacedCount), replacedCount)
  bag.addFact(mixedWords, levelOf(seen.mixedCount / (seen.wordCount + 1), shareBounds), seen.mixedCount / (seen.wordCount + 1))
  bag.addFact(splitWords, logLevel(seen.splitCount), seen.splitCount)
  bag.addFact(addresses, logLevel(seen.addressCount), seen.addressCount)
  bag.addFact(length, levelOf(limit, lengthBounds), text.length)
  addScripts(bag, byScript)
  addRules(bag, text, limit)
}

function addScripts(bag: FeatureBag, byScript: Int32Array): void {
  let main = 0
  let total = 0
  for (let script = 0; script < byScript.length; script++) {
    total += byScript[script] ?? 0
    if ((byScript[script] ?? 0) > (byScript[main] ?? 0)) main = script
  }
  if (total < 20) return
  const rest = 1 - (byScript[main] ?? 0) / total
  bag.addFact(secondScript, levelOf(rest, [0.005, 0.03, 0.1, 0.3]), rest)
}

/** Lines that begin with six of the same rule character. */
function addRules(bag: FeatureBag, text: string, limit: number): void {
  let lines = 0
  for (let start = 0; start < limit; ) {
    const first = text.charCodeAt(start)
    if (first === 0x2d || first === 0x2a || first === 0x3d || first === 0x5f) {
      let place = start + 1
      while (text.charCodeAt(place) === first && place < start + 6) place++
      if (place === start + 6) lines++
    }
    const end = text.indexOf('\n', start)
    if (end === -1) break
    start = end + 1
  }
  bag.addFact(ruled, logLevel(lines), lines)
}
