import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { apiStage } from './stage.cases.ts'

const stage = await apiStage()
after(() => stage.close())

const pause = { method: 'POST', url: '/api/queue/pause' } as const
const retry = { method: 'POST', url: '/api/queue/retry' } as const
const cases: readonly (readonly [question: Parameters<typeof stage.ask>[0], says: RegExp])[] = [
  [{ url: '/api/messages?foo=1' }, /^query foo: is not known \(known: .*\bapplication\b/],
  [{ url: '/api/messages?limit=501' }, /^query limit: must be <= 500/],
  [{ url: '/api/messages?limit=0&since=yesterday' }, /query since: must be integer.*; query limit: must be >= 1/],
  [{ url: '/api/limits' }, /^query application: is missing/],
  [{ url: '/api/statistics?by=foo' }, /^query by: .* \(with commas: application, check, mode, outcome, action\)$/],
  [{ method: 'POST', url: '/api/quarantine/x/release' }, /^body: is missing: send JSON, with content-type: application\/json$/],
  [{ ...pause, body: { reason: 'x' } }, /^body: names nothing: give destination or application$/],
  [{ ...retry, body: { reason: 'x' } }, /^body: .* \(beside the reason at least one of destination, application, message\)$/],
  [{ ...pause, body: {} }, /^body reason: is missing/],
  [{ ...retry, body: { reason: 'x', message: 'y' } }, /^body message: must not have fewer than 36 characters \(id of a message\)$/],
]
for (const [question, says] of cases) {
  test(`a request that is not understood: ${question.url} ${JSON.stringify(question.body ?? '')}`, async () => {
    const answer = await stage.ask(question)
    assert.deepEqual([answer.statusCode, answer.json().code], [400, 'BAD_REQUEST'])
    assert.match(answer.json().detail, says)
  })
}
