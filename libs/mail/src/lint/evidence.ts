/** Evidence that is short enough to travel in every record, however long what was seen is. */
import type { LintEvidence } from './port.ts'

const maxShownCharacters = 120
const maxShownItems = 5

/** A rule that has nothing to show beyond itself. */
export const seen: LintEvidence = {}

/** Text as evidence: one line of at most 120 characters. */
export function shown(text: string): string {
  const line = text.length > maxShownCharacters ? `${text.slice(0, maxShownCharacters - 1)}…` : text
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  return line.replace(/[\0-\x1f\x7f-\x9f\u2028\u2029]+/g, ' ')
}

/** Several texts as evidence: the first five. */
export const shownAll = (texts: readonly string[]): string[] => texts.slice(0, maxShownItems).map(shown)
