/** What a UTF-16 code unit is to the tokenizer, by table: no regular expression on the hot path. */

export const characterClass = {
  other: 0,
  letter: 1,
  digit: 2,
  space: 3,
  lineEnd: 4,
  joiner: 5,
  ideograph: 6,
  ignorable: 7,
} as const

/** a to z: most characters of most texts, so asked before the table. */
export const isSmall = (code: number): boolean => code >= 0x61 && code <= 0x7a

/** Scripts that are told apart; the index is what features carry. */
export const scripts = ['other', 'latin', 'greek', 'cyrillic', 'hebrew', 'arabic', 'east-asian'] as const

/** The class of each of the 65,536 code units. Surrogates count as `other`. */
export const classes: Uint8Array = build((code) => {
  if (code === 0x0a || code === 0x0d || code === 0x2028 || code === 0x2029) return characterClass.lineEnd
  // Soft hyphen, zero-width characters, direction marks, word joiner, byte order mark: invisible within words.
  if (code === 0xad || (code >= 0x200b && code <= 0x200f) || (code >= 0x2060 && code <= 0x2064) || code === 0xfeff)
    return characterClass.ignorable
  if (code === 0x27 || code === 0x2019) return characterClass.joiner
  if ((code >= 0x3040 && code <= 0x30ff) || (code >= 0x3400 && code <= 0x9fff) || (code >= 0xf900 && code <= 0xfaff))
    return characterClass.ideograph
  const character = String.fromCharCode(code)
  if (/\s/.test(character)) return characterClass.space
  if (/\p{Nd}/u.test(character)) return characterClass.digit
  if (/[\p{L}\p{M}]/u.test(character)) return characterClass.letter
  return characterClass.other
})

/** The index in `scripts` of each code unit that is a letter; 0 for others. */
export const scriptOf: Uint8Array = build((code) => {
  const character = String.fromCharCode(code)
  if (!/\p{L}/u.test(character)) return 0
  if (/\p{Script=Latin}/u.test(character)) return 1
  if (/\p{Script=Greek}/u.test(character)) return 2
  if (/\p{Script=Cyrillic}/u.test(character)) return 3
  if (/\p{Script=Hebrew}/u.test(character)) return 4
  if (/\p{Script=Arabic}/u.test(character)) return 5
  return /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u.test(character) ? 6 : 0
})

function build(of: (code: number) => number): Uint8Array {
  const table = new Uint8Array(0x10000)
  for (let code = 0; code < table.length; code++) table[code] = of(code)
  return table
}
