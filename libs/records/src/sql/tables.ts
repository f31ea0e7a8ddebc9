/**
 * The tables of the records, the same in every database. Ids are UUIDs whose order is that of time, so that they are what rows are
 * clustered, paged and forgotten by. Roll-ups begin with the application: questions are about one, or about each in turn.
 */
import type { Kysely } from 'kysely'

/** A UUID as the database has it: 16 bytes in SQLite, text from PostgreSQL. */
export type IdValue = Uint8Array | string

export interface Tables {
  /** Which generation and version of the store this is, and before when (ms) nothing is taken any more. One row. */
  store: { one: number; generation: string; horizon: number }
  positions: { partition: number; offset: number }
  events: { id: IdValue; kind: string; subject: string; attempt: number; json: Uint8Array }
  messages: {
    id: IdValue
    application: string
    sender: string
    verdict: string
    status: string
    action: string | null
    would_be: string | null
    would_refuse: number
    /** Names of the checks that found a violation, with spaces. */
    violations: string
    subject: string | null
    message_id: string | null
    content_bytes: number
    recipient_count: number
    first_at: number
    last_at: number
  }
  recipients: { id: IdValue; number: number; address: string; domain: string; disposition: string }
  /** Of the envelope and the From header field. */
  senders: { id: IdValue; address: string; domain: string }
  /** Checks that found a violation (`fail`), or could not judge (`unavailable`). */
  findings: { id: IdValue; check_name: string; outcome: string; application: string; mode: string }
  /** The first message of what a client sent again and again: only that one counts as distinct. */
  attempt_groups: { id: IdValue; first_id: IdValue }
  applications: { application: string }
  hourly_messages: {
    application: string
    hour: number
    verdict: string
    messages: number
    distinct_messages: number
    accepted: number
    would_refuse: number
    recipients: number
    delivered: number
    failed: number
    content_bytes: number
  }
  hourly_checks: {
    application: string
    hour: number
    check_name: string
    mode: string
    outcome: string
    action: string
    messages: number
    distinct_messages: number
  }
  hourly_violations: {
    application: string
    hour: number
    check_name: string
    mode: string
    action: string
    rule: string
    identity: string
    messages: number
    distinct_messages: number
    /** The newest message id that it was seen in, as text. */
    sample_id: string
  }
  daily_identities: { application: string; day: number; kind: string; address: string; messages: number }
  /** The same counts by days of UTC, each the sum of its hours. */
  daily_messages: Daily<'hourly_messages'>
  daily_checks: Daily<'hourly_checks'>
  daily_violations: Daily<'hourly_violations'> & { first_hour: number }
}

type Daily<T extends 'hourly_messages' | 'hourly_checks' | 'hourly_violations'> = Omit<Tables[T], 'hour'> & { day: number }

export type ColumnType = 'uuid' | 'text' | 'int' | 'bigint' | 'bytes'

export interface TableSpec {
  /** In their order; `null` may be written to those that end with `?`. */
  readonly columns: Readonly<Record<string, ColumnType>>
  readonly key: readonly string[]
  /** What a row does to one of the same key: nothing, take its place, or add (but for `sample_id` and `first_hour`). */
  readonly onConflict: 'nothing' | 'replace' | 'add'
}

const hour = { application: 'text', hour: 'int' } as const
const day = { application: 'text', day: 'int' } as const
const counted = { messages: 'bigint', distinct_messages: 'bigint' } as const
const messageCounts = {
  verdict: 'text',
  ...counted,
  accepted: 'bigint',
  would_refuse: 'bigint',
  recipients: 'bigint',
  delivered: 'bigint',
  failed: 'bigint',
  content_bytes: 'bigint',
} as const
const check = { check_name: 'text', mode: 'text' } as const
const checkCounts = { ...check, outcome: 'text', action: 'text', ...counted } as const
const violationCounts = { ...check, action: 'text', rule: 'text', identity: 'text', ...counted, sample_id: 'text' } as const
const checkKey = ['check_name', 'mode', 'outcome', 'action'] as const
const violationKey = ['check_name', 'mode', 'action', 'rule', 'identity'] as const

