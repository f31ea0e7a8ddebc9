import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { commandCodec, newMessageId, topics } from '@sallyport/contracts'
import { apiStage } from './stage.cases.ts'

let stage: Awaited<ReturnType<typeof apiStage>>
before(async () => {
  stage = await apiStage()
})
after(() => stage.close())

const bulk = (body: object) => stage.ask({ method: 'POST', url: '/api/quarantine/bulk', body })
const commands = () =>
  stage.ports.bus.records(topics.commands.name).map(({ value }) => commandCodec.decode(value ?? new Uint8Array()).record)

test('many at once by ids: what is held is acted upon, the rest is named, and the audit log has one entry', async () => {
  const [first, second, gone] = [await stage.hold(1), await stage.hold(2), newMessageId()]
  const answer = await bulk({ command: 'release', reason: 'looked at', ids: [first, second, first, gone] })
  assert.deepEqual(
    [answer.statusCode, answer.json()],
    [202, { command: 'release', ids: [first, second], missing: [gone], remaining: 0 }],
  )
  assert.deepEqual(
    commands().map(({ kind, id, reason }) => [kind, id, reason]),
    [
      ['release', first, 'looked at'],
      ['release', second, 'looked at'],
    ],
  )
  const { entries } = stage.audit.page({ limit: 10 })
  assert.deepEqual([entries.length, entries[0]?.subject, entries[0]?.reason], [1, '2 messages', 'looked at'])
})

test('by a filter, as the list shows it', async () => {
  const id = await stage.hold(50, 'crm')
  const found = (await stage.ask({ url: '/api/quarantine?text=SCORE%209&application=crm' })).json()
  assert.deepEqual([found.total, found.held[0].id], [1, id])
  assert.equal((await stage.ask({ url: '/api/quarantine?text=nothing-like-it' })).json().total, 0)
  assert.equal((await stage.ask({ url: '/api/quarantine?application=crm&before=50' })).json().total, 0)
  const answer = await bulk({ command: 'drop', reason: 'spam', filter: { application: 'crm' } })
  assert.deepEqual(answer.json().ids, [id])
})

for (const [name, body] of [
  ['neither', { command: 'drop', reason: 'x' }],
  ['both', { command: 'drop', reason: 'x', ids: [newMessageId()], filter: { application: 'crm' } }],
  ['an empty filter', { command: 'drop', reason: 'x', filter: {} }],
  ['no reason', { command: 'drop', ids: [newMessageId()] }],
] as const) {
  test(`ids or filter: ${name} is refused`, async () => assert.equal((await bulk(body)).statusCode, 400))
}
