/** What a batch of events changes, given what is stored: pure, the same for every database. */
import type { MailEvent } from '@sallyport/contracts'
import { eventSubject, messageIdTimeMs } from '@sallyport/contracts/basics'
import { packEvents, unpackEvents } from '../event-json.ts'
import type { RecordedEvent } from '../port.ts'
import type { CountTable, Row, WrittenTable } from '../sql/tables.ts'
import { domainOf } from './identity.ts'
import { isViolation, type MessageRows, messageRows } from './message-rows.ts'
import { Tally } from './tally.ts'

/** An event that is stored, with its key. */
export interface StoredEvent {
  readonly key: string
  readonly event: MailEvent
}

/** Of a message that the batch concerns: what its rows said, and say now. */
interface Change {
  readonly before: MessageRows | undefined
  readonly after: MessageRows
}

export interface Changes {
  /** Rows to write, in the order of their tables. Their ids are text. */
  readonly writes: readonly (readonly [WrittenTable, readonly Row[]])[]
  /** Findings that are none any more. */
  readonly gone: readonly { readonly id: string; readonly check: string }[]
  /** Whether a roll-up lost something, so that rows may be left with nothing to count. */
  readonly hasLosses: boolean
}

function eventKey(event: MailEvent): string {
  const { subject, attempt } = eventSubject(event)
  return `${event.kind} ${attempt} ${subject}`
}

/** The events of a row of the table. */
export const storedEvents = (json: Uint8Array): readonly StoredEvent[] =>
  unpackEvents(json).map((event) => ({ key: eventKey(event), event }))

const countTables: readonly CountTable[] = [
  'hourly_messages',
  'hourly_checks',
  'hourly_violations',
  'daily_identities',
  'daily_messages',
  'daily_checks',
  'daily_violations',
]

/** Asked twice: what is stored of the messages of the batch, then of the first ones of groups that get an earlier one. */
export class AppendPlan {
  /** By message. */
  readonly #fresh = new Map<string, RecordedEvent[]>()
  readonly #changes = new Map<string, Change>()
  readonly #leaders = new Map<string, { readonly before: string | undefined; readonly after: string }>()

  /** `stored` has the events of every message that is given. */
  constructor(given: readonly RecordedEvent[], stored: ReadonlyMap<string, readonly StoredEvent[]>) {
    const byId = new Map<string, { keys: Set<string>; before: MailEvent[]; fresh: MailEvent[] }>()
    for (const recorded of given) {
      const { event } = recorded
      let message = byId.get(event.id)
      if (!message) {
        const known = stored.get(event.id) ?? []
        message = { keys: new Set(known.map(({ key }) => key)), before: known.map(({ event }) => event), fresh: [] }
        byId.set(event.id, message)
      }
      const key = eventKey(event)
      if (message.keys.has(key)) continue
      message.keys.add(key)
      message.fresh.push(event)
      const others = this.#fresh.get(event.id)
      if (others) others.push(recorded)
      else this.#fresh.set(event.id, [recorded])
    }
    for (const [id, { before, fresh }] of byId) {
      if (fresh.length === 0) continue
      const after = messageRows([...before, ...fresh])
      if (after) this.#changes.set(id, { before: messageRows(before), after })
    }
  }

