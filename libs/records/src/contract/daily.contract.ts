/** Days are the sums of their hours, whatever is asked for: after late events, forgetting, a rebuild and a migration. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MailEvent } from '@sallyport/contracts'
import type { Violation } from '../answers.ts'
import { eventsOf, recorded } from '../events.cases.ts'
import type { Records } from '../port.ts'
import type { Period, StatisticsQuery } from '../questions.ts'
import type { RecordsContract } from '../records.contract.ts'
import { finding, type Story, told } from './stories.cases.ts'

const hour = 3_600_000
const day = 24 * hour
/** Midnight, UTC. */
const startAt = 20_416 * day
const days = 5

/** Messages of each third hour or so; some retried in the next one, which may be that of another day. */
function everything(): MailEvent[] {
  const events: MailEvent[] = []
  for (let index = 0; index < 44; index++) {
    const at = startAt + Math.floor((index * days * day) / 44) + 7
    const application = index % 3 === 0 ? 'crm' : 'billing'
    const sender = index % 4 === 0 ? `one@${application}.example` : 'other@elsewhere.example'
    const mode = index % 5 === 0 ? 'enforce' : 'monitor'
    const checks = [
      finding('domain', { mode, outcome: index % 2 === 0 ? 'fail' : 'pass' }),
      finding('spam', { outcome: index % 7 === 0 ? 'unavailable' : 'pass' }),
    ]
    const story: Story = {
      at,
      application,
      sender,
      checks,
      outcome: index % 6 === 0 ? 'defer' : 'relay',
      messageId: `<${index}@x>`,
    }
    const first = told(story)
    events.push(...first.events)
    if (index % 6 === 0) events.push(...told({ ...story, at: at + hour, outcome: 'reject' }).events)
    else events.push(eventsOf(first.id, at, application).attempted(1, [[0, index % 8 === 1 ? 'bounced' : 'delivered']]))
  }
  return events
}

const periods: readonly Period[] = [
  {},
  { since: startAt, until: startAt + 3 * day },
  { since: startAt + day - hour, until: startAt + 3 * day + 5 * hour },
  { since: startAt + day + 2 * hour },
  { until: startAt + 2 * day },
  { since: startAt + day + 3 * hour, until: startAt + day + 9 * hour },
  { since: startAt + 20 * hour, until: startAt + 30 * hour },
]
const questions: readonly Pick<StatisticsQuery, 'of' | 'by' | 'application' | 'check'>[] = [
  { of: 'messages', by: [] },
  { of: 'messages', by: ['application', 'verdict'] },
  { of: 'checks', by: ['check', 'mode', 'outcome', 'action'] },
  { of: 'checks', by: ['application', 'mode'], check: 'domain' },
  { of: 'checks', by: ['outcome'], application: 'crm' },
]

const plus = (left: unknown, right: unknown): unknown =>
  typeof left === 'number' && typeof right === 'number' ? left + right : (left ?? right)

/** Rows of the same key added up. */
function added<T extends object>(rows: readonly T[], keyOf: (row: T) => string): T[] {
  const sums = new Map<string, T>()
  for (const row of rows) {
    const sum = sums.get(keyOf(row))
    const fields = Object.entries(row).map(([name, value]): [string, unknown] => [
      name,
      sum === undefined || name === 'at' ? value : plus(Object.entries(sum).find(([known]) => known === name)?.[1], value),
    ])
    sums.set(keyOf(row), Object.assign({ ...row }, Object.fromEntries(fields)))
  }
  return [...sums.entries()].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, row]) => row)
}

async function statisticsAreSums(records: Records, period: Period): Promise<number> {
  let messages = 0
  for (const question of questions) {
    const keyOf = (row: object): string =>
      JSON.stringify([...question.by, 'at'].map((name) => Object.entries(row).find(([key]) => key === name)?.[1] ?? null))
    const { rows: byHour } = await records.statistics({ ...question, ...period, step: 'hour' })
    const { rows: byDay } = await records.statistics({ ...question, ...period, step: 'day' })
    const { rows: whole } = await records.statistics({ ...question, ...period })
    const dayOf = byHour.map((row) => ({ ...row, at: Math.floor((row.at ?? 0) / day) * day }))
    assert.deepEqual(added(byDay, keyOf), added(dayOf, keyOf))
    assert.deepEqual(
      added(whole, keyOf),
      added(
        byHour.map(({ at: _, ...row }) => row),
        keyOf,
      ),
    )
    messages += byHour.reduce((sum, row) => sum + row.messages, 0)
  }
  return messages
}

