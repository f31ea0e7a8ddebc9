import assert from 'node:assert/strict'
import { test } from 'node:test'
import { problemOf } from './problem-of.ts'
import { requestOf } from './request.ts'

test('parameters are escaped, empty values of the query left out', () => {
  const [path, init] = requestOf('GET /api/applications/{name}/readiness', {
    params: { name: 'a/b c' },
    query: { since: 5, sender: '', check: undefined },
  })
  assert.equal(path, '/api/applications/a%2Fb%20c/readiness?since=5')
  assert.deepEqual(init, { method: 'GET', headers: { accept: 'application/json' } })
})

test('an object is sent as JSON, a text as YAML, with If-Match where it is given', () => {
  const [, json] = requestOf('POST /api/quarantine/{id}/drop', { params: { id: 'x' }, body: { reason: 'spam' } })
  assert.deepEqual(
    [json.body, json.headers],
    ['{"reason":"spam"}', { accept: 'application/json', 'content-type': 'application/json' }],
  )
  const [, yaml] = requestOf('PUT /api/policy', { text: '', ifMatch: '"7"' })
  assert.deepEqual(
    [yaml.body, yaml.headers],
    ['', { accept: 'application/json', 'content-type': 'application/yaml', 'if-match': '"7"' }],
  )
})

test('what is no problem document is told as one', () => {
  assert.equal(problemOf(502, '<html>Bad gateway</html>').code, 'UNEXPECTED_ANSWER')
  assert.equal(problemOf(404, '{"title":"Not found","detail":"d","code":"NOT_FOUND","status":404,"type":"x"}').detail, 'd')
  assert.equal(problemOf(500, '{"message":"x"}').status, 500)
})
