/** What was found: by application, check and rule, and by sender, each with samples. */
import type { MessageRecord } from '@sallyport/contracts'
import { messageIdTimeMs } from '@sallyport/contracts/basics'
import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Violation, Violations } from '../answers.ts'
import { dayMs, hourMs } from '../project/tally.ts'
import type { ViolationsQuery } from '../questions.ts'
import { countedIn, dayHours, everyApplication, type Hours, hoursOf, sumOf } from './roll-ups.ts'
import type { Reading } from './tables.ts'

const isOneOf = (applications: readonly string[]): RawBuilder<SqlBool> => sql`application in (${sql.join([...applications])})`

type MessageOf = (id: string) => Promise<MessageRecord | undefined>

const maxSamples = 5
const wouldBe = (action: string) => sql<number>`sum(case when action = ${sql.lit(action)} then distinct_messages else 0 end)`

export async function violationsOf(reading: Reading, messageOf: MessageOf, query: ViolationsQuery): Promise<Violations> {
  const { applications, check, by = 'identity', limit = 100 } = query
  if (applications?.length === 0) return { violations: [], more: false }
  const hours = hoursOf(query)
  const only = [applications === undefined ? everyApplication : isOneOf(applications)]
  if (check !== undefined) only.push(sql`check_name = ${check}`)
  let grouped = reading.db
    .selectFrom(countedIn('violations', hours, only))
    .select(['application', 'check_name', 'rule'])
    .select([sumOf('messages').as('messages'), sumOf('distinct_messages').as('distinct')])
    .select(sql<number>`sum(case when mode = 'enforce' then messages else 0 end)`.as('enforced'))
    .select([wouldBe('reject').as('wouldReject'), wouldBe('hold').as('wouldHold'), wouldBe('defer').as('wouldDefer')])
    .select([sql<number>`min(first_hour)`.as('first'), sql<string>`max(sample_id)`.as('newest')])
    .select((by === 'identity' ? sql.ref<string | null>('identity') : sql<string | null>`null`).as('identity'))
    .groupBy(['application', 'check_name', 'rule'])
  if (by === 'identity') grouped = grouped.groupBy('identity')
  const rows = await grouped
    .orderBy('distinct', 'desc')
    .orderBy('newest', 'desc')
    .orderBy('application')
    .orderBy('check_name')
    .orderBy('rule')
    .limit(limit + 1)
    .execute()
  const shown = rows.slice(0, limit)
  const samples = await samplesOf(reading, shown, hours)
  const violations: Violation[] = []
  for (const { first, newest, check_name, ...row } of shown) {
    const own = samples.get(keyOf({ ...row, check_name })) ?? []
    const at = { check: check_name, firstAt: first * hourMs, lastAt: Math.floor(messageIdTimeMs(newest) / hourMs) * hourMs }
    violations.push({ ...row, ...at, samples: own, told: await toldOf(messageOf, own, check_name, row.rule) })
  }
  return { violations, more: rows.length > limit }
}

interface Grouped {
  readonly application: string
  readonly check_name: string
  readonly rule: string
  /** Null: of every sender. */
  readonly identity: string | null
  /** A message. */
  readonly newest: string
}

const keyOf = ({ application, check_name, rule, identity }: Omit<Grouped, 'newest'>): string =>
  JSON.stringify([application, check_name, rule, identity])

/** Of each group, by its key: one of each hour of the last two days, and of each day before. They are read once for all groups. */
async function samplesOf(
  { db }: Reading,
  groups: readonly Grouped[],
  hours: Hours,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const [one] = groups
  if (!one) return new Map()
  const byIdentity = one.identity !== null
  const names = ['application', 'check_name', 'rule', ...(byIdentity ? ['identity'] : [])]
  const columns = names.map((name) => sql.ref<string>(name))
  // Not the bare column: each group would search the hours of its application by itself.
  const compared = [sql`application || ''`, ...columns.slice(1)]
  const values = groups.map(
    ({ application, check_name, rule, identity }) =>
      sql`(${sql.join([application, check_name, rule, ...(byIdentity ? [identity] : [])])})`,
  )
  const only = [
    isOneOf([...new Set(groups.map(({ application }) => application))]),
    sql<SqlBool>`(${sql.join(compared)}) in (values ${sql.join(values)})`,
  ]
  const lastDay = Math.floor(Math.max(...groups.map(({ newest }) => messageIdTimeMs(newest))) / dayMs)
  const newest = db
    .selectFrom(countedIn('violations', hours, only, (lastDay - 1) * dayHours))
    .select(['application', 'check_name', 'rule', 'sample_id'])
    .select((byIdentity ? sql.ref<string | null>('identity') : sql<string | null>`null`).as('identity'))
    .select(sql<number>`row_number() over (partition by ${sql.join(columns)} order by sample_id desc)`.as('place'))
  const found = await db
    .selectFrom(newest.as('newest'))
    .selectAll()
    .where('place', '<=', 4 * maxSamples)
    .execute()
  return new Map(
    [...Map.groupBy(found, keyOf)].map(([key, rows]) => [
      key,
      [...new Set(rows.map(({ sample_id }) => sample_id))].sort().reverse().slice(0, maxSamples),
    ]),
  )
}

async function toldOf(messageOf: MessageOf, samples: readonly string[], check: string, rule: string): Promise<Violation['told']> {
  for (const id of samples) {
    const record = await messageOf(id)
    const reasons = record?.annotations.find((annotation) => annotation.check === check)?.reasons
    // The rules of a verdict are cut to what travels with it.
    const reason = reasons?.find((one) => one.rule.startsWith(rule)) ?? reasons?.[0]
    if (!reason) continue
    const { headerFrom = [], subject = null } = record?.envelope ?? {}
    return { text: reason.text, fix: reason.fix ?? null, from: headerFrom, subject }
  }
  return null
}
