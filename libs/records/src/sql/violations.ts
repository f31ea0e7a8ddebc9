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
  const violations: Violation[] = []
  for (const { first, last, check_name, ...row } of rows.slice(0, limit)) {
    const at = { check: check_name, firstAt: first * hourMs, lastAt: last * hourMs }
    const samples = await samplesOf(reading, { ...row, check: check_name, since: first, until: last })
    violations.push({ ...row, ...at, samples, told: await toldOf(messageOf, samples, check_name, row.rule) })
  }
  return { violations, more: rows.length > limit }
}

interface SampleQuery {
  readonly application: string
  readonly check: string
  readonly rule: string
  readonly identity: string | null
  readonly since: number
  readonly until: number
}

/** One of each hour at most. */
async function samplesOf({ db }: Reading, { application, check, rule, identity, since, until }: SampleQuery): Promise<string[]> {
  let rows = db
    .selectFrom('hourly_violations')
    .select('sample_id')
    .where('application', '=', application)
    .where('hour', '>=', since)
    .where('hour', '<=', until)
    .where('check_name', '=', check)
    .where('rule', '=', rule)
  if (identity !== null) rows = rows.where('identity', '=', identity)
  const found = await rows
    .orderBy('hour', 'desc')
    .limit(4 * maxSamples)
    .execute()
  return [...new Set(found.map(({ sample_id }) => sample_id))].sort().reverse().slice(0, maxSamples)
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
