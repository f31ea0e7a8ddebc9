/** The reference of the lint, written from its rules. `node libs/mail/src/lint/rules-page.ts` renews it. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { lintRules, lintTopics } from './lint.ts'
import type { LintRule } from './port.ts'

export const rulesPagePath = join(import.meta.dirname, '../../../../docs/lint-rules.md')

const introduction = `# Lint rules

Written from the rules by \`node libs/mail/src/lint/rules-page.ts\`; change a rule, not this page.

What the \`spam\` check looks for in the design of a message. Each rule that finds something adds its points to the score of the
message; the policy says from which score on mail is held or refused (\`holdAt\`, \`rejectAt\`). 5 and more: hardly any receiver
takes such a message. 3: some large receivers refuse it. 1 to 2: filters count it. Less: style. 0: worth knowing, and no more.
A rule never changes a message.
`

/** The page as it should be. */
export function lintRulesPage(): string {
  const count = `There are ${lintRules.length} rules.\n`
  const topics = lintTopics.map(({ title, rules }) => [`## ${title}\n`, table(rules), ...rules.map(section)].join('\n'))
  return `${[introduction, count, ...topics].join('\n').trimEnd()}\n`
}

function table(rules: readonly LintRule[]): string {
  const rows = rules.map(({ id, points, text }) => `| [\`${id}\`](#${anchor(id)}) | ${points} | ${cell(text)} |`)
  return ['| rule | points | what is wrong |', '| --- | --- | --- |', ...rows, ''].join('\n')
}

const section = ({ id, points, text, why, fix, reference }: LintRule): string =>
  [
    `### ${id}\n`,
    `${text} **${points} ${points === 1 ? 'point' : 'points'}.**\n`,
    `Why: ${why}\n`,
    `Fix: ${fix}\n`,
    `See: ${reference}\n`,
  ].join('\n')

/** As web views of Markdown make one of a heading. */
const anchor = (id: string): string => id.replaceAll('.', '')

const cell = (text: string): string => text.replaceAll('|', '\\|')

if (process.argv[1] === import.meta.filename) writeFileSync(rulesPagePath, lintRulesPage())
