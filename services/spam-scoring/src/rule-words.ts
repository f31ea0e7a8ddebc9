/** The words of the rules for those who show reasons, written from the rules. `node services/spam-scoring/src/rule-words.ts` renews them. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { lintRules } from '@sallyport/mail'

export const ruleWordsPath = join(import.meta.dirname, '../../../libs/contracts/src/rules/lint-words.json')

/** The file as it should be. */
export function ruleWords(): string {
  const words = lintRules.map(({ id, text, fix, reference }) => [id, { text, fix, reference }])
  return `${JSON.stringify(Object.fromEntries(words), undefined, 2)}\n`
}

if (process.argv[1] === import.meta.filename) writeFileSync(ruleWordsPath, ruleWords())
