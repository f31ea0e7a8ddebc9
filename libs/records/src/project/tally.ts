/** What the roll-ups gain, and seldom lose, by what was learned of messages. */
import { messageIdTimeMs } from '@sallyport/contracts/basics'
import { type CountTable, type Row, specs } from '../sql/tables.ts'
import { identityOf } from './identity.ts'
import { isViolation, type MessageRows } from './message-rows.ts'

export const hourMs = 3_600_000
export const dayMs = 24 * hourMs

const failures = new Set(['bounced', 'expired', 'dropped'])

interface Entry {
  readonly table: CountTable
  readonly key: Readonly<Record<string, string | number>>
  readonly amounts: Record<string, number>
  /** The newest message that it stands for. */
  sample: string
  /** Of the oldest. */
  firstHour: number
}

/** The daily roll-ups that are sums of hourly ones. */
const sumOfHours: Readonly<Partial<Record<CountTable, CountTable>>> = {
  daily_messages: 'hourly_messages',
  daily_checks: 'hourly_checks',
  daily_violations: 'hourly_violations',
}

/**
 * Each message contributes what its rows say, once: `add` takes what it says now, `subtract` what it said before. So the
 * roll-ups are the sum over all messages, in whatever order and however often their events came.
 */
export class Tally {
  readonly #entries = new Map<string, Entry>()

  add(rows: MessageRows, isRepeat: boolean): void {
    this.#count(rows, isRepeat, 1)
  }

  subtract(rows: MessageRows, isRepeat: boolean): void {
    this.#count(rows, isRepeat, -1)
  }

  /** The rows that change something, by table. */
  rows(table: CountTable): Row[] {
    const hourly = sumOfHours[table]
    const entries = hourly ? this.#byDay(hourly, table) : this.#entries
    return [...entries.values()]
      .filter((entry) => entry.table === table && Object.values(entry.amounts).some((amount) => amount !== 0))
      .sort((left, right) => (JSON.stringify(left.key) < JSON.stringify(right.key) ? -1 : 1))
      .map(({ key, amounts, sample, firstHour }) => ({
        ...key,
        ...amounts,
        ...('sample_id' in specs[table].columns ? { sample_id: sample } : {}),
        ...('first_hour' in specs[table].columns ? { first_hour: firstHour } : {}),
      }))
  }

  #byDay(hourly: CountTable, daily: CountTable): ReadonlyMap<string, Entry> {
    const days = new Map<string, Entry>()
    for (const { table, key, amounts, sample, firstHour } of this.#entries.values()) {
      if (table !== hourly) continue
      const { application = '', hour, ...rest } = key
      bump(days, daily, { application, day: Math.floor(Number(hour) / 24), ...rest }, sample, firstHour, amounts)
    }
    return days
  }

  #count(rows: MessageRows, isRepeat: boolean, sign: number): void {
    const { application, checks, id } = rows
    const at = messageIdTimeMs(id)
    const hour = Math.floor(at / hourMs)
    const messages = { messages: sign, distinct_messages: isRepeat ? 0 : sign }
    if (rows.isSettled) {
      let [delivered, failed] = [0, 0]
      for (const { disposition } of rows.recipients) {
        if (disposition === 'delivered') delivered += sign
        else if (failures.has(disposition)) failed += sign
      }
      this.#bump('hourly_messages', { application, hour, verdict: rows.verdict }, id, {
        ...messages,
        accepted: rows.isAccepted ? sign : 0,
        would_refuse: rows.wouldRefuse ? sign : 0,
        recipients: sign * rows.recipients.length,
        delivered,
        failed,
        content_bytes: sign * rows.contentBytes,
      })
      const day = Math.floor(at / dayMs)
      this.#bump('daily_identities', { application, day, kind: 'envelope', address: identityOf(rows.sender) }, id, {
        messages: sign,
      })
      for (const address of new Set(rows.from.map(identityOf))) {
        this.#bump('daily_identities', { application, day, kind: 'header', address }, id, { messages: sign })
      }
    }
    for (const counted of checks) {
      const { check, mode, outcome, action, rules } = counted
      const key = { application, hour, check_name: check, mode }
      this.#bump('hourly_checks', { ...key, outcome, action }, id, messages)
      // Whose violation it is stands in the envelope.
      if (!isViolation(counted) || !rows.isSettled) continue
      const identity = identityOf(rows.sender)
      for (const rule of new Set(rules.length > 0 ? rules : [`${check}.fail`])) {
        this.#bump('hourly_violations', { ...key, action, rule, identity }, id, messages)
      }
    }
  }

  #bump(table: CountTable, key: Entry['key'], id: string, amounts: Readonly<Record<string, number>>): void {
    bump(this.#entries, table, key, id, Number(key.hour), amounts)
  }
}

function bump(
  entries: Map<string, Entry>,
  table: CountTable,
  key: Entry['key'],
  id: string,
  hour: number,
  amounts: Readonly<Record<string, number>>,
): void {
  let name: string = table
  for (const column in key) name += `\0${key[column]}`
  let entry = entries.get(name)
  if (!entry) {
    entry = { table, key, amounts: {}, sample: '', firstHour: hour }
    entries.set(name, entry)
  }
  if (id > entry.sample) entry.sample = id
  if (hour < entry.firstHour) entry.firstHour = hour
  for (const column in amounts) entry.amounts[column] = (entry.amounts[column] ?? 0) + (amounts[column] ?? 0)
}
