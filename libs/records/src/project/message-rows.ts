/** What the tables keep of one message, from the set of its events: their order does not matter. */
import { createHash } from 'node:crypto'
import type { MailEvent, MessageRecord, MessageVerdict } from '@sallyport/contracts'
import { assembleMessage } from '../assemble-message.ts'
import { columnAddress, columnText } from './column-text.ts'

/** One contribution to the verdict, counted. */
export interface CountedCheck {
  readonly check: string
  readonly mode: string
  readonly outcome: string
  readonly action: string
  readonly rules: readonly string[]
}

/** It found something wrong: it failed, or it stands for more than relay by a measure (a score, a wait). */
export const isViolation = ({ outcome, action }: CountedCheck): boolean =>
  outcome === 'fail' || (outcome !== 'unavailable' && action !== 'relay')

export interface MessageRows {
  readonly id: string
  readonly application: string
  readonly sender: string
  readonly subject: string | null
  readonly messageId: string | null
  readonly status: string
  readonly verdict: MessageVerdict
  readonly isAccepted: boolean
  /** Of the verdict. */
  readonly action: string | null
  readonly wouldBe: string | null
  /** It was to leave, and with every check enforced it would not have. */
  readonly wouldRefuse: boolean
  readonly contentBytes: number
  readonly firstAt: number
  readonly lastAt: number
  readonly recipients: readonly { readonly index: number; readonly address: string; readonly disposition: string }[]
  readonly checks: readonly CountedCheck[]
  readonly from: readonly string[]
  /** What a client's retries have in common, as a UUID; null where it cannot be told, and for our own messages. */
  readonly group: string | null
  readonly isSettled: boolean
}

/** Undefined where there are no events. */
export function messageRows(events: readonly MailEvent[]): MessageRows | undefined {
  const record = assembleMessage(events)
  if (!record) return undefined
  const { id, application, envelope, verdict } = record
  const checks = (verdict?.contributions ?? [])
    .filter(({ mode }) => mode !== 'off')
    .map((one) => ({ ...one, check: columnText(one.check), rules: one.rules.map(columnText) }))
  const decided = verdictOf(record)
  return {
    id,
    application,
    sender: columnAddress(envelope?.sender ?? ''),
    subject: envelope?.subject === undefined ? null : columnText(envelope.subject),
    messageId: envelope?.messageId === undefined ? null : columnText(envelope.messageId),
    status: record.status,
    verdict: decided,
    isAccepted: record.settled?.accepted ?? false,
    action: verdict?.action ?? null,
    wouldBe: verdict?.wouldBe.action ?? null,
    wouldRefuse: decided === 'relay' && (verdict?.wouldBe.action ?? 'relay') !== 'relay',
    contentBytes: envelope?.contentBytes ?? 0,
    firstAt: record.firstSeenAt,
    lastAt: events.reduce((latest, { at }) => Math.max(latest, at), 0),
    recipients: record.recipients.map(({ index, address, disposition }) => ({
      index,
      address: address.toLowerCase(),
      disposition,
    })),
    checks,
    from: [...new Set((envelope?.headerFrom ?? []).map(columnAddress))],
    group: envelope && groupOf(application, envelope),
    isSettled: envelope !== null,
  }
}

/** What ingress did counts; of what it accepted undecided, and of what it said nothing yet, the judgement does. */
function verdictOf({ settled, verdict, judgements }: MessageRecord): MessageVerdict {
  if (settled && settled.outcome !== 'undecided') return settled.outcome as MessageVerdict
  const isJudged = settled === null || judgements.some(({ late }) => late)
  return (isJudged && verdict?.action) || (settled ? 'undecided' : 'none')
}

function groupOf(application: string, { messageId, sender, recipients }: NonNullable<MessageRecord['envelope']>): string | null {
  if (messageId === undefined || messageId === '') return null
  const parts = [application, messageId, sender, ...recipients.toSorted()]
  const hex = createHash('sha256').update(JSON.stringify(parts)).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`
}
