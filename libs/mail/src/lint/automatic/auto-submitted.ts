/** Rules on mail that a program sends by itself or in answer to mail (RFC 3834). */
import { seen, shown } from '../evidence.ts'
import { firstValue, hasField } from '../header/field.ts'
import type { LintInput, LintRule } from '../port.ts'

/** RFC 3834 §5.2 and RFC 5436 §2.7.1; anything may follow behind a semicolon or comment. */
const keyword = /^(no|auto-generated|auto-replied|auto-notified)[ \t]{0,20}(?:[;(]|$)/i
/** How mail programs begin the Subject of an automatic answer. */
const automaticSubject =
  /^(?:auto(?:matic)?[- ]?(?:reply|response|answer)|out of (?:the )?office|automatische antwort|abwesenheits(?:notiz|benachrichtigung)|réponse automatique|risposta automatica|respuesta automática|resposta automática|自動応答|自动回复)/i
/** RFC 5230 §4.2 begins answers so; elsewhere it is a word like others, such as the car of a German. */
const sieveSubject = /^auto:/i
/** Who must not be answered by a program (RFC 3834 §2, and what is plain from the name). */
const machineAddress =
  /^(?:owner-[^@]{0,300}|[^@]{0,300}-(?:request|owner|bounces?|confirm)|mailer-daemon|listserv|majordomo|postmaster|no-?reply|do-?not-?reply|bounces?)(?:[+=-][^@]{0,300})?@/i
const listFields = ['list-id', 'list-post', 'list-unsubscribe', 'list-help']

const kindOf = (input: LintInput): string | undefined =>
  keyword.exec((firstValue(input, 'auto-submitted') ?? '').slice(0, 200))?.[1]?.toLowerCase()

const isAutoReply = (input: LintInput): boolean => kindOf(input) === 'auto-replied'

/** A bounce or receipt (RFC 6522): its type says that a program made it, and its parts say of what. */
const isReport = ({ mime }: LintInput): boolean => mime.root.mediaType === 'multipart/report'

const isAnswer = (input: LintInput): boolean => input.sender === '' || hasField(input, 'in-reply-to')

export const autoSubmittedRules: readonly LintRule[] = [
  {
    id: 'spam.auto-submitted-missing',
    points: 0.5,
    text: 'The message has the null sender (`MAIL FROM:<>`), so a program made it, but it does not say so.',
    fix: 'Add `Auto-Submitted: auto-generated`, or `auto-replied` where it answers a message.',
    reference: 'RFC 3834 §5',
    why: 'Programs that answer mail look at this field to keep from answering each other without end.',
    find: (input) => (input.sender === '' && !hasField(input, 'auto-submitted') && !isReport(input) ? seen : undefined),
  },
  {
    id: 'spam.auto-submitted-malformed',
    points: 0.5,
    text: 'Auto-Submitted has a value that does not exist.',
    fix: 'Write `auto-generated` for mail that a program sends by itself, and `auto-replied` for an automatic answer.',
    reference: 'RFC 3834 §5.2',
    why: 'Programs that look for it may not understand it.',
    find(input) {
      const value = firstValue(input, 'auto-submitted')
      return value === undefined || kindOf(input) !== undefined ? undefined : { value: shown(value) }
    },
  },
  {
    id: 'spam.auto-reply-undeclared',
    points: 1,
    text: 'The message is an automatic answer by its Subject or fields, but does not say so in Auto-Submitted.',
    fix: 'Add `Auto-Submitted: auto-replied`.',
    reference: 'RFC 3834 §3.1.7',
    why: 'Without it two programs may answer each other for ever, which floods both and gets the address blocked.',
    find(input) {
      const kind = kindOf(input)
      if (kind !== undefined && kind !== 'no') return undefined
      const field = ['x-autoreply', 'x-autorespond', 'x-auto-reply-from'].find((name) => hasField(input, name))
      if (field !== undefined) return { field }
      const subject = input.identities.subject ?? ''
      const isAutomatic = automaticSubject.test(subject) || (sieveSubject.test(subject) && isAnswer(input))
      return isAutomatic ? { subject: shown(subject) } : undefined
    },
  },
  {
    id: 'spam.auto-reply-with-sender',
    points: 0.5,
    text: 'The message is an automatic answer with a sender that can itself be answered.',
    fix: 'Send automatic answers with the null sender: `MAIL FROM:<>`.',
    reference: 'RFC 3834 §3.3',
    why: 'Its bounces and the answers to it come back and may be answered again.',
    find: (input) => (isAutoReply(input) && input.sender !== '' ? { sender: shown(input.sender) } : undefined),
  },
  {
    id: 'spam.auto-reply-to-list',
    points: 2,
    text: 'The message is an automatic answer to a mailing list or to a program.',
    fix: 'Do not answer mail with List-Id, Precedence bulk or list, or Auto-Submitted; nor addresses such as noreply@, owner-…@ or …-request@.',
    reference: 'RFC 3834 §2',
    why: 'Everybody on the list gets it, and programs may answer it again. It gets addresses unsubscribed and blocked.',
    find(input) {
      if (!isAutoReply(input)) return undefined
      const field = listFields.find((name) => hasField(input, name))
      if (field !== undefined) return { field }
      const recipient = input.recipients.find((address) => machineAddress.test(address.slice(0, 400)))
      return recipient === undefined ? undefined : { recipient: shown(recipient) }
    },
  },
  {
    id: 'spam.auto-reply-without-reference',
    points: 0.5,
    text: 'The message is an automatic answer and does not tell to which message.',
    fix: 'Set In-Reply-To and References to the Message-ID of the message that is answered.',
    reference: 'RFC 3834 §3.1.5',
    why: 'Nobody can see what it answers, neither people nor programs that look for loops.',
    find: (input) => (isAutoReply(input) && !hasField(input, 'in-reply-to') && !isReport(input) ? seen : undefined),
  },
  {
    id: 'spam.null-sender-to-many',
    points: 1,
    text: 'A message with the null sender (`MAIL FROM:<>`) has more than one recipient.',
    fix: 'Send a bounce or an automatic answer to the one who is meant, and other mail with an address of your own.',
    reference: 'RFC 5321 §4.5.5, RFC 3834 §4',
    why: 'Bounces and answers go to one person each. Servers refuse several recipients of the null sender as spam.',
    find: ({ sender, recipients }) => (sender === '' && recipients.length > 1 ? { recipients: recipients.length } : undefined),
  },
]
