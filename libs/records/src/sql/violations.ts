/** What was found: by application, check and rule, and by sender, each with samples. */
import type { MessageRecord } from '@sallyport/contracts'
import { sql } from 'kysely'
import type { Violation, Violations } from '../answers.ts'
import { hourMs } from '../project/tally.ts'
import type { ViolationsQuery } from '../questions.ts'
import { hoursOf, sumOf } from './roll-ups.ts'
import type { Reading } from './tables.ts'

type MessageOf = (id: string) => Promise<MessageRecord | undefined>

const maxSamples = 5
const wouldBe = (action: string) => sql<number>`sum(case when action = ${sql.lit(action)} then distinct_messages else 0 end)`

export async function violationsOf(reading: Reading, messageOf: MessageOf, query: ViolationsQuery): Promise<Violations> {
  const { applications, check, by = 'identity', limit = 100 } = query
  if (applications?.length === 0) return { violations: [], more: false }
  const { since, until } = hoursOf(query)
  let grouped = reading.db
    .selectFrom('hourly_violations')
    .select(['application', 'check_name', 'rule'])
    .select([sumOf('messages').as('messages'), sumOf('distinct_messages').as('distinct')])
    .select(sql<number>`sum(case when mode = 'enforce' then messages else 0 end)`.as('enforced'))
    .select([wouldBe('reject').as('wouldReject'), wouldBe('hold').as('wouldHold'), wouldBe('defer').as('wouldDefer')])
    .select([sql<number>`min(hour)`.as('first'), sql<number>`max(hour)`.as('last')])
    .select((by === 'identity' ? sql.ref<string | null>('identity') : sql<string | null>`null`).as('identity'))
    .where('hour', '>=', since)
    .where('hour', '<', until)
    .groupBy(['application', 'check_name', 'rule'])
  if (by === 'identity') grouped = grouped.groupBy('identity')
  grouped =
    applications === undefined
      ? grouped.where('application', 'in', (all) => all.selectFrom('applications').select('application'))
      : grouped.where('application', 'in', applications)
  if (check !== undefined) grouped = grouped.where('check_name', '=', check)
  const rows = await grouped
    .orderBy('distinct', 'desc')
    .orderBy('last', 'desc')
    .orderBy('application')
    .orderBy('check_name')
    .orderBy('rule')
    .limit(limit + 1)
    .execute()
  const shown = rows.slice(0, limit)
  const samples = await samplesOf(reading, shown, { since, until })
  const violations: Violation[] = []
  for (const { first, last, check_name, ...row } of shown) {
    const own = samples.get(keyOf({ ...row, check_name })) ?? []
    const at = { check: check_name, firstAt: first * hourMs, lastAt: last * hourMs }
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
}

const keyOf = ({ application, check_name, rule, identity }: Grouped): string =>
  JSON.stringify([application, check_name, rule, identity])

/** Of each group, by its key: one of each hour at most, the newest. The hours are read once for all of them. */
async function samplesOf(
  { db }: Reading,
  groups: readonly Grouped[],
  { since, until }: { readonly since: number; readonly until: number },
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
  const newest = db
    .selectFrom('hourly_violations')
    .select(['application', 'check_name', 'rule', 'sample_id'])
    .select((byIdentity ? sql.ref<string | null>('identity') : sql<string | null>`null`).as('identity'))
    .select(sql<number>`row_number() over (partition by ${sql.join(columns)} order by hour desc)`.as('place'))
    .where('application', 'in', [...new Set(groups.map(({ application }) => application))])
    .where('hour', '>=', since)
    .where('hour', '<', until)
    .where(sql<boolean>`(${sql.join(compared)}) in (values ${sql.join(values)})`)
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