/** How rows are written. The tables themselves are made by the migrations. */
export const specs = {
  events: {
    columns: { id: 'uuid', kind: 'text', subject: 'text', attempt: 'int', json: 'bytes' },
    key: ['id', 'kind', 'subject', 'attempt'],
    onConflict: 'nothing',
  },
  messages: {
    columns: {
      id: 'uuid',
      application: 'text',
      sender: 'text',
      verdict: 'text',
      status: 'text',
      action: 'text',
      would_be: 'text',
      would_refuse: 'int',
      violations: 'text',
      subject: 'text',
      message_id: 'text',
      content_bytes: 'bigint',
      recipient_count: 'int',
      first_at: 'bigint',
      last_at: 'bigint',
    },
    key: ['id'],
    onConflict: 'replace',
  },
  recipients: {
    columns: { id: 'uuid', number: 'int', address: 'text', domain: 'text', disposition: 'text' },
    key: ['id', 'number'],
    onConflict: 'replace',
  },
  senders: { columns: { id: 'uuid', address: 'text', domain: 'text' }, key: ['id', 'address'], onConflict: 'nothing' },
  findings: {
    columns: { id: 'uuid', check_name: 'text', outcome: 'text', application: 'text', mode: 'text' },
    key: ['id', 'check_name'],
    onConflict: 'replace',
  },
  attempt_groups: { columns: { id: 'uuid', first_id: 'uuid' }, key: ['id'], onConflict: 'replace' },
  applications: { columns: { application: 'text' }, key: ['application'], onConflict: 'nothing' },
  hourly_messages: { columns: { ...hour, ...messageCounts }, key: ['application', 'hour', 'verdict'], onConflict: 'add' },
  hourly_checks: { columns: { ...hour, ...checkCounts }, key: ['application', 'hour', ...checkKey], onConflict: 'add' },
  hourly_violations: {
    columns: { ...hour, ...violationCounts },
    key: ['application', 'hour', ...violationKey],
    onConflict: 'add',
  },
  daily_identities: {
    columns: { application: 'text', day: 'int', kind: 'text', address: 'text', messages: 'bigint' },
    key: ['application', 'day', 'kind', 'address'],
    onConflict: 'add',
  },
  daily_messages: { columns: { ...day, ...messageCounts }, key: ['application', 'day', 'verdict'], onConflict: 'add' },
  daily_checks: { columns: { ...day, ...checkCounts }, key: ['application', 'day', ...checkKey], onConflict: 'add' },
  daily_violations: {
    columns: { ...day, ...violationCounts, first_hour: 'int' },
    key: ['application', 'day', ...violationKey],
    onConflict: 'add',
  },
} as const satisfies Readonly<Record<string, TableSpec>>
export type WrittenTable = keyof typeof specs
export type CountTable = Extract<WrittenTable, `${'hourly' | 'daily'}_${string}`>
/** What is counted both by the hour and by the day. */
export const countKinds = ['messages', 'checks', 'violations'] as const
export type CountKind = (typeof countKinds)[number]
export type Cell = string | number | Uint8Array | null
export type Row = Readonly<Record<string, Cell>>

/** The clause for a row whose key is there already. */
export function conflictClause(table: WrittenTable): string {
  const { columns, key, onConflict }: TableSpec = specs[table]
  const target = key.map(quoted).join(', ')
  if (onConflict === 'nothing') return `ON CONFLICT (${target}) DO NOTHING`
  const sets = Object.keys(columns)
    .filter((column) => !key.includes(column))
    .map((column) => {
      const [old, given] = [`${quoted(table)}.${quoted(column)}`, `excluded.${quoted(column)}`]
      const kept = column === 'sample_id' ? '>' : column === 'first_hour' ? '<' : undefined
      if (kept) return `${quoted(column)} = CASE WHEN ${given} ${kept} ${old} THEN ${given} ELSE ${old} END`
      return `${quoted(column)} = ${onConflict === 'add' ? `${old} + ${given}` : given}`
    })
  return `ON CONFLICT (${target}) DO UPDATE SET ${sets.join(', ')}`
}

export const quoted = (name: string): string => `"${name}"`

/** How the queries see the database: the same for each. */
export interface Reading {
  readonly db: Kysely<Tables>
  /** A UUID as text to what the database compares with, and back. */
  readonly idValue: (id: string) => IdValue
  readonly idText: (value: IdValue) => string
}
