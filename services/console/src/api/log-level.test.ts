import assert from 'node:assert/strict'
import { test } from 'node:test'
import { logLevelKey, policyTopicCodec, topics } from '@sallyport/contracts'
import { apiStage } from './stage.cases.ts'

test('an admin changes how much is logged; it is written down who did, and ends by itself or at once', async () => {
  const stage = await apiStage()
  const put = (body: object, token = 't0ken') =>
    stage.app.inject({ method: 'PUT', url: '/api/log-level', headers: { authorization: `Bearer ${token}` }, payload: body })
  const get = async () =>
    (await stage.app.inject({ url: '/api/log-level', headers: { authorization: 'Bearer v1ewer' } })).json() as { change: unknown }
  try {
    assert.deepEqual(await get(), { change: null })
    const body = { level: 'debug', roles: ['delivery'], minutes: 15, reason: 'next hop puts off' }
    assert.equal((await put(body, 'v1ewer')).statusCode, 403)
    assert.equal((await put({ ...body, level: 'loud' })).statusCode, 400)
    assert.equal((await put({ ...body, reason: '' })).statusCode, 400)
    const unknown = await put({ ...body, roles: ['spam-scoring', 'deliverry'] })
    assert.deepEqual([unknown.statusCode, unknown.json().detail], [404, 'there is no role "deliverry": did you mean "delivery"?'])
    const began = stage.ports.clock.now()
    const answer = await put(body)
    const ended = stage.ports.clock.now()
    assert.equal(answer.statusCode, 200)
    const { change } = answer.json()
    assert.deepEqual([change.level, change.roles], ['debug', ['delivery']])
    const asked = change.until - 15 * 60_000
    assert.ok(began <= asked && asked <= change.at && change.at <= ended, `${began} ${asked} ${change.at} ${ended}`)
    assert.deepEqual(await get(), { change })
    const row = stage.ports.bus.records(topics.policy.name).findLast(({ key }) => key === logLevelKey)
    assert.ok(row?.value)
    assert.equal(policyTopicCodec.decode(row.value).record.kind, 'log-level')
    assert.equal(stage.ports.bus.isDurable(row), true)
    const audit = (await stage.app.inject({ url: '/api/audit', headers: { authorization: 'Bearer t0ken' } })).json()
    const { action, subject, reason, before, after } = audit.entries[0]
    assert.deepEqual(
      [action, subject, reason, before, after.level],
      ['log-level.change', 'delivery', 'next hop puts off', null, 'debug'],
    )
    stage.ports.clock.advance(15 * 60_000)
    assert.deepEqual(await get(), { change: null })
    await put(body)
    assert.equal((await put({ ...body, minutes: 0 })).json().change, null)
    assert.equal(stage.ports.bus.rows(topics.policy.name).has(logLevelKey), false)
  } finally {
    await stage.close()
  }
})
