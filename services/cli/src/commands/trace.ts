/** `sallyport trace ID`: what became of one message, from the reply to the last attempt. */
import { type MessageRecord, messageRecordSchema, type Verdict } from '@sallyport/contracts'
import type { Command } from '../command.ts'
import { exitCodes } from '../exit.ts'
import { table, timeText } from '../table.ts'

export const trace: Command = {
  usage: 'trace ID [--json]',
  about: 'show what became of a message: checks, verdict, reply, attempts',
  words: 1,
  flags: ['json'],
  async run({ api, print, words: [id = ''], flags }) {
    const record = await api.json(messageRecordSchema, { path: `/api/messages/${encodeURIComponent(id)}` })
    if (flags.json) print.raw(JSON.stringify(record))
    else for (const line of messageLines(record)) print.line(line)
    return exitCodes.ok
  },
}

/** The record for people. */
export function messageLines(record: MessageRecord): string[] {
  return [
    ...facts(record),
    ...section(checks(record)),
    ...section(recipients(record)),
    ...section(attempts(record)),
    ...section(later(record)),
  ]
}

const section = (lines: readonly string[]): readonly string[] => (lines.length > 1 ? ['', ...lines] : [])

function facts({ id, status, application, firstSeenAt, envelope, reply, verdict, traceparent, traceUrl }: MessageRecord): string[] {
  const { client, sender, headerFrom, subject, messageId, contentBytes, policyRevision } = envelope ?? {}
  const pairs: readonly (readonly [string, string | undefined])[] = [
    ['message', id],
    ['status', status],
    ['application', application],
    ['received', timeText(firstSeenAt)],
    ['client', client && `${client.address} (${client.helo})${client.authIdentity ? ` as ${client.authIdentity}` : ''}`],
    ['sender', sender === '' ? '<>' : sender],
    ['from', headerFrom?.join(', ')],
    ['subject', subject],
    ['message-id', messageId],
    ['size', contentBytes === undefined ? undefined : `${contentBytes} bytes`],
    ['policy', policyRevision === undefined ? undefined : `revision ${policyRevision}`],
    ['reply', reply ?? undefined],
    ['verdict', verdict ? verdictText(verdict) : undefined],
    ['trace', traceUrl ?? traceparent.split('-')[1]],
  ]
  const shown = pairs.flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }]))
  return shown.map(({ name, value }) => `${name.padEnd(12)} ${value.replace(/\s+/g, ' ')}`)
}

function verdictText({ action, decidedBy, wouldBe, late }: Verdict): string {
  const by = decidedBy.length > 0 ? ` by ${decidedBy.join(', ')}` : ''
  const would = wouldBe.action === action ? '' : `; with every check enforced: ${wouldBe.action} by ${wouldBe.by.join(', ')}`
  return `${action}${by}${late ? ', after acceptance' : ''}${would}`
}

function checks({ annotations, verdict, judgements }: MessageRecord): string[] {
  const missing = judgements.at(-1)?.missing ?? []
  const answered = annotations.map(({ check, outcome, score, reasons, tookMs }) => {
    const contribution = verdict?.contributions.find((one) => one.check === check)
    const why = reasons.map(({ text, fix, rule }) => `${text}${fix ? ` (${fix})` : ''} [${rule}]`).join('; ')
    return [
      check,
      contribution?.mode ?? '',
      outcome,
      score === undefined ? '' : String(score),
      contribution?.action ?? '',
      `${tookMs} ms`,
      why,
    ]
  })
  const silent = missing
    .filter((check) => !annotations.some((annotation) => annotation.check === check))
    .map((check) => {
      const contribution = verdict?.contributions.find((one) => one.check === check)
      return [check, contribution?.mode ?? '', 'no answer', '', contribution?.action ?? '', '', '']
    })
  return table(['CHECK', 'MODE', 'OUTCOME', 'SCORE', 'ACTION', 'TOOK', 'WHY'], [...answered, ...silent])
}

function recipients(record: MessageRecord): string[] {
  const rows = record.recipients.map(({ address, disposition, attempt, reply }) => {
    return [address, disposition, attempt === 0 ? '' : String(attempt), reply]
  })
  return table(['RECIPIENT', 'IS', 'ATTEMPT', 'REPLY'], rows)
}

function attempts(record: MessageRecord): string[] {
  const rows = record.attempts.map(({ attempt, at, destination, nextHop, recipients, nextAttemptAt }) => {
    const results = Map.groupBy(recipients, ({ result }) => result)
    const summary = [...results].map(([result, those]) => `${those.length} ${result}`).join(', ')
    return [
      String(attempt),
      timeText(at),
      destination,
      nextHop || 'none',
      summary,
      nextAttemptAt === undefined ? '' : timeText(nextAttemptAt),
    ]
  })
  return table(['ATTEMPT', 'ENDED', 'DESTINATION', 'NEXT HOP', 'RESULT', 'NEXT'], rows)
}

function later({ holds, bounces }: MessageRecord): string[] {
  const rows = [
    ...holds.map(({ at, kind, cause, by }) => ({ at, cells: [kind, `${cause}, by ${by}`] })),
    ...bounces.map(({ at, cause, dsnId }) => {
      return { at, cells: ['bounced', `${cause}; ${dsnId === null ? 'the sender was not told' : `DSN ${dsnId}`}`] }
    }),
  ].sort((left, right) => left.at - right.at)
  return table(
    ['WHEN', 'WHAT', 'WHY'],
    rows.map(({ at, cells }) => [timeText(at), ...cells]),
  )
}
