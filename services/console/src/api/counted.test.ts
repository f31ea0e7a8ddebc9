/** What the records count, as the API tells it. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import {
  applicationDetailSchema,
  applicationsSchema,
  newMessageId,
  readinessSchema,
  statisticsSchema,
  withMessageIdTime,
} from '@sallyport/contracts'
import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { judgedEvent, settledEvent } from '../events.cases.ts'
import { apiStage } from './stage.cases.ts'

let stage: Awaited<ReturnType<typeof apiStage>>
const day = 86_400_000
let now = 0

before(async () => {
  stage = await apiStage()
  now = stage.ports.clock.now()
  for (let back = 2; back >= 0; back--) {
    for (let count = 0; count < 4; count++) {
      const at = now - back * day - 10 + count
      // Ids of one process only grow: here each has the time of its message.
      const id = withMessageIdTime(newMessageId(), at)
      await stage.append(settledEvent(id, 'billing', at), judgedEvent(id, 'billing', at, count < 1 ? 'fail' : 'pass'))
    }
  }
})
after(() => stage.close())

async function get(url: string, schema: TSchema) {
  const answer = await stage.ask({ url })
  assert.equal(answer.statusCode, 200, answer.body)
  assert.deepEqual([...Compile(schema).Errors(answer.json())], [])
  return answer.json()
}

test('statistics by what is asked for', async () => {
  const since = now - 7 * day
  const byOutcome = await get(`/api/statistics?by=application,check,mode,outcome&since=${since}`, statisticsSchema)
  assert.deepEqual(byOutcome.by, ['application', 'check', 'mode', 'outcome'])
  assert.deepEqual(
    byOutcome.rows.map((row: Record<string, unknown>) => [row.application, row.check, row.mode, row.outcome, row.messages]),
    [
      ['billing', 'domain', 'monitor', 'fail', 3],
      ['billing', 'domain', 'monitor', 'pass', 9],
    ],
  )
  const byDay = await get(`/api/statistics?by=application&step=day&since=${since}`, statisticsSchema)
  assert.equal(
    byDay.rows.reduce((sum: number, { messages }: { messages: number }) => sum + messages, 0),
    12,
  )
  for (const query of ['by=colour', 'by=', 'step=week', 'since=5&until=4', 'since=-1']) {
    assert.equal((await stage.ask({ url: `/api/statistics?${query}` })).statusCode, 400, query)
  }
})

test('applications with volume and violations', async () => {
  const { applications } = await get('/api/applications', applicationsSchema)
  assert.equal(applications[0].name, 'billing')
  assert.deepEqual([applications[0].volume.messages, applications[0].volume.wouldRefuse], [12, 3])
  assert.deepEqual(applications[0].violations, { domain: 3 })
})

test('one application: registration, days, violations, identities', async () => {
  const billing = await get('/api/applications/billing', applicationDetailSchema)
  assert.deepEqual([billing.owner, billing.from.networks], ['owner@example.com', ['10.1.0.0/24']])
  assert.equal(billing.volume.messages, 12)
  assert.equal(
    billing.perDay.reduce((sum: number, { messages }: { messages: number }) => sum + messages, 0),
    12,
  )
  assert.deepEqual(
    billing.violations.map(({ rule, messages, text, fix }: Record<string, unknown>) => [rule, messages, text, fix]),
    [['domain.envelope-not-authorized', 3, 'not ours', 'write ours']],
  )
  assert.deepEqual(
    billing.identities.map(({ kind, address }: Record<string, unknown>) => [kind, address]),
    [
      ['envelope', 'invoices@example.com'],
      ['header', 'invoices@example.com'],
    ],
  )
  assert.equal((await stage.ask({ url: '/api/applications/nobody' })).statusCode, 404)
})

test('readiness: watched, suffered, advised', async () => {
  const { checks } = await get('/api/applications/billing/readiness', readinessSchema)
  const domain = checks.find(({ check }: { check: string }) => check === 'domain')
  assert.deepEqual([domain.messages, domain.wouldReject, domain.daysWatched, domain.isSafe], [12, 3, 3, false])
  assert.equal(
    domain.perDay.reduce((sum: number, { wouldReject }: { wouldReject: number }) => sum + wouldReject, 0),
    3,
  )
  assert.match(domain.violations[0].samples[0], /^[0-9a-f-]{36}$/)
  const address = checks.find(({ check }: { check: string }) => check === 'address')
  assert.deepEqual([address.messages, address.isSafe], [0, false])
  assert.match(address.advice, /judged no message/)
  assert.equal((await stage.ask({ url: '/api/applications/nobody/readiness' })).statusCode, 404)
})

test('a backup is lines of events, and a restore takes them again; what is none is refused whole', async () => {
  const backup = await stage.ask({ url: '/api/records' })
  assert.match(String(backup.headers['content-type']), /^application\/x-ndjson/)
  const lines = backup.body.trim().split('\n')
  assert.equal(lines.length, 24)
  const other = await apiStage()
  const headers = { 'content-type': 'application/x-ndjson' }
  for (let time = 0; time < 2; time++) {
    const restored = await other.ask({ method: 'POST', url: '/api/records', headers, body: backup.body })
    assert.deepEqual([restored.statusCode, restored.json()], [200, { events: 24 }])
  }
  assert.equal((await other.ask({ url: '/api/applications' })).json().applications[0].volume.messages, 12)
  const bad = await other.ask({ method: 'POST', url: '/api/records', headers, body: `${lines[0]}\n{"kind":"settled"}\n` })
  assert.deepEqual([bad.statusCode, bad.json().detail.slice(0, 6)], [400, 'line 2'])
  await other.close()
})
