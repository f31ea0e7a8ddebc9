import assert from 'node:assert/strict'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { test } from 'node:test'
import { newMessageId } from '@sallyport/contracts'
import { Kysely } from 'kysely'
import type { MessageQuery } from '../questions.ts'
import { answersOf } from '../sql/queries.ts'
import { countKinds, type Tables } from '../sql/tables.ts'
import { idBytes, idText } from './id-bytes.ts'
import { nodeSqliteDialect } from './sqlite-dialect.ts'
import { prepareSchema } from './sqlite-schema.ts'

const [application, sender, recipient, check] = ['billing', 'a@example.com', 'b@example.net', 'domain']
const since = 1_764_000_000_000

/** Which index each search walks. */
const searches: readonly (readonly [MessageQuery, string])[] = [
  [{}, 'walked USING PRIMARY KEY (id>? AND id<?)'],
  [{ id: newMessageId().slice(0, 8) }, 'walked USING PRIMARY KEY (id>? AND id<?)'],
  [{ application }, 'messages_by_application (application=? AND id>? AND id<?)'],
  [{ application, since, until: since + 1 }, 'messages_by_application (application=? AND id>? AND id<?)'],
  [{ application, verdict: 'reject' }, 'messages_by_application_verdict (application=? AND verdict=? AND id>? AND id<?)'],
  [{ verdict: 'reject' }, 'messages_by_verdict (verdict=? AND id>? AND id<?)'],
  [{ verdict: 'would-refuse' }, 'messages_by_would_refuse (id>? AND id<?)'],
  [{ verdict: 'would-refuse', application }, 'messages_by_application_would_refuse (application=? AND id>? AND id<?)'],
  [{ status: 'failed' }, 'messages_by_rare_status (status=? AND id>? AND id<?)'],
  [{ status: 'held', application }, 'messages_by_rare_status (status=? AND id>? AND id<?)'],
  [{ messageId: '<m@example.com>' }, 'messages_by_message_id (message_id=? AND id>? AND id<?)'],
  [{ recipient }, 'recipients_by_address (address=? AND id>? AND id<?)'],
  [{ recipient: '@example.net' }, 'recipients_by_domain (domain=? AND id>? AND id<?)'],
  [{ sender }, 'senders_by_address (address=? AND id>? AND id<?)'],
  [{ sender: '@example.com', application, since }, 'senders_by_domain (domain=? AND id>? AND id<?)'],
  [{ check }, 'findings_by_check (check_name=? AND outcome=? AND id>? AND id<?)'],
  [{ check, application }, 'findings_by_application (application=? AND check_name=? AND outcome=? AND id>? AND id<?)'],
  [
    { recipient, sender, check, verdict: 'relay', status: 'delivered', application },
    'recipients_by_address (address=? AND id>? AND id<?)',
  ],
]

function stage() {
  const database = new DatabaseSync(':memory:')
  prepareSchema(database)
  const asked: { readonly sql: string; readonly parameters: readonly unknown[] }[] = []
  const db = new Kysely<Tables>({ dialect: nodeSqliteDialect(database), log: ({ query }) => void asked.push(query) })
  const answers = answersOf({ db, idValue: idBytes, idText }, Date.now, (answer) => answer)
  /** The steps of every statement since the last time. */
  const plans = (): string[] =>
    asked.splice(0).flatMap(({ sql, parameters }) =>
      database
        .prepare(`EXPLAIN QUERY PLAN ${sql}`)
        .all(...(parameters as readonly SQLInputValue[]))
        .map(({ detail }) => String(detail)),
    )
  return { answers, plans }
}

/** What reads a whole table, or sorts more than a page. */
const isSlow = (step: string): boolean => /^SCAN (?!candidates)|^USE TEMP B-TREE FOR (DISTINCT|ORDER BY)/.test(step)

for (const [query, index] of searches) {
  test(`a search by ${Object.keys(query).join(', ') || 'nothing'} walks one index, sorts nothing and reads no table`, async () => {
    const { answers, plans } = stage()
    await answers.messages(query)
    const steps = plans()
    assert.ok(
      steps.some((step) => step.startsWith('SEARCH walked') && step.endsWith(index)) || steps.includes(`SEARCH ${index}`),
      `${index} is not walked:\n${steps.join('\n')}`,
    )
    // What fits many conditions is sorted after the look, which is bounded.
    const slow = steps.filter(isSlow).filter((step) => Object.keys(query).length < 5 || !step.endsWith('ORDER BY'))
    assert.deepEqual(slow, [])
  })
}

test('roll-ups are read from the hours and days that are asked for, application by application', async () => {
  const { answers, plans } = stage()
  await answers.statistics({ of: 'checks', by: ['check', 'mode'], step: 'day', since })
  await answers.statistics({ of: 'messages', by: ['application'], since })
  await answers.applications({ since })
  await answers.identities({ application, since })
  await answers.violations({ since })
  await answers.violations({ applications: [application], since, by: 'rule' })
  await answers.readiness({ application, since })
  const steps = plans()
  for (const kind of countKinds) {
    for (const table of [`hourly_${kind}`, `daily_${kind}`]) assert.ok(steps.some((step) => step.includes(`SEARCH ${table} `)))
  }
  const scans = steps.filter((step) => /^SCAN /.test(step) && !/^SCAN (applications|counted|newest)/.test(step))
  assert.deepEqual(scans, [])
  for (const step of steps.filter((one) => /SEARCH (hourly|daily)_/.test(one))) {
    assert.match(step, /\(application=\? AND (hour|day)>\? AND (hour|day)<\?\)/)
  }
})
