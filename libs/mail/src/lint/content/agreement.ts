/** Whether two texts say the same, by sample, in time linear in their length. */

const maxSamples = 24
const minSamples = 10
const maxChars = 32_768
const minWordChars = 5
const letter = /[\p{L}\p{N}]/u

/** A letter or digit; of half a character, no. */
function isLetter(text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  if (code < 0x80) return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || (code >= 0x30 && code <= 0x39)
  return letter.test(text.charAt(at))
}

/** The share of sampled words of one text that stand in the other, 0 to 1; undefined where there are too few words to say. */
export function wordsFound(from: string, within: string): number | undefined {
  const words = sampleWords(from.length > maxChars ? from.slice(0, maxChars) : from)
  if (words.length < minSamples) return undefined
  const text = (within.length > maxChars ? within.slice(0, maxChars) : within).toLowerCase()
  let found = 0
  for (const word of words) if (text.includes(word)) found++
  return found / words.length
}

/** Different longer words from all over the text, in lower case. */
function sampleWords(text: string): readonly string[] {
  const words = new Set<string>()
  const step = Math.max(1, Math.floor(text.length / maxSamples))
  for (let at = 0; at < text.length && words.size < maxSamples; ) {
    while (at < text.length && isLetter(text, at)) at++
    while (at < text.length && !isLetter(text, at)) at++
    const start = at
    while (at < text.length && at - start < 40 && isLetter(text, at)) at++
    if (at - start < minWordChars) continue
    words.add(text.slice(start, at).toLowerCase())
    at = Math.max(at, start + step)
  }
  return [...words]
}