/** Asked hour by hour, each of which only hourly counts can answer, and for all of them. */
async function violationsAreSums(records: Records, { since = startAt, until = startAt + (days + 1) * day }: Period): Promise<void> {
  const hourly: Violation[] = []
  for (let at = since; at < until; at += hour) {
    hourly.push(...(await records.violations({ since: at, until: at + hour })).violations)
  }
  const keyOf = ({ application, check, rule, identity }: Violation) => JSON.stringify([application, check, rule, identity])
  const { violations } = await records.violations({ since, until })
  const counts = ({ samples: _, told: __, firstAt: ___, lastAt: ____, ...counted }: Violation) => counted
  const edges = (rows: readonly Violation[]) =>
    Object.fromEntries(
      [...Map.groupBy(rows, keyOf)].map(([key, all]) => [
        key,
        [Math.min(...all.map(({ firstAt }) => firstAt)), Math.max(...all.map(({ lastAt }) => lastAt))],
      ]),
    )
  assert.deepEqual(added(violations, keyOf).map(counts), added(hourly, keyOf).map(counts))
  assert.deepEqual(edges(violations), edges(hourly))
  for (const violation of violations) {
    const seen = hourly.filter((one) => keyOf(one) === keyOf(violation)).flatMap(({ samples }) => samples)
    assert.equal(violation.samples[0], seen.sort().at(-1))
    assert.ok(violation.samples.every((id) => seen.includes(id)))
  }
}

/** Returns how much there was to add up. */
async function daysAreSums(records: Records): Promise<number> {
  let messages = 0
  for (const period of periods) messages += await statisticsAreSums(records, period)
  for (const period of periods.slice(0, 3)) await violationsAreSums(records, period)
  return messages
}

export function dailyContract(contract: RecordsContract): void {
  const events = everything()

  test('days are the sums of their hours, also after late events and forgetting', async () => {
    let now = startAt + days * day
    const records = await contract.open(() => now)
    // What comes last of a message comes in another batch.
    const [early, late] = [events.filter((_, index) => index % 3 !== 2), events.filter((_, index) => index % 3 === 2)]
    for (const batch of [early, late, early]) await records.append(batch.map((event, index) => recorded(event, index)))
    const before = await daysAreSums(records)
    assert.ok(before > 500)
    const { applications } = await records.applications({ since: startAt })
    assert.deepEqual(
      applications.map(({ application, firstAt, lastAt }) => [application, firstAt, lastAt]),
      [
        ['billing', startAt + 2 * hour, startAt + 4 * day + 21 * hour],
        ['crm', startAt, startAt + 4 * day + 19 * hour],
      ],
    )
    now = startAt + 9 * day + 7 * hour
    await records.prune({ messagesMs: 7 * day, rollupsMs: 7 * day })
    const after = await daysAreSums(records)
    assert.ok(after > 0 && after < before, `${after} of ${before}`)
    await records.close()
  })

  test('a rebuild from the log, in another order, has the same days; so has a store of the version before them', async () => {
    const records = await contract.open(Date.now)
    await records.append(events.map((event, index) => recorded(event, index)))
    await records.close()
    const rows = await contract.dump()
    const again = await contract.open(Date.now)
    for (const event of events.toReversed()) await again.append([recorded(event, 1)])
    await again.close()
    assert.deepEqual(await contract.dump(), rows)
    await contract.withoutDays()
    assert.notDeepEqual(await contract.dump().catch(() => undefined), rows)
    const migrated = await contract.reopen()
    await daysAreSums(migrated)
    await migrated.close()
    assert.deepEqual(await contract.dump(), rows)
  })
}
