/** A message's life in its order, out of all that is known of it. */
import type { MessageRecord, ToldAnnotation } from '@sallyport/contracts'
import { bytes, counted } from '../../format/numbers.ts'
import { duration } from '../../format/times.ts'
import { actionTones, dispositionTones, outcomeTones, type Tone } from '../../parts/tone.ts'

export interface Step {
  readonly key: string
  readonly title: string
  readonly tone: Tone
  /** When it was; a check says only how long it took. */
  readonly at?: number
  readonly tookMs?: number
  /** In words, one line each. */
  readonly lines: readonly string[]
  readonly annotation?: ToldAnnotation
}

export function timelineOf(record: MessageRecord): readonly Step[] {
  return [...connectSteps(record), ...annotationSteps(record), ...laterSteps(record)]
}

function connectSteps({ envelope, settled, firstSeenAt }: MessageRecord): Step[] {
  if (!envelope) return []
  const { client, sender, recipients, headerFrom, contentBytes, policyRevision } = envelope
  const how = [
    client.authIdentity && `AUTH ${client.authIdentity}`,
    client.certificate && `certificate ${client.certificate}`,
    client.tls,
  ]
  const at = settled ? Math.min(firstSeenAt, settled.at - Math.round(settled.tookMs)) : firstSeenAt
  return [
    {
      key: 'connect',
      title: 'Connected',
      tone: 'accent',
      at,
      lines: [`${client.address}, EHLO ${client.helo || '–'}`, ...how.filter((one): one is string => typeof one === 'string')],
    },
    {
      key: 'data',
      title: 'Sent the message',
      tone: 'accent',
      at,
      lines: [
        `MAIL FROM:<${sender}>${headerFrom.length > 0 ? `, header From: ${headerFrom.join(', ')}` : ''}`,
        `${counted(recipients.length, 'recipient')}, ${bytes(contentBytes)}, policy revision ${policyRevision}`,
      ],
    },
  ]
}

function annotationSteps({ annotations }: MessageRecord): Step[] {
  return annotations.map((annotation) => ({
    key: `check ${annotation.check}`,
    title: `${annotation.check}: ${annotation.outcome}${annotation.score === undefined ? '' : `, score ${annotation.score}`}`,
    tone: outcomeTones[annotation.outcome],
    tookMs: annotation.tookMs,
    lines: annotation.waitMs ? [`would have to wait ${duration(annotation.waitMs)}`] : [],
    annotation,
  }))
}

/** What has a time of its own, in the order of time; at the same moment in the order in which the flow has it. */
function laterSteps(record: MessageRecord): Step[] {
  const steps: (Step & { readonly at: number })[] = []
  for (const [index, { at, verdict, missing, late, tookMs }] of record.judgements.entries()) {
    const { action, decidedBy, wouldBe } = verdict
    steps.push({
      key: `verdict ${index}`,
      title: `${late ? 'Late verdict' : 'Verdict'}: ${action}`,
      tone: actionTones[action],
      at,
      tookMs,
      lines: [
        decidedBy.length > 0 ? `by ${decidedBy.join(', ')}` : 'no enforced check objects',
        ...(wouldBe.action === action ? [] : [`with every check enforced: ${wouldBe.action} by ${wouldBe.by.join(', ')}`]),
        ...(missing.length > 0 ? [`did not answer in time: ${missing.join(', ')}`] : []),
      ],
    })
  }
  if (record.settled) {
    const { at, accepted, outcome, tookMs } = record.settled
    steps.push({
      key: 'reply',
      title: accepted ? 'Accepted' : outcome === 'abandoned' ? 'The client went away' : 'Refused',
      tone: accepted ? 'good' : 'bad',
      at,
      tookMs,
      lines: record.reply ? [record.reply] : [],
    })
  }
  for (const [index, { kind, at, cause, by }] of record.holds.entries()) {
    steps.push({
      key: `hold ${index}`,
      title: kind === 'held' ? 'Held in quarantine' : kind === 'released' ? 'Released' : 'Dropped',
      tone: kind === 'held' ? 'held' : kind === 'released' ? 'good' : 'bad',
      at,
      lines: [cause, `by ${by}`].filter((line) => line !== '' && line !== 'by '),
    })
  }
  for (const { at, attempt, destination, nextHop, tls, recipients, nextAttemptAt, tookMs } of record.attempts) {
    const worst = recipients.find(({ result }) => result !== 'delivered') ?? recipients[0]
    steps.push({
      key: `attempt ${destination} ${attempt} ${at}`,
      title: `Attempt ${attempt}, ${destination}: ${summary(recipients)}`,
      tone: worst ? dispositionTones[worst.result] : 'calm',
      at,
      tookMs,
      lines: [
        `${nextHop || 'no next hop answered'}${tls ? `, ${tls}` : ''}`,
        ...recipients.slice(0, 5).map(({ address, result, reply }) => `${address}: ${result}${reply ? `, ${reply}` : ''}`),
        ...(recipients.length > 5 ? [`and ${recipients.length - 5} more`] : []),
        ...(nextAttemptAt === undefined ? [] : [`next attempt ${new Date(nextAttemptAt).toLocaleString('en-GB')}`]),
      ],
    })
  }
  for (const [index, { at, dsnId, cause, recipients }] of record.bounces.entries()) {
    steps.push({
      key: `bounce ${index}`,
      title: dsnId ? 'The sender was told (DSN)' : 'No bounce was sent: the owner is told instead',
      tone: 'warn',
      at,
      lines: [cause, ...(dsnId ? [`as message ${dsnId}`] : []), counted(recipients.length, 'recipient')].filter(
        (line) => line !== '',
      ),
    })
  }
  return steps.sort((a, b) => a.at - b.at)
}

function summary(recipients: MessageRecord['attempts'][number]['recipients']): string {
  const counts = new Map<string, number>()
  for (const { result } of recipients) counts.set(result, (counts.get(result) ?? 0) + 1)
  return [...counts].map(([result, many]) => (recipients.length === 1 ? result : `${many} ${result}`)).join(', ')
}
