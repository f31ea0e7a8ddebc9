/** The message under lint, made from what was read of it and what its envelope says. */
import type { HeaderField } from '../header/header-block.ts'
import { type HeaderIdentities, headerIdentities } from '../header/identities.ts'
import type { HtmlFacts } from '../html/port.ts'
import { readHtml } from '../html/read-html.ts'
import type { MimeMessage, MimePart } from '../mime/port.ts'
import { type BodyParts, bodyParts } from './body-parts.ts'
import type { LintInput } from './port.ts'

export interface LintFacts {
  readonly mime: MimeMessage
  /** RFC 5321 MAIL FROM, empty for the null sender. */
  readonly sender: string
  readonly recipients: readonly string[]
  readonly isBulk: boolean
  readonly isSmtpUtf8: boolean
  /** Ms since the epoch. */
  readonly receivedAt: number
}

/** Costs next to nothing: every derived fact is derived when first asked for, and then kept. Never throws. */
export function lintInput(facts: LintFacts): LintInput {
  return new LazyInput(facts)
}

class LazyInput implements LintInput {
  readonly mime: MimeMessage
  readonly sender: string
  readonly recipients: readonly string[]
  readonly isBulk: boolean
  readonly isSmtpUtf8: boolean
  readonly receivedAt: number
  #fields: ReadonlyMap<string, readonly HeaderField[]> | undefined
  #identities: HeaderIdentities | undefined
  #bodyParts: BodyParts | undefined
  #html: HtmlFacts | undefined

  constructor(facts: LintFacts) {
    this.mime = facts.mime
    this.sender = facts.sender
    this.recipients = facts.recipients
    this.isBulk = facts.isBulk
    this.isSmtpUtf8 = facts.isSmtpUtf8
    this.receivedAt = facts.receivedAt
  }

  get fields(): ReadonlyMap<string, readonly HeaderField[]> {
    this.#fields ??= fieldsByName(this.mime.root.header.fields)
    return this.#fields
  }

  get identities(): HeaderIdentities {
    this.#identities ??= headerIdentities(this.mime.root.header)
    return this.#identities
  }

  get plainPart(): MimePart | undefined {
    return this.#parts.plain
  }

  get htmlPart(): MimePart | undefined {
    return this.#parts.html
  }

  get attachments(): readonly MimePart[] {
    return this.#parts.attachments
  }

  get plainText(): string {
    const part = this.#parts.plain
    return part === undefined ? '' : this.mime.text(part)
  }

  get html(): HtmlFacts | undefined {
    const part = this.#parts.html
    if (part === undefined) return undefined
    this.#html ??= readHtml(this.mime.text(part))
    return this.#html
  }

  get #parts(): BodyParts {
    this.#bodyParts ??= bodyParts(this.mime.root)
    return this.#bodyParts
  }
}

function fieldsByName(fields: readonly HeaderField[]): ReadonlyMap<string, readonly HeaderField[]> {
  const byName = new Map<string, HeaderField[]>()
  for (const field of fields) {
    const same = byName.get(field.lowerName)
    if (same) same.push(field)
    else byName.set(field.lowerName, [field])
  }
  return byName
}
