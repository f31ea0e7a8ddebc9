/** What enforcing a check would do to an application, from what it did while it watched. */
import type { CheckReadiness, Readiness, Suffered } from '../answers.ts'
import { dayMs, hourMs } from '../project/tally.ts'
import type { ReadinessQuery } from '../questions.ts'
import { hoursOf, sumOf } from './roll-ups.ts'
import type { Reading } from './tables.ts'
import { violationsOf } from './violations.ts'

type Day = CheckReadiness['byDay'][number]
interface Counted {
  readonly hour: number
  readonly outcome: string
  readonly action: string
  readonly messages: number
  readonly distinct: number
}

const watchedDays = 7

export async function readinessOf(reading: Reading, query: ReadinessQuery, now: number): Promise<Readiness> {
  const { application, check, until = now, since = until - watchedDays * dayMs, violations: limit = 20 } = query
  const hours = hoursOf({ since, until })
  let counted = reading.db
    .selectFrom('hourly_checks')
    .select(['hour', 'check_name', 'outcome', 'action'])
    .select([sumOf('messages').as('messages'), sumOf('distinct_messages').as('distinct')])
    .where('application', '=', application)
    .where('hour', '>=', hours.since)
    .where('hour', '<', hours.until)
    .groupBy(['hour', 'check_name', 'outcome', 'action'])
    .orderBy('check_name')
    .orderBy('hour')
  if (check !== undefined) counted = counted.where('check_name', '=', check)
  const byCheck = Map.groupBy(await counted.execute(), ({ check_name }) => check_name)
  const checks: CheckReadiness[] = []
  for (const [name, rows] of byCheck) {
    const found = await violationsOf(reading, { applications: [application], check: name, since, until, limit })
    checks.push({ check: name, ...summary(rows), violations: found.violations, moreViolations: found.more })
  }
  return { application, since, until, checks }
}

function summary(rows: readonly Counted[]): Omit<CheckReadiness, 'check' | 'violations' | 'moreViolations'> {
  const days = [...Map.groupBy(rows, ({ hour }) => Math.floor((hour * hourMs) / dayMs))]
  const judged = rows.filter(({ outcome }) => outcome !== 'unavailable')
  const messagesOf = (outcome: string): number => total(rows.filter((row) => row.outcome === outcome)).messages
  return {
    watchedDays: new Set(judged.map(({ hour }) => Math.floor(hour / 24))).size,
    watchedSince: judged.length > 0 ? Math.min(...judged.map(({ hour }) => hour)) * hourMs : null,
    ...total(rows),
    pass: messagesOf('pass'),
    fail: messagesOf('fail'),
    unavailable: messagesOf('unavailable'),
    ...wouldBe(rows),
    byDay: days.map(([day, all]): Day => ({ day: day * dayMs, ...total(all), ...wouldBe(all) })),
  }
}

function total(rows: readonly Counted[]): Pick<Counted, 'messages' | 'distinct'> {
  return rows.reduce((sum, { messages, distinct }) => ({ messages: sum.messages + messages, distinct: sum.distinct + distinct }), {
    messages: 0,
    distinct: 0,
  })
}

function wouldBe(rows: readonly Counted[]): Suffered {
  const of = (action: string): number => total(rows.filter((row) => row.action === action)).distinct
  return { wouldReject: of('reject'), wouldHold: of('hold'), wouldDefer: of('defer') }
}
