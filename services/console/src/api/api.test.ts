import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import {
  type Applications,
  commandCodec,
  groups,
  messageRecordSchema,
  newMessageId,
  type RolesResponse,
  rolesSchema,
  topics,
  withMessageIdTime,
} from '@sallyport/contracts'
import { Compile } from 'typebox/compile'
import { apiStage } from './stage.cases.ts'

let stage: Awaited<ReturnType<typeof apiStage>>
before(async () => {
  stage = await apiStage()
})
after(() => stage.close())

test('nothing is answered without the token, not even what does not exist', async () => {
  for (const url of ['/api/policy', '/api/messages', '/api/lag', '/', '/nowhere']) {
    for (const authorization of ['', 'Bearer t0ke', 'Basic t0ken']) {
      const answer = await stage.ask({ url, headers: { authorization } })
      assert.equal(answer.statusCode, 401, url)
      assert.match(String(answer.headers['www-authenticate']), /^Bearer/)
      assert.equal(answer.json().code, 'UNAUTHORIZED')
      assert.doesNotMatch(answer.body, /t0ken/)
    }
  }
})

test('what does not exist is a problem, and no answer may be cached', async () => {
  const answer = await stage.ask({ url: '/api/nowhere' })
  assert.deepEqual(
    [answer.statusCode, answer.json().detail],
    [404, 'there is no GET /api/nowhere: /api/openapi.json has what there is'],
  )
  assert.match(String(answer.headers['content-type']), /^application\/problem\+json/)
  assert.equal(answer.headers['cache-control'], 'no-store')
})

test('a message by its id', async () => {
  const id = newMessageId()
  await stage.remember(id)
  const answer = await stage.ask({ url: `/api/messages/${id}` })
  assert.equal(answer.statusCode, 200)
  assert.deepEqual([...Compile(messageRecordSchema).Errors(answer.json())], [])
  assert.equal(answer.json().reply, `250 2.6.0 accepted ${id}`)
  assert.equal(answer.json().traceUrl, 'https://traces.example.com/trace/0af7651916cd43dd8448eb211c80319c')
  for (const other of [newMessageId(), 'no-id']) {
    const missing = await stage.ask({ url: `/api/messages/${other}` })
    assert.deepEqual([missing.statusCode, missing.json().code], [404, 'NOT_FOUND'])
  }
})

test('pages of messages, and limits that are none', async () => {
  const ids = Array.from({ length: 5 }, (_, index) => withMessageIdTime(newMessageId(), 1_800_000_000_000 + index))
  for (const id of ids) await stage.remember(id, 'crm')
  const first = (await stage.ask({ url: '/api/messages?application=crm&limit=3' })).json()
  const second = (await stage.ask({ url: `/api/messages?application=crm&limit=3&cursor=${first.next}` })).json()
  assert.deepEqual(
    [...first.messages, ...second.messages].map(({ id }) => id),
    ids.toReversed(),
  )
  assert.equal(second.next, null)
  const since = (await stage.ask({ url: '/api/messages?application=crm&since=1800000000003' })).json()
  assert.equal(since.messages.length, 2)
  for (const query of ['limit=0', 'limit=501', 'limit=many', 'since=-1']) {
    const answer = await stage.ask({ url: `/api/messages?${query}` })
    assert.deepEqual([answer.statusCode, answer.json().code], [400, 'BAD_REQUEST'], query)
  }
})

test('applications with the mode of every check that the policy names', async () => {
  const { policyRevision, applications } = (await stage.ask({ url: '/api/applications' })).json()
  assert.equal(policyRevision, 7)
  assert.deepEqual(
    applications.map(({ name, owner, checks }: Applications['applications'][number]) => ({ name, owner, checks })),
    [{ name: 'billing', owner: 'owner@example.com', checks: { address: 'monitor', domain: 'enforce' } }],
  )
})

test('how far every group is behind', async () => {
  await stage.ports.bus.publish({ topic: topics.decided.name, key: 'a', partition: 1, value: new Uint8Array(1) })
  const { lag } = (await stage.ask({ url: '/api/lag' })).json()
  const split = lag.find((one: { group: string; topic: string }) => one.group === groups.split && one.topic === topics.decided.name)
  assert.deepEqual([split.records, split.partitions.map(({ partition }: { partition: number }) => partition)], [1, [1]])
  assert.ok(lag.some(({ group }: { group: string }) => group === 'check-domain'))
  assert.ok(lag.some(({ topic }: { topic: string }) => topic === 'mail.deferred.4h'))
})

