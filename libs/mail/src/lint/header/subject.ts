/** Rules on the Subject (RFC 5322 §3.6.5). */
import { seen, shown } from '../evidence.ts'
import type { LintRule } from '../port.ts'
import { hasField } from './field.ts'

const maxRead = 1_000
const minCapitals = 10
const reply = /^re(?:\[[0-9]{1,3}\])? ?:/i
/** What template engines put variables between, and what languages print for nothing. */
const placeholder = /\{\{|\}\}|\$\{|<%|%>|\{%|\*\||%[A-Z][A-Z_]{2,30}%|\[object Object\]|(?<!\bis)[\s#:]undefined(?=$|[,!.])/

const readable = (subject: string | undefined): string => (subject ?? '').slice(0, maxRead)

const hasSmallLetter = (text: string): boolean => /[a-z]/.test(text) || /\p{Ll}/u.test(text)
const countCapitals = (text: string): number => text.match(/\p{Lu}/gu)?.length ?? 0

export const subjectRules: readonly LintRule[] = [
  {
    id: 'spam.subject-missing',
    points: 1,
    text: 'The message has no Subject.',
    fix: 'Say in Subject what the message is about.',
    reference: 'RFC 5322 §3.6.5',
    why: 'People skip such mail or report it as spam, and filters count it.',
    find: ({ identities: { subject } }) => (subject === undefined ? seen : undefined),
  },
  {
    id: 'spam.subject-empty',
    points: 1,
    text: 'The Subject is empty.',
    fix: 'Say in Subject what the message is about; look for a variable that was empty.',
    reference: 'RFC 5322 §3.6.5',
    why: 'People skip such mail or report it as spam, and filters count it.',
    find: ({ identities: { subject } }) => (subject !== undefined && subject.trim() === '' ? seen : undefined),
  },
  {
    id: 'spam.subject-capitals',
    points: 1,
    text: 'The Subject is written in CAPITALS ONLY.',
    fix: 'Write it as a sentence.',
    reference: 'Recommendation of mailbox providers',
    why: 'It is one of the oldest marks of spam.',
    find({ identities }) {
      const subject = readable(identities.subject)
      return !hasSmallLetter(subject) && countCapitals(subject) >= minCapitals ? { subject: shown(subject) } : undefined
    },
  },
  {
    id: 'spam.subject-exclamations',
    points: 0.5,
    text: 'The Subject has three or more exclamation or question marks in a row.',
    fix: 'One is enough.',
    reference: 'Recommendation of mailbox providers',
    why: 'Filters count shouting.',
    find({ identities }) {
      const subject = readable(identities.subject)
      return /[!?¡¿！？]{3}/.test(subject) ? { subject: shown(subject) } : undefined
    },
  },
  {
    id: 'spam.subject-placeholder',
    points: 1,
    text: 'The Subject or the name in From shows a variable of a template that was not filled in.',
    fix: 'Check that every variable of the template has a value, and that the template engine runs over Subject and From too.',
    reference: 'Recommendation of mailbox providers',
    why: 'People take it for a fraud, and spam software is known for it.',
    find({ identities: { subject, from } }) {
      for (const text of [readable(subject), readable(from[0]?.display)]) {
        const found = placeholder.exec(text)?.[0]
        if (found !== undefined) return { found: shown(found.trim()), text: shown(text) }
      }
      return undefined
    },
  },
  {
    id: 'spam.subject-reply-to-nothing',
    points: 0.2,
    text: 'The Subject begins with `Re:`, but the message answers none: it has neither In-Reply-To nor References.',
    fix: 'Leave `Re:` out, or set In-Reply-To to the Message-ID of the message that is answered.',
    reference: 'RFC 5322 §3.6.4, §3.6.5',
    why: 'Spam pretends to be an answer, so filters look for the message that is answered.',
    find(input) {
      if (hasField(input, 'in-reply-to') || hasField(input, 'references')) return undefined
      const subject = readable(input.identities.subject)
      return reply.test(subject) ? { subject: shown(subject) } : undefined
    },
  },
]
