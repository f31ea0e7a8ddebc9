/** Evidence is for people: enough to see what is meant, and never the size of a message. */

const maxItems = 10
const maxLength = 200

/** At most 200 characters. */
export const shortened = (text: string): string => (text.length <= maxLength ? text : `${text.slice(0, maxLength)}…`)

/** The first ten different texts, shortened. */
export function firstFew(texts: Iterable<string>): string[] {
  const few = new Set<string>()
  for (const text of texts) {
    few.add(shortened(text))
    if (few.size >= maxItems) break
  }
  return [...few]
}