test('who runs what, and what is missing', async () => {
  const seen = (instance: string, roles: readonly string[], isAlive: boolean, lastSeenAt: number) =>
    stage.processes.push({ instance, roles, startedAt: 1, lastSeenAt, isAlive })
  seen('b', ['verdict', 'delivery'], true, 20)
  seen('a', ['verdict', 'ingress', 'console'], true, 10)
  seen('gone', ['domain-check', 'verdict'], false, 5)
  await stage.ports.bus.publish({ topic: topics.outboundBulk.name, key: 'a', value: new Uint8Array(1) })
  const answer = await stage.ask({ url: '/api/roles' })
  assert.deepEqual([...Compile(rolesSchema).Errors(answer.json())], [])
  const { roles, missing }: RolesResponse = answer.json()
  const row = (name: string) => roles.find(({ role }) => role === name)
  assert.deepEqual([row('verdict')?.processes, row('verdict')?.instances, row('verdict')?.lastSeenAt], [2, ['a', 'b'], 20])
  assert.deepEqual([row('domain-check')?.processes, row('domain-check')?.lastSeenAt], [0, 5])
  assert.deepEqual([row('address-check')?.processes, row('address-check')?.lastSeenAt], [0, null])
  // That of the test before, and this one.
  assert.deepEqual([row('delivery')?.records, (row('delivery')?.oldestAgeMs ?? 0) > 0], [2, true])
  assert.deepEqual(
    missing.map(({ role, applications }) => [role, applications]),
    [
      ['address-check', []],
      ['domain-check', ['billing']],
    ],
  )
})

test('the quarantine: the oldest first, in pages, by application', async () => {
  const ids = [await stage.hold(3), await stage.hold(1), await stage.hold(2, 'crm')]
  const first = (await stage.ask({ url: '/api/quarantine?limit=2' })).json()
  assert.deepEqual(
    first.held.map(({ heldAt }: { heldAt: number }) => heldAt),
    [1, 2],
  )
  assert.deepEqual(first.held[0].recipients, ['b@example.net'])
  const second = (await stage.ask({ url: `/api/quarantine?limit=2&cursor=${first.next}` })).json()
  assert.deepEqual([second.held.map(({ id }: { id: string }) => id), second.next], [[ids[0]], null])
  assert.equal((await stage.ask({ url: '/api/quarantine?application=crm' })).json().held.length, 1)
})

test('release and drop are durable commands, and only for what is held', async () => {
  const [id, other] = [await stage.hold(10), await stage.hold(11)]
  const headers = { 'x-author': 'ann' }
  const release = await stage.ask({ method: 'POST', url: `/api/quarantine/${id}/release`, headers, body: { reason: 'looks good' } })
  assert.deepEqual([release.statusCode, release.json()], [202, { id, command: 'release' }])
  const because = { reason: 'because' }
  assert.equal((await stage.ask({ method: 'POST', url: `/api/quarantine/${other}/drop`, body: because })).statusCode, 202)
  const records = stage.ports.bus.records(topics.commands.name)
  assert.ok(records.every((record) => stage.ports.bus.isDurable(record)))
  assert.deepEqual(
    records.map(({ key, value }) => {
      const { record } = commandCodec.decode(value ?? new Uint8Array())
      return [key, record.kind, record.id, record.by, record.reason]
    }),
    [
      [id, 'release', id, 'ann', 'looks good'],
      [other, 'drop', other, 'console-token', 'because'],
    ],
  )
  await stage.ports.bus.publish({ topic: topics.held.name, key: id, value: null })
  assert.equal((await stage.ask({ method: 'POST', url: `/api/quarantine/${id}/release`, body: because })).statusCode, 404)
  assert.equal((await stage.ask({ method: 'POST', url: `/api/quarantine/${other}/burn`, body: because })).statusCode, 404)
  assert.equal((await stage.ask({ method: 'POST', url: `/api/quarantine/${other}/drop`, body: {} })).statusCode, 400)
})
