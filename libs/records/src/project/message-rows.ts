/** What the tables keep of one message, from the set of its events: their order does not matter. */
import { hash } from 'node:crypto'
import type { MailEvent, MessageVerdict } from '@sallyport/contracts'
import { type MessageState, messageState } from '../assemble-message.ts'
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
  const state = messageState(events)
  if (!state) return undefined
  const { first, settled, decisive } = state
  const { id, application } = first
  const verdict = decisive?.verdict
  const checks: CountedCheck[] = []
  for (const { check, mode, outcome, action, rules } of verdict?.contributions ?? []) {
    if (mode !== 'off') checks.push({ check: columnText(check), mode, outcome, action, rules: rules.map(columnText) })
  }
  const decided = verdictOf(state)
  return {
    id,
    application,
    sender: columnAddress(settled?.sender ?? ''),
    subject: settled?.subject === undefined ? null : columnText(settled.subject),
    messageId: settled?.messageId === undefined ? null : columnText(settled.messageId),
    status: state.status,
    verdict: decided,
    isAccepted: settled?.accepted ?? false,
    action: verdict?.action ?? null,
    wouldBe: verdict?.wouldBe.action ?? null,
    wouldRefuse: decided === 'relay' && (verdict?.wouldBe.action ?? 'relay') !== 'relay',
    contentBytes: settled?.contentBytes ?? 0,
    firstAt: first.at,
    lastAt: events.reduce((latest, { at }) => Math.max(latest, at), 0),
    recipients: state.recipients.map(({ index, address, disposition }) => ({
      index,
      address: address.toLowerCase(),
      disposition,
    })),
    checks,
    from: settled ? [...new Set(settled.headerFrom.map(columnAddress))] : [],
    group: settled ? groupOf(application, settled) : null,
    isSettled: settled !== undefined,
  }
}

/** What ingress did counts; of what it accepted undecided, and of what it said nothing yet, the judgement does. */
function verdictOf({ settled, decisive, judged }: MessageState): MessageVerdict {
  if (settled && settled.outcome !== 'undecided') return settled.outcome as MessageVerdict
  const isJudged = settled === undefined || judged.some(({ late }) => late)
  return (isJudged && decisive?.verdict.action) || (settled ? 'undecided' : 'none')
}

type Sent = Pick<NonNullable<MessageState['settled']>, 'messageId' | 'sender' | 'recipients'>

function groupOf(application: string, { messageId, sender, recipients }: Sent): string | null {
  if (messageId === undefined || messageId === '') return null
  const digest = hash('sha256', JSON.stringify([application, messageId, sender, ...recipients.toSorted()]))
  return `${digest.slice(0, 8)}-${digest.slice(8, 12)}-${digest.slice(12, 16)}-${digest.slice(16, 20)}-${digest.slice(20, 32)}`
}
