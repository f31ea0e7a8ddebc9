/**
 * Reasons put in words. A record carries the rule and what was seen; what the rule means is said by whoever shows it, out of the table of
 * its own version. What a reason says by itself stands: of a rule with words of its own for each message, of a checker in another language
 * or a newer one, of a record of an earlier version.
 */
import type { Annotation, Reason, ToldAnnotation, ToldReason } from '../records/annotation.ts'
import { type LikenessTopic, likenessWords } from './likeness-words.ts'
import lintWords from './lint-words.json' with { type: 'json' }

interface Words {
  readonly text: string
  readonly fix: string
  /** Of a rule of the lint: RFC and section, or the name of the recommendation. */
  readonly reference?: string
}

const lint: ReadonlyMap<string, Words> = new Map(Object.entries(lintWords))
const likeness = new Map(Object.entries(likenessWords).map(([topic, words]) => [`spam.${topic}`, words]))

/** The reason with its words. A rule that nobody here knows, and that says nothing itself, is told by its id. */
export function toldReason(reason: Reason): ToldReason {
  if (reason.text !== undefined) return { ...reason, text: reason.text }
  const { rule, evidence = {} } = reason
  const words = lint.get(rule)
  if (words) {
    const { text, fix, reference } = words
    return { rule, text, fix, evidence: { ...evidence, ...(reference === undefined ? {} : { reference }) } }
  }
  const like = likeness.get(rule)
  if (like) return { rule, text: likenessText(like, evidence?.seen), fix: like.fix, evidence }
  return { ...reason, text: `What the rule "${rule}" looks for was found.` }
}

export const toldAnnotation = (annotation: Annotation): ToldAnnotation => ({
  ...annotation,
  reasons: annotation.reasons.map(toldReason),
})

function likenessText({ beginning, unnamed = beginning }: (typeof likenessWords)[LikenessTopic], seen: unknown): string {
  const named: readonly unknown[] = Array.isArray(seen) ? seen : []
  if (named.length === 0) return `${unnamed}.`
  return `${beginning}: ${named.length > 1 ? `${named.slice(0, -1).join(', ')} and ${named.at(-1)}` : named[0]}.`
}
