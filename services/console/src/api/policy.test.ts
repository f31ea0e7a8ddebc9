import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { SallyportError } from '@sallyport/contracts'
import { parse } from 'yaml'
import { policyText } from '../policy.cases.ts'
import { apiStage } from './stage.cases.ts'

let stage: Awaited<ReturnType<typeof apiStage>>
before(async () => {
  stage = await apiStage()
})
after(() => stage.close())

const url = '/api/policy'

test('an empty gateway has no policy, and the first is put upon revision 0', async () => {
  const none = await stage.ask({ url })
  assert.equal(none.statusCode, 404)
  assert.match(none.json().detail, /If-Match: "0"/)
  const body = policyText('one')
  const put = await stage.ask({
    method: 'PUT',
    url: `${url}?reason=first%20try`,
    body,
    headers: { 'if-match': '"0"', 'x-author': 'ann' },
  })
  assert.equal(put.statusCode, 200, put.body)
  assert.deepEqual([put.headers.etag, put.json()], ['"1"', { revision: 1, changed: true, dryRun: false, warnings: [] }])
  const got = await stage.ask({ url })
  assert.deepEqual([got.headers.etag, got.json()], ['"1"', JSON.parse(body)])
  const { revisions } = (await stage.ask({ url: `${url}/revisions` })).json()
  assert.deepEqual(revisions, [{ revision: 1, author: 'ann', reason: 'first try', at: revisions[0].at }])
})

test('YAML in, YAML out', async () => {
  const got = await stage.ask({ url, headers: { accept: 'application/yaml' } })
  assert.match(String(got.headers['content-type']), /^application\/yaml/)
  assert.deepEqual(parse(got.body), JSON.parse(policyText('one')))
  const body = got.body.replace('name: one', 'name: two')
  const put = await stage.ask({ method: 'PUT', url, body, headers: { 'if-match': '1', 'content-type': 'application/yaml' } })
  assert.deepEqual([put.statusCode, put.json().revision], [200, 2])
  assert.deepEqual(stage.publisher.current()?.document, JSON.parse(policyText('two')))
  assert.deepEqual([stage.publisher.current()?.author, stage.publisher.current()?.reason], ['console-token', ''])
})

const refused: readonly [string, Record<string, string>, string, number, string, RegExp][] = [
  ['without If-Match', {}, policyText('x'), 428, 'IF_MATCH_MISSING', /ETag of GET/],
  ['with an If-Match that is no revision', { 'if-match': '"abc"' }, policyText('x'), 428, 'IF_MATCH_MISSING', /ETag of GET/],
  ['upon a stale revision', { 'if-match': '"1"' }, policyText('x'), 412, 'POLICY_CONFLICT', /current revision is 2/],
  ['with faults', { 'if-match': '"2"' }, 'applications: no\n', 422, 'POLICY_INVALID', /nothing was changed/],
  ['that is empty', { 'if-match': '"2"' }, '', 422, 'POLICY_INVALID', /nothing was changed/],
  ['that is no YAML', { 'if-match': '"2"' }, 'a: [', 422, 'POLICY_INVALID', /nothing was changed/],
  ['beyond 1 MiB', { 'if-match': '"2"' }, 'x'.repeat(1024 * 1024 + 1), 413, 'TOO_LARGE', /large/],
]
for (const [name, headers, body, status, code, detail] of refused) {
  test(`a policy ${name} is refused with ${status} and changes nothing`, async () => {
    const put = await stage.ask({ method: 'PUT', url, body, headers })
    assert.equal(put.statusCode, status, put.body)
    assert.match(String(put.headers['content-type']), /^application\/problem\+json/)
    const problem = put.json()
    assert.deepEqual([problem.status, problem.code], [status, code])
    assert.match(problem.detail, detail)
    assert.equal(stage.publisher.current()?.revision, 2)
  })
}

test('all faults are told at once, with path, line and hint', async () => {
  const body = 'organization: { name: 5 }\napplications: no\n'
  const { faults } = (await stage.ask({ method: 'PUT', url, body, headers: { 'if-match': '"2"' } })).json()
  assert.ok(faults.length >= 3)
  for (const fault of faults) assert.deepEqual(Object.keys(fault).sort(), ['hint', 'line', 'message', 'path'])
})

test('a dry run needs no If-Match, tells faults and warnings, and changes nothing', async () => {
  const good = await stage.ask({ method: 'PUT', url: `${url}?dryRun=true`, body: policyText('three') })
  assert.deepEqual([good.statusCode, good.json()], [200, { revision: 3, changed: true, dryRun: true, warnings: [] }])
  assert.equal((await stage.ask({ method: 'PUT', url: `${url}?dryRun=true`, body: 'a: 1' })).statusCode, 422)
  assert.equal((await stage.ask({ method: 'PUT', url: `${url}?dryRun=maybe`, body: 'a: 1' })).statusCode, 400)
  assert.equal(stage.publisher.current()?.revision, 2)
})

test('where the file is the source a change is refused with the way to go, and a dry run is not', async () => {
  const fileStage = await apiStage('file')
  const put = await fileStage.ask({ method: 'PUT', url, body: policyText('x'), headers: { 'if-match': '*' } })
  assert.deepEqual([put.statusCode, put.json().code], [409, 'POLICY_FILE_IS_SOURCE'])
  assert.match(put.json().detail, /\/etc\/policy\.yaml/)
  assert.equal((await fileStage.ask({ method: 'PUT', url: `${url}?dryRun=true`, body: policyText('x') })).statusCode, 200)
  await fileStage.close()
})

test('a bus that is away answers 503', async () => {
  stage.ports.bus.faults.publish = () => new SallyportError('BUS_UNAVAILABLE', 'the bus is away')
  const put = await stage.ask({ method: 'PUT', url, body: policyText('x'), headers: { 'if-match': '*' } })
  stage.ports.bus.faults.publish = undefined
  assert.deepEqual([put.statusCode, put.json().detail], [503, 'the bus is away: try again'])
})
