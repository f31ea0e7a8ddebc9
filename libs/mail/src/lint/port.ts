/** Lint: rules on what receivers and filters dislike in a message. A rule finds; what it is worth is its points. */
import type { HeaderField } from '../header/header-block.ts'
import type { HeaderIdentities } from '../header/identities.ts'
import type { HtmlFacts } from '../html/port.ts'
import type { MimeMessage, MimePart } from '../mime/port.ts'

export type LintEvidence = Readonly<Record<string, string | number | boolean | string[]>>

/** The message under lint. What is derived is derived when first asked for, and then kept. */
export interface LintInput {
  readonly mime: MimeMessage
  /** RFC 5321 MAIL FROM, empty for the null sender. */
  readonly sender: string
  readonly recipients: readonly string[]
  readonly isBulk: boolean
  /** MAIL FROM had SMTPUTF8 (RFC 6531): the header may have UTF-8. */
  readonly isSmtpUtf8: boolean
  /** ms since the epoch, when the message was received. */
  readonly receivedAt: number
  /** The fields of the message's header by lower-case name, each list in order. */
  readonly fields: ReadonlyMap<string, readonly HeaderField[]>
  readonly identities: HeaderIdentities
  /** The part that is the plain body, and the one that is the HTML body; attachments are neither. */
  readonly plainPart: MimePart | undefined
  readonly htmlPart: MimePart | undefined
  readonly plainText: string
  readonly html: HtmlFacts | undefined
  /** Parts that are attachments: neither body nor multipart. */
  readonly attachments: readonly MimePart[]
}

export interface LintRule {
  /** Stable and greppable: `spam.from-missing`; begins with the check's name. */
  readonly id: string
  /** How much it adds to the score. 5 and more: hardly any receiver takes such a message. 0: only worth knowing. */
  readonly points: number
  /** What is wrong, for a developer who does not know mail. One sentence. */
  readonly text: string
  /** What to do about it. */
  readonly fix: string
  /** RFC and section, or the name of the recommendation. */
  readonly reference: string
  /** Two lines or so for the reference page: why receivers care. */
  readonly why: string
  /** Undefined where the rule does not apply; otherwise what was seen. Never throws, never reads unbounded input. */
  find(input: LintInput): LintEvidence | undefined
}

export interface LintFinding {
  readonly rule: LintRule
  readonly evidence: LintEvidence
}
