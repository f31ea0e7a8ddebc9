/** Puts the events of one message together. Their order does not matter. */
import type {
  MailEvent,
  MessageRecord,
  MessageStatus,
  RecipientDisposition,
  RecipientResult,
  ToldAnnotation,
} from '@sallyport/contracts'
import { toldAnnotation } from '@sallyport/contracts/rules'

type EventOf<K extends MailEvent['kind']> = Extract<MailEvent, { kind: K }>
type HoldEvent = Extract<MailEvent, { by: string }>
type LastHold = HoldEvent['kind'] | undefined

/** What the events of a message say together. */
export interface MessageState {
  readonly first: MailEvent
  readonly settled: EventOf<'settled'> | undefined
  readonly judged: readonly EventOf<'judged'>[]
  /** Of the judgements that which counts. */
  readonly decisive: EventOf<'judged'> | undefined
  readonly annotated: readonly EventOf<'annotated'>[]
  readonly attempts: readonly EventOf<'attempted'>[]
  readonly holds: readonly HoldEvent[]
  readonly bounced: readonly EventOf<'bounced'>[]
  readonly recipients: MessageRecord['recipients']
  readonly status: MessageStatus
}

/** From the events of a message, each given once; undefined where there are none. */
export function messageState(unsorted: readonly MailEvent[]): MessageState | undefined {
  const events = isInOrder(unsorted) ? unsorted : unsorted.toSorted((left, right) => left.at - right.at)
  const [first] = events
  if (!first) return undefined
  let settled: EventOf<'settled'> | undefined
  const judged: EventOf<'judged'>[] = []
  const annotated: EventOf<'annotated'>[] = []
  const attempted: EventOf<'attempted'>[] = []
  const holds: HoldEvent[] = []
  const bounced: EventOf<'bounced'>[] = []
  for (const event of events) {
    if (event.kind === 'settled') settled ??= event
    else if (event.kind === 'judged') judged.push(event)
    else if (event.kind === 'annotated') annotated.push(event)
    else if (event.kind === 'attempted') attempted.push(event)
    else if (event.kind === 'bounced') bounced.push(event)
    else holds.push(event)
  }
  const attempts = wholeAttempts(attempted)
  const lastHold = holds.at(-1)?.kind
  const recipients = recipientStates(settled, attempts, lastHold)
  const status = statusOf(settled, judged, lastHold, recipients)
  const decisive = judged.find(({ late }) => late) ?? judged[0]
  return { first, settled, judged, decisive, annotated, attempts, holds, bounced, recipients, status }
}

const isInOrder = (events: readonly MailEvent[]): boolean =>
  events.every(({ at }, index) => index === 0 || at >= (events[index - 1]?.at ?? 0))

/** The record of a message from its events, each given once; undefined where there are none. */
export function assembleMessage(events: readonly MailEvent[]): MessageRecord | undefined {
  const state = messageState(events)
  if (!state) return undefined
  const { first, settled, judged, decisive, annotated, attempts, holds, bounced, recipients, status } = state
  return {
    id: first.id,
    application: first.application,
    traceparent: first.traceparent,
    firstSeenAt: first.at,
    status,
    envelope: settled ? envelopeOf(settled) : null,
    settled: settled ? pick(settled, ['at', 'accepted', 'outcome', 'tookMs']) : null,
    reply: settled?.reply ?? null,
    annotations: annotationsOf(decisive, annotated),
    verdict: decisive?.verdict ?? null,
    judgements: judged.map((event) => pick(event, ['at', 'verdict', 'missing', 'replied', 'late', 'tookMs'])),
    attempts: attempts.map((event) =>
      pick(event, ['at', 'attempt', 'destination', 'nextHop', 'tls', 'recipients', 'nextAttemptAt', 'tookMs']),
    ),
    recipients,
    holds: holds.map((event) => pick(event, ['kind', 'at', 'cause', 'by'])),
    bounces: bounced.map((event) => pick(event, ['at', 'attempt', 'dsnId', 'cause', 'recipients'])),
  }
}

