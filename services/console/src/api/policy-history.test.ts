import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { policyCheckedSchema, policyDiffSchema } from '@sallyport/contracts'
import { Compile } from 'typebox/compile'
import { policyText } from '../policy.cases.ts'
import { apiStage } from './stage.cases.ts'

let stage: Awaited<ReturnType<typeof apiStage>>
before(async () => {
  stage = await apiStage()
  for (const [revision, name] of ['one', 'two'].entries()) {
    const headers = { 'if-match': `"${revision}"` }
    await stage.ask({ method: 'PUT', url: '/api/policy', body: policyText(name), headers })
  }
})
after(() => stage.close())

test('a revision with its document, and what differs between two', async () => {
  const one = (await stage.ask({ url: '/api/policy/revisions/1' })).json()
  assert.deepEqual([one.revision, one.document], [1, JSON.parse(policyText('one'))])
  const diff = (await stage.ask({ url: '/api/policy/diff?from=1' })).json()
  assert.deepEqual([...Compile(policyDiffSchema).Errors(diff)], [])
  assert.deepEqual(diff, {
    from: 1,
    to: 2,
    changes: [{ path: '/organization/name', kind: 'changed', before: 'one', after: 'two' }],
  })
  for (const url of ['/api/policy/revisions/9', '/api/policy/diff?from=9', '/api/policy/diff?from=1&to=9']) {
    assert.equal((await stage.ask({ url })).statusCode, 404, url)
  }
})

test('a document is checked: every fault, or what it would change', async () => {
  const ask = async (body: string) => (await stage.ask({ method: 'POST', url: '/api/policy/check', body })).json()
  const good = await ask(policyText('three'))
  assert.deepEqual([...Compile(policyCheckedSchema).Errors(good)], [])
  assert.deepEqual([good.valid, good.from, good.changes.length], [true, 2, 1])
  const bad = await ask('organization: { name: 5 }\napplications: no\n')
  assert.ok(!bad.valid && bad.faults.length >= 3 && bad.changes.length === 0)
  assert.equal(stage.publisher.current()?.revision, 2)
})

test('a rollback is a new revision with the old document, upon the current one', async () => {
  const rollback = (headers: Record<string, string>, revision = 1) =>
    stage.ask({ method: 'POST', url: '/api/policy/rollback', body: { revision, reason: 'it broke billing' }, headers })
  assert.equal((await rollback({})).statusCode, 428)
  assert.equal((await rollback({ 'if-match': '"1"' })).statusCode, 412)
  assert.equal((await rollback({ 'if-match': '"2"' }, 7)).statusCode, 404)
  const done = await rollback({ 'if-match': '"2"' })
  assert.deepEqual([done.statusCode, done.json().revision, done.headers.etag], [200, 3, '"3"'])
  assert.deepEqual(stage.publisher.current()?.document, JSON.parse(policyText('one')))
  assert.equal(stage.publisher.current()?.reason, 'it broke billing')
})

test('one check is switched, and what cannot be is said', async () => {
  const turn = (path: string, mode: string, revision = 3) =>
    stage.ask({
      method: 'POST',
      url: `/api/applications/${path}`,
      body: { mode, reason: 'because' },
      headers: { 'if-match': `"${revision}"` },
    })
  for (const [path, mode, status] of [
    ['nobody/checks/domain', 'enforce', 404],
    ['unregistered/checks/domain', 'enforce', 404],
    ['billing/checks/colour', 'enforce', 404],
    ['billing/checks/domain', 'sometimes', 400],
  ] as const) {
    assert.equal((await turn(path, mode)).statusCode, status, path)
  }
  const done = await turn('billing/checks/address', 'enforce')
  assert.deepEqual([done.statusCode, done.json().revision], [200, 4])
  const spam = await turn('billing/checks/spam', 'monitor', 4)
  assert.deepEqual([spam.statusCode, spam.json().revision], [200, 5], spam.body)
  const { applications } = (await stage.ask({ url: '/api/policy' })).json()
  assert.deepEqual(applications[0].checks, { domain: { mode: 'enforce' }, address: { mode: 'enforce' }, spam: { mode: 'monitor' } })
})

test('the schema for editors', async () => {
  const schema = (await stage.ask({ url: '/api/policy/schema' })).json()
  assert.equal(schema.title, 'Sallyport policy')
  assert.ok(schema.properties.applications)
})
