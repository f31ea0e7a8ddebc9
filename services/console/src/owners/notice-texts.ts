/** What owners of applications read, for people who make programs and know nothing of mail. */
import type { MessageRecord } from '@sallyport/contracts'
import { formatDate, oneLine, wrapText } from '@sallyport/mail'
import type { Records } from '@sallyport/records'

export interface NoticeText {
  readonly subject: string
  readonly text: string
}

export interface NoticeContext {
  readonly organization: string
  readonly contact: string | undefined
  /** Of the page that explains a refusal; undefined where there is none. */
  readonly linkOf: (messageId: string) => string | undefined
}

export interface DigestPart {
  readonly application: string
  readonly checks: Awaited<ReturnType<Records['readiness']>>['checks']
  readonly modeOf: (check: string) => 'off' | 'monitor' | 'enforce'
}

const maxListed = 10

/** Told at once, of the first message of an application that is refused after a quiet day. */
export function refusalText(
  application: string,
  id: string,
  reply: string,
  record: MessageRecord | undefined,
  context: NoticeContext,
): NoticeText {
  const reasons = (record?.annotations ?? [])
    .filter(({ check }) => record?.verdict?.decidedBy.includes(check))
    .flatMap(({ reasons }) => reasons)
  const link = context.linkOf(id)
  return {
    subject: `A message of ${oneLine(application)} was refused`,
    text: [
      wrapText(
        `The mail gateway of ${context.organization} refused a message of your application "${oneLine(application)}". The program that sent it was told so and still has the message; nobody else was told.`,
      ),
      facts([
        ['Answer', reply],
        ['Sender', record?.envelope?.sender],
        ['From', record?.envelope?.headerFrom.join(', ')],
        ['Subject', record?.envelope?.subject],
        ['Message id', id],
      ]),
      ...reasons.slice(0, maxListed).map(({ rule, text, fix }) => finding(rule, text, fix ?? null)),
      ...(link === undefined ? [] : [`The whole explanation, for 30 days:\n  ${link}`]),
      wrapText('Further refusals come in one digest a day.'),
      ask(context),
    ].join('\n\n'),
  }
}

/** The digest of a day; undefined where there is nothing to say. */
export function dailyText(
  parts: readonly DigestPart[],
  since: number,
  until: number,
  context: NoticeContext,
): NoticeText | undefined {
  const sections = parts.flatMap((part) => section(part) ?? [])
  if (sections.length === 0) return undefined
  const names = parts.filter((part) => section(part) !== undefined).map(({ application }) => application)
  const [only] = names
  return {
    subject: `Mail of ${names.length === 1 ? oneLine(only ?? '') : `${names.length} applications`}: what to fix`,
    text: [
      wrapText(
        `This is what the mail gateway of ${context.organization} found in the mail of your applications from ${formatDate(since)} to ${formatDate(until)}. Checks that are only watched changed nothing so far; once they are enforced, such messages are refused.`,
      ),
      ...sections,
      ask(context),
    ].join('\n\n'),
  }
}

function section({ application, checks, modeOf }: DigestPart): string | undefined {
  const found = checks.filter(({ violations, check }) => violations.length > 0 && modeOf(check) !== 'off')
  if (found.length === 0) return undefined
  return [`== ${oneLine(application)} ==`, ...found.map((check) => checkSection(check, modeOf(check.check)))].join('\n\n')
}

function checkSection(found: DigestPart['checks'][number], mode: 'off' | 'monitor' | 'enforce'): string {
  const { check, fail, messages, wouldReject, wouldHold, wouldDefer, violations } = found
  const stands = [
    [wouldReject, 'refused'],
    [wouldHold, 'held'],
    [wouldDefer, 'made to wait'],
  ]
    .filter(([count]) => count !== 0)
    .map(([count, what]) => `${count} ${what}`)
  const happens =
    stands.length === 0
      ? ''
      : mode === 'enforce'
        ? ` It is enforced: ${stands.join(', ')}.`
        : ` When it is enforced: ${stands.join(', ')}.`
  const byRule = Map.groupBy(violations, ({ rule }) => rule)
  const shown = [...byRule].slice(0, maxListed).map(([rule, those]) => {
    const count = those.reduce((sum, { messages }) => sum + messages, 0)
    const told = those.find((one) => one.told)?.told
    const senders = those.flatMap(({ identity }) => (identity === null ? [] : [identity || '<>'])).slice(0, 3)
    const as = senders.length > 0 ? `, sent as ${senders.join(', ')}` : ''
    return finding(`${rule}, ${count} message${count === 1 ? '' : 's'}${as}`, told?.text ?? rule, told?.fix ?? null)
  })
  const more = byRule.size > maxListed ? [`  … and ${byRule.size - maxListed} more rules: ask the mail team.`] : []
  return [wrapText(`${check} (${mode}): ${fail} of ${messages} messages.${happens}`), ...shown, ...more].join('\n\n')
}

const finding = (head: string, text: string, fix: string | null): string =>
  [`  [${oneLine(head)}]`, wrapText(oneLine(text), '  '), ...(fix ? [wrapText(`How to fix it: ${oneLine(fix)}`, '  ')] : [])].join(
    '\n',
  )

const facts = (pairs: readonly (readonly [string, string | undefined])[]): string =>
  pairs.flatMap(([name, value]) => (value ? [`  ${`${name}:`.padEnd(12)} ${oneLine(value)}`] : [])).join('\n')

const ask = ({ organization, contact }: NoticeContext): string =>
  wrapText(
    `Questions: ${contact ?? `the mail team of ${organization}`}. You get this because you own the application in the mail policy.`,
  )
