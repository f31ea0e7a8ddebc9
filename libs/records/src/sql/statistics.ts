/** Counts by the hour or day, from the roll-ups. */
import { sql } from 'kysely'
import type { Statistics, StatisticsRow } from '../answers.ts'
import { hourMs } from '../project/tally.ts'
import type { StatisticsKey, StatisticsQuery } from '../questions.ts'
import { hoursOf, sumOf } from './roll-ups.ts'
import type { Reading } from './tables.ts'

const counted = { messages: 'messages', distinct: 'distinct_messages' } as const
interface RollUp {
  readonly table: 'hourly_messages' | 'hourly_checks'
  readonly keys: Readonly<Partial<Record<StatisticsKey, string>>>
  readonly amounts: Readonly<Record<string, string>>
}
const rollUps: Readonly<Record<StatisticsQuery['of'], RollUp>> = {
  messages: {
    table: 'hourly_messages',
    keys: { application: 'application', verdict: 'verdict' },
    amounts: {
      ...counted,
      accepted: 'accepted',
      wouldRefuse: 'would_refuse',
      recipients: 'recipients',
      delivered: 'delivered',
      failed: 'failed',
      contentBytes: 'content_bytes',
    },
  },
  checks: {
    table: 'hourly_checks',
    keys: { application: 'application', check: 'check_name', mode: 'mode', outcome: 'outcome', action: 'action' },
    amounts: counted,
  },
}

export async function statistics({ db }: Reading, query: StatisticsQuery): Promise<Statistics> {
  const { application, check, step, of } = query
  const { table, keys, amounts } = rollUps[of]
  const wanted = (['application', 'check', 'mode', 'outcome', 'action', 'verdict'] as const).flatMap((name) => {
    const column = query.by.includes(name) ? keys[name] : undefined
    return column === undefined ? [] : [{ name, column: sql.ref<string>(column) }]
  })
  const hours = step === 'day' ? 24 : 1
  const at = sql<number>`hour / ${sql.lit(hours)}`
  const { since, until } = hoursOf(query)
  let rows = db
    .selectFrom(table)
    .select(wanted.map(({ name, column }) => column.as(name)))
    .select(Object.entries(amounts).map(([name, column]) => sumOf(column).as(name)))
    .where('hour', '>=', since)
    .where('hour', '<', until)
  if (step !== undefined) rows = rows.select(at.as('at'))
  for (const group of [...(step === undefined ? [] : [at]), ...wanted.map(({ column }) => column)]) {
    rows = rows.groupBy(group).orderBy(group)
  }
  rows =
    application === undefined
      ? rows.where('application', 'in', (all) => all.selectFrom('applications').select('application'))
      : rows.where('application', '=', application)
  if (check !== undefined && of === 'checks') rows = rows.where(sql.ref('check_name'), '=', check)
  const found = (await rows.execute()) as unknown as StatisticsRow[]
  return {
    rows: found
      .filter(({ messages }) => messages > 0)
      .map((row) => (row.at === undefined ? row : { ...row, at: row.at * hours * hourMs })),
  }
}
