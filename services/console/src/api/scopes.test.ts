import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { hasScope, newMessageId, type Operation, operations } from '@sallyport/contracts'
import { urlOf } from './serve.ts'
import { apiStage } from './stage.cases.ts'

let stage: Awaited<ReturnType<typeof apiStage>>
before(async () => {
  stage = await apiStage()
})
after(() => stage.close())

const all: readonly [string, Operation][] = Object.entries(operations)

test('every operation of the contracts is served', () => {
  const missing = all.filter(([, operation]) => !stage.app.hasRoute({ method: operation.method, url: urlOf(operation) }))
  assert.deepEqual(
    missing.map(([name]) => name),
    [],
  )
})

test('a viewer sees, and is refused whatever changes something or shows content', async () => {
  for (const [name, operation] of all) {
    if (hasScope('viewer', operation.scope)) continue
    const url = operation.path.replace('{id}', newMessageId()).replaceAll(/\{\w+\}/g, '1')
    const answer = await stage.ask({
      method: operation.method,
      url,
      headers: { authorization: 'Bearer v1ewer' },
      ...(operation.body ? { body: {} } : {}),
    })
    assert.deepEqual([answer.statusCode, answer.json().code], [403, 'FORBIDDEN'], name)
    assert.match(answer.json().detail, new RegExp(`needs the scope ${operation.scope}`))
  }
  for (const [name, operation] of all) {
    if (operation.method === 'GET') assert.ok(operation.scope !== 'viewer' || operation.produces !== 'message/rfc822', name)
  }
})

test('who am I', async () => {
  const viewer = await stage.ask({ url: '/api/session', headers: { authorization: 'Bearer v1ewer' } })
  assert.deepEqual(viewer.json(), {
    name: 'console-token',
    scope: 'viewer',
    organization: 'compiled',
    policySource: 'api',
    publicUrl: 'https://mail.example.com',
  })
  assert.equal((await stage.ask({ url: '/api/session' })).json().scope, 'admin')
})

for (const [name, options, detail] of [
  ['an unknown parameter', { url: '/api/messages?colour=red' }, /^query/],
  ['a number that is none', { url: '/api/messages?limit=ten' }, /^query limit/],
  ['a parameter twice', { url: '/api/messages?application=a&application=b' }, /^query application/],
  [
    'a body that is no JSON',
    { method: 'POST', url: '/api/queue/pause', body: '{', headers: { 'content-type': 'application/json' } },
    /JSON/,
  ],
  [
    'a body of another shape',
    { method: 'POST', url: '/api/queue/pause', body: { destination: 5, reason: 'x' } },
    /^body destination/,
  ],
  ['no reason', { method: 'POST', url: '/api/queue/pause', body: { destination: 'default' } }, /^body/],
  ['an order about everything', { method: 'POST', url: '/api/queue/pause', body: { reason: 'x', forMs: 1000 } }, /names nothing/],
] as const) {
  test(`${name} is a problem that names the place`, async () => {
    const answer = await stage.ask(options)
    assert.deepEqual([answer.statusCode, answer.json().code], [400, 'BAD_REQUEST'], answer.body)
    assert.match(answer.json().detail, detail)
  })
}
