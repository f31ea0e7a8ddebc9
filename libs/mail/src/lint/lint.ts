/** The lint: every rule on one message. */
import { autoSubmittedRules } from './automatic/auto-submitted.ts'
import { listFieldRules } from './bulk/list-fields.ts'
import { listUnsubscribeRules } from './bulk/list-unsubscribe.ts'
import { contentRules } from './content/index.ts'
import { disclosureRules } from './disclosure/internals.ts'
import { dateRules } from './header/date.ts'
import { encodedWordRules } from './header/encoded-words.ts'
import { fromRules } from './header/from.ts'
import { lineRules } from './header/lines.ts'
import { messageIdRules } from './header/message-id.ts'
import { recipientRules } from './header/recipients.ts'
import { repeatedFieldRules } from './header/repeated.ts'
import { headerStructureRules } from './header/structure.ts'
import { subjectRules } from './header/subject.ts'
import { bodyRules } from './mime/body.ts'
import { charsetRules } from './mime/charset.ts'
import { encodingRules } from './mime/encoding.ts'
import { parameterRules } from './mime/parameters.ts'
import { mimeStructureRules } from './mime/structure.ts'
import { mimeVersionRules } from './mime/version.ts'
import type { LintFinding, LintInput, LintRule } from './port.ts'

export interface LintTopic {
  readonly title: string
  readonly rules: readonly LintRule[]
}

/** In the order of the reference page. */
export const lintTopics: readonly LintTopic[] = [
  { title: 'Who it is from', rules: fromRules },
  { title: 'Whom it is for', rules: recipientRules },
  { title: 'Date', rules: dateRules },
  { title: 'Message-ID and references', rules: messageIdRules },
  { title: 'Subject', rules: subjectRules },
  { title: 'Structure of the header', rules: [...headerStructureRules, ...repeatedFieldRules] },
  { title: 'Lines', rules: lineRules },
  { title: 'Encoded words', rules: encodedWordRules },
  { title: 'MIME', rules: [...mimeVersionRules, ...mimeStructureRules] },
  { title: 'Encodings and charsets', rules: [...encodingRules, ...charsetRules] },
  { title: 'Parameters and headers of parts', rules: parameterRules },
  { title: 'Body and attachments', rules: bodyRules },
  { title: 'Text, HTML, links and files', rules: contentRules },
  { title: 'Bulk mail', rules: [...listUnsubscribeRules, ...listFieldRules] },
  { title: 'Automatic mail', rules: autoSubmittedRules },
  { title: 'What a message tells about its systems', rules: disclosureRules },
]

/** Every rule; the ids differ. */
export const lintRules: readonly LintRule[] = lintTopics.flatMap(({ rules }) => rules)

/** What the rules find, in their order. What a rule throws is thrown: a rule that fails must not look like one that found nothing. */
export function lint(input: LintInput): readonly LintFinding[] {
  const findings: LintFinding[] = []
  for (const rule of lintRules) {
    const evidence = rule.find(input)
    if (evidence !== undefined) findings.push({ rule, evidence })
  }
  return findings
}
