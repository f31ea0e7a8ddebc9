import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type AuditPage, auditPageSchema, SallyportError, topics } from '@sallyport/contracts'
import { Compile } from 'typebox/compile'
import { openAuditLog } from '../audit-log.ts'
import { policyText } from '../policy.cases.ts'
import { apiStage } from './stage.cases.ts'

let stage: Awaited<ReturnType<typeof apiStage>>
before(async () => {
  stage = await apiStage()
  await stage.ask({
    method: 'PUT',
    url: '/api/policy?reason=first',
    body: policyText('one'),
    headers: { 'if-match': '"0"', 'x-author': 'ann' },
  })
})
after(() => stage.close())

const page = async (query = ''): Promise<AuditPage> => (await stage.ask({ url: `/api/audit?${query}` })).json()

test('a change is written down: who, when, what, why, before and after, and durably', async () => {
  const url = '/api/applications/billing/checks/domain'
  const headers = { 'if-match': '"1"', 'x-author': 'ben' }
  const answer = await stage.ask({ method: 'POST', url, body: { mode: 'monitor', reason: 'too early' }, headers })
  assert.deepEqual([answer.statusCode, answer.json().revision], [200, 2], answer.body)
  const answered = await page()
  assert.deepEqual([...Compile(auditPageSchema).Errors(answered)], [])
  const [last, first] = answered.entries
  assert.ok(last && first)
  const { id: _, at, ...rest } = last
  assert.ok(Math.abs(at - stage.ports.clock.now()) < 60_000)
  assert.deepEqual(rest, {
    who: 'ben',
    token: 'console-token',
    scope: 'admin',
    action: 'policy.switch',
    subject: 'billing domain monitor',
    reason: 'too early',
    before: { revision: 1 },
    after: {
      revision: 2,
      changes: [{ path: '/applications/billing/checks/domain/mode', kind: 'changed', before: 'enforce', after: 'monitor' }],
    },
  })
  assert.deepEqual([first.who, first.action, first.before], ['ann', 'policy.apply', { revision: 0 }])
  assert.ok(stage.ports.bus.records(topics.audit.name).every((record) => stage.ports.bus.isDurable(record)))
})

test('what changed nothing is not written down, and neither is a dry run', async () => {
  const { entries } = await page()
  await stage.ask({ method: 'PUT', url: '/api/policy?dryRun=true', body: policyText('dry') })
  await stage.ask({ method: 'PUT', url: '/api/policy', body: 'applications: no', headers: { 'if-match': '*' } })
  await stage.ask({ method: 'PUT', url: '/api/policy', body: policyText('late'), headers: { 'if-match': '"1"' } })
  assert.equal((await page()).entries.length, entries.length)
})

test('it survives a restart, and no call changes or removes an entry', async () => {
  const { entries } = await page()
  const again = await openAuditLog(stage.ports)
  assert.deepEqual(again.page({ limit: 100 }).entries, entries)
  await again.stop()
  for (const method of ['PUT', 'POST', 'DELETE', 'PATCH'] as const) {
    for (const url of ['/api/audit', `/api/audit/${entries[0]?.id}`]) {
      const answer = await stage.app.inject({ method, url, headers: { authorization: 'Bearer t0ken' } })
      assert.ok([404, 405].includes(answer.statusCode), `${method} ${url}`)
    }
  }
})

test('it is searched by who, what and about what, in pages', async () => {
  assert.deepEqual(
    (await page('who=ben')).entries.map(({ who }) => who),
    ['ben'],
  )
  assert.deepEqual(
    (await page('who=be')).entries.map(({ who }) => who),
    ['ben'],
  )
  assert.deepEqual((await page('who=en')).entries, [])
  assert.equal((await page('action=policy.rollback')).entries.length, 0)
  assert.equal((await page('subject=billing')).entries.length, 1)
  const first = await page('limit=1')
  const second = await page(`limit=1&cursor=${first.next}`)
  assert.deepEqual([first.entries[0]?.who, second.entries[0]?.who, second.next], ['ben', 'ann', null])
})

test('a change whose entry cannot be written is told, and the log has it', async () => {
  stage.ports.bus.faults.publish = ({ topic }) =>
    topic === topics.audit.name ? new SallyportError('BUS_UNAVAILABLE', 'the bus is away') : undefined
  const answer = await stage.ask({ method: 'POST', url: '/api/queue/pause', body: { destination: 'default', reason: 'x' } })
  stage.ports.bus.faults.publish = undefined
  assert.equal(answer.statusCode, 503)
})
