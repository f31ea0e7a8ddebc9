/** Which scripts the labels of an international host have, and whether they are made to be taken for others (UTS #39 §5.1, §4). */
import { domainToUnicode } from 'node:url'

const scripts: readonly (readonly [string, RegExp])[] = [
  ['Latin', /\p{Script=Latin}/u],
  ['Cyrillic', /\p{Script=Cyrillic}/u],
  ['Greek', /\p{Script=Greek}/u],
  ['Armenian', /\p{Script=Armenian}/u],
  ['Hebrew', /\p{Script=Hebrew}/u],
  ['Arabic', /\p{Script=Arabic}/u],
  ['Cherokee', /\p{Script=Cherokee}/u],
  ['Georgian', /\p{Script=Georgian}/u],
  ['Thai', /\p{Script=Thai}/u],
  ['Devanagari', /\p{Script=Devanagari}/u],
  ['Han', /\p{Script=Han}/u],
  ['Hiragana', /\p{Script=Hiragana}/u],
  ['Katakana', /\p{Script=Katakana}/u],
  ['Hangul', /\p{Script=Hangul}/u],
]
const eastAsian = new Set(['Latin', 'Han', 'Hiragana', 'Katakana', 'Hangul'])
/** Letters of Cyrillic and Greek that look like Latin ones, and what Latin words of them alone look like. */
const lookAlike = /^[асеорхуіјѕһԁԛԝгпкмтвьӏꙇοναρτυικ0-9-]+$/u
const notLatin = /[^\0-\u024f]/u

/** `mixed`: scripts in one label that no language mixes. `look-alike`: a label of another script whose letters all look Latin. */
export type LabelFault = 'mixed' | 'look-alike'

/** Of the first label that has one; undefined where none has. `host` in A-labels. */
export function labelFault(host: string): LabelFault | undefined {
  if (!host.includes('xn--')) return undefined
  const labels = domainToUnicode(host).split('.')
  const topLevel = labels.at(-1) ?? ''
  for (const label of labels) {
    if (!notLatin.test(label)) continue
    const found = scripts.filter(([, pattern]) => pattern.test(label)).map(([name]) => name)
    if (found.length > 1 && !found.every((name) => eastAsian.has(name))) return 'mixed'
    // Below a top level of the same script nobody takes it for Latin.
    if (lookAlike.test(label) && !notLatin.test(topLevel)) return 'look-alike'
  }
  return undefined
}
