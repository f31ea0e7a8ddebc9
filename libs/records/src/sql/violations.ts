/** What was found: by application, check and rule, and by sender, each with samples. */
import type { MessageRecord } from '@sallyport/contracts'
import { messageIdTimeMs } from '@sallyport/contracts/basics'
import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Violation, Violations } from '../answers.ts'
import { dayMs, hourMs } from '../project/tally.ts'
import type { ViolationsQuery } from '../questions.ts'
import { keptMessages } from './kept-messages.ts'
import { countedIn, dayHours, everyApplication, type Hours, hoursOf, sumOf } from './roll-ups.ts'
import type { Reading } from './tables.ts'

const isOneOf = (applications: readonly string[]): RawBuilder<SqlBool> => sql`application in (${sql.join([...applications])})`

const maxSamples = 5
/** Between the parts of a key; no name or address has it. */
const separator = '\u001f'
const wouldBe = (action: string) => sql<number>`sum(case when action = ${sql.lit(action)} then distinct_messages else 0 end)`

export async function violationsOf(reading: Reading, query: ViolationsQuery): Promise<Violations> {
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
  const found = shown.map(({ check_name: check, ...row }) => ({
    ...row,
    check,
    samples: samples.get(keyOf({ ...row, check })) ?? [],
  }))
  const told = await toldOf(reading, found)
  const violations = found.map(({ first, newest, ...row }, index): Violation => {
    const lastAt = Math.floor(messageIdTimeMs(newest) / hourMs) * hourMs
    return { ...row, firstAt: first * hourMs, lastAt, told: told[index] ?? null }
  })
  return { violations, more: rows.length > limit }
}

interface Group {
  readonly application: string
  readonly rule: string
  /** Null: of every sender. */
  readonly identity: string | null
}

const keyOf = ({ application, check, rule, identity }: Group & { readonly check: string }): string =>
  JSON.stringify([application, check, rule, identity])

/** Of each group, by its key: one of each hour of the last two days, and of each day before. They are read once for all groups. */
async function samplesOf(
  { db }: Reading,
  groups: readonly (Group & { readonly check_name: string; readonly newest: string })[],
  hours: Hours,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const [one] = groups
  if (!one) return new Map()
  const byIdentity = one.identity !== null
  const names = ['application', 'check_name', 'rule', ...(byIdentity ? ['identity'] : [])]
  const columns = names.map((name) => sql.ref<string>(name))
  // One text to compare, which every database looks up in a list: each group would search the hours of its application by itself.
  const compared = sql.join(columns, sql` || ${separator} || `)
  const wanted = groups.map(({ application, check_name, rule, identity }) =>
    [application, check_name, rule, ...(byIdentity ? [identity] : [])].join(separator),
  )
  const only = [
    isOneOf([...new Set(groups.map(({ application }) => application))]),
    sql<SqlBool>`${compared} in (${sql.join(wanted)})`,
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
    [...Map.groupBy(found, ({ check_name: check, ...row }) => keyOf({ ...row, check }))].map(([key, rows]) => [
      key,
      [...new Set(rows.map(({ sample_id }) => sample_id))].sort().reverse().slice(0, maxSamples),
    ]),
  )
}

interface Sampled {
  readonly check: string
  readonly rule: string
  /** The newest first. */
  readonly samples: readonly string[]
}

/** For each what the newest of its samples that is still kept was told. All newest ones are read at once, then where one is not kept the next. */
async function toldOf(reading: Reading, rows: readonly Sampled[]): Promise<readonly (Violation['told'] | undefined)[]> {
  const told = rows.map((): Violation['told'] | undefined => undefined)
  for (let place = 0; place < maxSamples; place++) {
    const missing = rows.flatMap(({ samples }, index) => (told[index] === undefined ? samples.slice(place, place + 1) : []))
    if (missing.length === 0) break
    const kept = await keptMessages(reading, [...new Set(missing)])
    for (const [index, row] of rows.entries()) told[index] ??= reasonIn(kept.get(row.samples[place] ?? ''), row)
  }
  return told
}

function reasonIn(record: MessageRecord | undefined, { check, rule }: Sampled): Violation['told'] | undefined {
  const reasons = record?.annotations.find((annotation) => annotation.check === check)?.reasons
  // The rules of a verdict are cut to what travels with it.
  const reason = reasons?.find((one) => one.rule.startsWith(rule)) ?? reasons?.[0]
  if (!reason) return undefined
  const { headerFrom = [], subject = null } = record?.envelope ?? {}
  return { text: reason.text, fix: reason.fix ?? null, from: headerFrom, subject }
}