/** An attempt on many recipients is told in parts. */
function wholeAttempts(events: readonly EventOf<'attempted'>[]): EventOf<'attempted'>[] {
  if (events.length < 2) return [...events]
  const whole: EventOf<'attempted'>[] = []
  for (const event of events.toSorted((left, right) => (left.part ?? 0) - (right.part ?? 0))) {
    const isRest = ({ attempt, destination }: EventOf<'attempted'>): boolean =>
      event.part !== undefined && attempt === event.attempt && destination === event.destination
    const at = whole.findIndex(isRest)
    const first = whole[at]
    if (first) whole[at] = { ...first, recipients: [...first.recipients, ...event.recipients] }
    else whole.push(event)
  }
  return whole.sort((left, right) => left.attempt - right.attempt)
}

function envelopeOf(settled: EventOf<'settled'>): MessageRecord['envelope'] {
  const names = ['client', 'sender', 'recipients', 'headerFrom', 'subject', 'messageId', 'contentBytes', 'policyRevision'] as const
  return pick(settled, names)
}

/** What counted first; then what came too late, for checks that did not answer. */
function annotationsOf(judged: EventOf<'judged'> | undefined, late: readonly EventOf<'annotated'>[]): ToldAnnotation[] {
  const annotations = [...(judged?.annotations ?? [])]
  for (const { annotation } of late) {
    if (!annotations.some(({ check }) => check === annotation.check)) annotations.push(annotation)
  }
  return annotations.map(toldAnnotation)
}

function recipientStates(
  settled: EventOf<'settled'> | undefined,
  attempts: readonly EventOf<'attempted'>[],
  lastHold: LastHold,
): MessageRecord['recipients'] {
  const states = new Map<number, MessageRecord['recipients'][number]>()
  const before = dispositionWithoutAttempt(settled, lastHold)
  for (const [index, address] of (settled?.recipients ?? []).entries()) {
    states.set(index, { index, address, disposition: before, attempt: 0, reply: '' })
  }
  for (const { attempt, recipients } of attempts) {
    for (const { index, address, result, reply } of recipients) {
      const known = states.get(index)
      if (known && isFinal(known.disposition) && known.attempt > 0) continue
      states.set(index, { index, address, disposition: stateAfter(result, lastHold), attempt, reply })
    }
  }
  return [...states.values()].sort((left, right) => left.index - right.index)
}

function dispositionWithoutAttempt(settled: EventOf<'settled'> | undefined, lastHold: LastHold): RecipientDisposition {
  if (settled && !settled.accepted) return 'refused'
  if (lastHold === 'held' || lastHold === 'dropped') return lastHold
  return 'waiting'
}

/** A message may be held after attempts, too: what remains of it waits there, or was dropped. */
function stateAfter(result: RecipientResult['result'], lastHold: LastHold): RecipientDisposition {
  return result === 'deferred' && (lastHold === 'held' || lastHold === 'dropped') ? lastHold : result
}

const isFinal = (disposition: RecipientDisposition): boolean =>
  disposition === 'delivered' || disposition === 'bounced' || disposition === 'expired' || disposition === 'dropped'

function statusOf(
  settled: EventOf<'settled'> | undefined,
  judged: readonly EventOf<'judged'>[],
  lastHold: LastHold,
  recipients: MessageRecord['recipients'],
): MessageStatus {
  const every = (test: (disposition: RecipientDisposition) => boolean): boolean =>
    recipients.length > 0 && recipients.every(({ disposition }) => test(disposition))
  if (settled && !settled.accepted) return 'refused'
  if (every((disposition) => disposition === 'delivered')) return 'delivered'
  if (every(isFinal)) return 'failed'
  if (lastHold === 'held') return 'held'
  if (recipients.some(({ disposition }) => disposition === 'deferred')) return 'deferred'
  if (recipients.some(({ attempt }) => attempt > 0) || lastHold === 'released') return 'queued'
  if (!settled) return 'received'
  return settled.outcome === 'undecided' && judged.length === 0 ? 'undecided' : 'queued'
}

/** The named properties, those that are absent left out. */
function pick<T extends object, K extends keyof T>(source: T, names: readonly K[]): Pick<T, K> {
  return Object.fromEntries(names.filter((name) => name in source).map((name) => [name, source[name]])) as Pick<T, K>
}