  /** Groups whose first messages have to be known. */
  get groups(): readonly string[] {
    return [...new Set([...this.#changes.values()].flatMap(({ after }) => (after.group === null ? [] : [after.group])))]
  }

  /** `leaders`: the first message of each group that has one. Returns the ids of those that are not the first any more. */
  setLeaders(leaders: ReadonlyMap<string, string>): readonly string[] {
    for (const { after } of this.#changes.values()) {
      if (after.group === null) continue
      const before = leaders.get(after.group)
      const first = this.#leaders.get(after.group)?.after ?? before
      this.#leaders.set(after.group, { before, after: first === undefined || after.id < first ? after.id : first })
    }
    const ousted = [...this.#leaders.values()].flatMap(({ before, after }) =>
      before === undefined || before === after || this.#changes.has(before) ? [] : [before],
    )
    return ousted
  }

  /** `ousted`: the events of those that `setLeaders` named. */
  finish(ousted: ReadonlyMap<string, readonly StoredEvent[]>): Changes {
    const tally = new Tally()
    let hasLosses = false
    for (const { before, after } of this.#changes.values()) {
      if (before) {
        tally.subtract(before, this.#isRepeat(before, 'before'))
        hasLosses = true
      }
      tally.add(after, this.#isRepeat(after, 'after'))
    }
    for (const stored of ousted.values()) {
      const rows = messageRows(stored.map(({ event }) => event))
      if (!rows) continue
      tally.subtract(rows, false)
      tally.add(rows, true)
      hasLosses = true
    }
    const changes = [...this.#changes.values()].sort((left, right) => (left.after.id < right.after.id ? -1 : 1))
    const applications = [...new Set(changes.map(({ after }) => after.application))].sort()
    return {
      writes: [
        ['events', [...this.#fresh.values()].flatMap(bundle)],
        ['messages', changes.map(({ after }) => messageRow(after))],
        ['recipients', changes.flatMap(changedRecipients)],
        ['senders', changes.flatMap(newSenders)],
        ['findings', changes.flatMap(({ after }) => findingRows(after))],
        ['attempt_groups', [...this.#leaders].filter(([, { before, after }]) => before !== after).map(groupRow)],
        ['applications', applications.map((application) => ({ application }))],
        ...countTables.map((table): [WrittenTable, Row[]] => [table, tally.rows(table)]),
      ],
      gone: changes.flatMap(({ before, after }) =>
        findings(before)
          .filter(({ check }) => !findings(after).some((still) => still.check === check))
          .map(({ check }) => ({ id: after.id, check })),
      ),
      hasLosses,
    }
  }

  #isRepeat({ id, group }: MessageRows, when: 'before' | 'after'): boolean {
    if (group === null) return false
    const first = this.#leaders.get(group)?.[when]
    return first !== undefined && first !== id
  }
}

/** What a batch tells of a message is one row, under the key of its first event: no other batch has that one. */
function bundle(recorded: readonly RecordedEvent[]): Row[] {
  const first = recorded[0]?.event
  if (!first) return []
  return [{ id: first.id, kind: first.kind, ...eventSubject(first), json: packEvents(recorded.map(({ json }) => json)) }]
}

const findings = (rows: MessageRows | undefined) =>
  rows?.checks.filter((one) => isViolation(one) || one.outcome === 'unavailable') ?? []

const findingRows = (rows: MessageRows): Row[] =>
  findings(rows).map((one) => {
    const outcome = isViolation(one) ? 'fail' : 'unavailable'
    return { id: rows.id, check_name: one.check, outcome, application: rows.application, mode: one.mode }
  })

function newSenders({ before, after }: Change): Row[] {
  if (!after.isSettled || before?.isSettled) return []
  return [...new Set([after.sender, ...after.from])].map((address) => ({ id: after.id, address, domain: domainOf(address) }))
}

const groupRow = ([id, { after }]: readonly [string, { readonly after: string }]): Row => ({ id, first_id: after })

function changedRecipients({ before, after }: Change): Row[] {
  return after.recipients.flatMap(({ index, address, disposition }) => {
    const known = before?.recipients.find((one) => one.index === index)
    const isSame = known?.address === address && known.disposition === disposition
    return isSame ? [] : [{ id: after.id, number: index, address, domain: domainOf(address), disposition }]
  })
}

function messageRow(rows: MessageRows): Row {
  return {
    id: rows.id,
    application: rows.application,
    sender: rows.sender,
    verdict: rows.verdict,
    status: rows.status,
    action: rows.action,
    would_be: rows.wouldBe,
    would_refuse: rows.wouldRefuse ? 1 : 0,
    violations: rows.checks
      .filter(isViolation)
      .map(({ check }) => check)
      .join(' '),
    subject: rows.subject,
    message_id: rows.messageId,
    content_bytes: rows.contentBytes,
    recipient_count: rows.recipients.length,
    first_at: rows.firstAt,
    last_at: rows.lastAt,
  }
}

/** Events of messages that were forgotten are not taken again: they would count anew. */
export const isYoungEnough = (id: string, horizonMs: number): boolean => messageIdTimeMs(id) >= horizonMs
