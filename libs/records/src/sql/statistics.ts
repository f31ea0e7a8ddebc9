/** Counts by the hour or day, from the roll-ups. */
import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Statistics, StatisticsRow } from '../answers.ts'
import { hourMs } from '../project/tally.ts'
import type { StatisticsKey, StatisticsQuery } from '../questions.ts'
import { countedIn, everyApplication, hoursOf, sumOf } from './roll-ups.ts'
import type { Reading } from './tables.ts'

const counted = { messages: 'messages', distinct: 'distinct_messages' } as const
interface RollUp {
  readonly keys: Readonly<Partial<Record<StatisticsKey, string>>>
  readonly amounts: Readonly<Record<string, string>>
}
const rollUps: Readonly<Record<StatisticsQuery['of'], RollUp>> = {
  messages: {
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
    keys: { application: 'application', check: 'check_name', mode: 'mode', outcome: 'outcome', action: 'action' },
    amounts: counted,
  },
}

export async function statistics({ db }: Reading, query: StatisticsQuery): Promise<Statistics> {
  const { application, check, step, of } = query
  const { keys, amounts } = rollUps[of]
  const wanted = (['application', 'check', 'mode', 'outcome', 'action', 'verdict'] as const).flatMap((name) => {
    const column = query.by.includes(name) ? keys[name] : undefined
    return column === undefined ? [] : [{ name, column: sql.ref<string>(column) }]
  })
  const hours = step === 'day' ? 24 : 1
  const at = sql<number>`hour / ${sql.lit(hours)}`
  const only: RawBuilder<SqlBool>[] = [application === undefined ? everyApplication : sql`application = ${application}`]
  if (check !== undefined && of === 'checks') only.push(sql`check_name = ${check}`)
  let rows = db
    .selectFrom(countedIn(of, hoursOf(query), only, step === 'hour' ? 0 : undefined))
    .select(wanted.map(({ name, column }) => column.as(name)))
    .select(Object.entries(amounts).map(([name, column]) => sumOf(column).as(name)))
  if (step !== undefined) rows = rows.select(at.as('at'))
  for (const group of [...(step === undefined ? [] : [at]), ...wanted.map(({ column }) => column)]) {
    rows = rows.groupBy(group).orderBy(group)
  }
  const found = (await rows.execute()) as unknown as StatisticsRow[]
  return {
    rows: found
      .filter(({ messages }) => messages > 0)
      .map((row) => (row.at === undefined ? row : { ...row, at: row.at * hours * hourMs })),
  }
}
