import assert from 'node:assert/strict'
import { test } from 'node:test'
import { limitsSchema } from '@sallyport/contracts'
import { limiterUnavailable } from '@sallyport/testkit'
import { Value } from 'typebox/value'
import { apiStage } from './stage.cases.ts'

test('the limits of an application are told to who has the token', async () => {
  const stage = await apiStage()
  try {
    const answer = await stage.ask({ url: '/api/limits?application=billing' })
    assert.equal(answer.statusCode, 200)
    assert.ok(Value.Check(limitsSchema, answer.json()))
    assert.deepEqual(answer.json(), {
      application: 'billing',
      policyRevision: 7,
      mode: 'off',
      limits: [],
      buckets: [],
      next: null,
    })
    for (const [url, status] of [
      ['/api/limits', 400],
      ['/api/limits?application=billing&limit=0', 400],
      ['/api/limits?application=nobody', 404],
    ] as const) {
      assert.equal((await stage.ask({ url })).statusCode, status, url)
    }
    assert.equal(
      (await stage.ask({ url: '/api/limits?application=billing', headers: { authorization: 'Bearer other' } })).statusCode,
      401,
    )
    stage.limiter.faults.call = limiterUnavailable
    assert.equal((await stage.ask({ url: '/api/limits?application=billing' })).statusCode, 503)
  } finally {
    await stage.close()
  }
})
