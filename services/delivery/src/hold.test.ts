import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Command, commandCodec, type Held, heldCodec, topics } from '@sallyport/contracts'
import { eventually } from '@sallyport/testkit'
import { exampleContent, exampleDecided, exampleJob } from './test-job.cases.ts'
import { drops, minute, type World, world } from './test-world.cases.ts'

const held = (changes: Parameters<typeof exampleDecided>[0] = {}) => {
  const decided = exampleDecided(changes)
  return { ...decided, verdict: { ...decided.verdict, action: 'hold' as const, decidedBy: ['spam'] } }
}
async function say(run: World, kind: Command['kind'], id: string): Promise<void> {
  const value = commandCodec.encode({ v: 1, kind, id, by: 'anna', reason: 'known customer', at: run.ports.clock.now() })
  await run.bus.publish({ topic: topics.commands.name, key: id, value })
}
const row = (run: World, id: string): { record: Held; bytes: Uint8Array } | undefined => {
  const value = run.bus.rows(topics.held.name).get(id)
  return value && heldCodec.decode(value)
}
const day = 24 * 60 * minute

test('a held message rests in the store until it is released, and is then delivered', async () => {
  await using run = await world()
  const decided = held()
  const { id } = decided.message
  await run.accept(decided)
  const { record, bytes } = await eventually(() => row(run, id))
  await run.settled()
  assert.equal(run.sink.messages.length, 0)
  assert.equal(record.content.kind, 'stored')
  assert.deepEqual(Buffer.from(bytes), exampleContent.subarray(0, decided.content.headerBytes))
  assert.equal(record.expiresAt - record.heldAt, 14 * day)
  run.ports.clock.advance(13 * day)
  await say(run, 'release', id)
  await eventually(() => run.sink.messages.length === 1)
  await run.settled()
  assert.deepEqual(run.sink.messages[0]?.content, exampleContent)
  assert.equal(row(run, id), undefined)
  assert.deepEqual(
    run.ports.events.recorded.filter(({ id: about }) => about === id).map(({ kind }) => kind),
    ['held', 'released', 'attempted'],
  )
  assert.equal(run.content.stored.size, 0)
})

test('dropped: gone with its content, and every recipient is final', async () => {
  await using run = await world()
  const decided = held()
  const { id } = decided.message
  await run.accept(decided)
  await eventually(() => row(run, id))
  await say(run, 'drop', id)
  await eventually(() => row(run, id) === undefined)
  await run.settled()
  assert.equal((await run.ledger.entries(id, [0])).get(0)?.outcome, 'dropped')
  assert.equal(run.content.stored.size, 0)
  assert.deepEqual(drops(run), [['anna', 'known customer']])
  await say(run, 'release', id)
  await run.settled()
  assert.equal(run.sink.messages.length, 0)
})

for (const [onExpiry, delivered, outcome] of [
  ['release', 1, 'delivered'],
  ['drop', 0, 'dropped'],
  ['bounce', 1, 'bounced'],
] as const) {
  test(`a hold that nobody decides ends by ${onExpiry}`, async () => {
    await using run = await world({ policy: (document) => ({ ...document, hold: { keep: '2d', onExpiry } }) })
    const decided = held()
    const { id } = decided.message
    await run.accept(decided)
    await eventually(() => row(run, id))
    run.ports.clock.advance(2 * day)
    await eventually(() => row(run, id) === undefined && run.sink.messages.length === delivered)
    await run.settled()
    assert.equal((await run.ledger.entries(id, [0])).get(0)?.outcome, outcome)
    if (onExpiry === 'bounce') assert.equal(run.sink.messages[0]?.sender, '')
  })
}

test('a rejection after acceptance is a hold, or a bounce where the policy says so', async () => {
  for (const lateReject of ['hold', 'bounce'] as const) {
    await using run = await world({
      policy: (document) => ({ ...document, applications: document.applications.map((each) => ({ ...each, lateReject })) }),
    })
    const decided = exampleDecided()
    const { id } = decided.message
    await run.accept({ ...decided, verdict: { ...decided.verdict, action: 'reject', decidedBy: ['domain'], late: true } })
    await run.settled()
    await eventually(() => (lateReject === 'hold' ? row(run, id)?.record.cause === 'late-reject' : run.sink.messages.length === 1))
    if (lateReject === 'bounce') assert.match(run.sink.messages[0]?.content.toString() ?? '', /550 5\.7\.1 decided by domain/)
  }
})

test('a defect never loses a message: unknown routes and missing content are held, and released when they are mended', async () => {
  await using run = await world()
  const job = exampleJob({ destination: 'gone' })
  const stray = { ...exampleDecided(), message: job.message }
  run.replacePolicy((document) => ({
    ...document,
    applications: document.applications.map((each) => ({ ...each, route: 'gone' })),
    routes: { ...document.routes, gone: document.routes.default },
  }))
  run.sink.replies.mail = '451 4.3.0 later'
  await run.accept(stray)
  await eventually(() => run.jobs(topics.deferred1m.name).length === 1)
  run.replacePolicy((document) => ({
    ...document,
    applications: document.applications.map((each) => ({ ...each, route: 'default' })),
    routes: { default: document.routes.default },
  }))
  run.ports.clock.advance(minute)
  const { record } = await eventually(() => row(run, job.message.id))
  assert.equal(record.cause, 'fault')
  assert.match(record.explanation, /no route gone/)
  run.sink.replies.mail = undefined
  await say(run, 'release', job.message.id)
  await eventually(() => run.sink.messages.length === 1)
  assert.deepEqual(run.sink.messages[0]?.content, exampleContent)
})

test('content that is missing or damaged holds the message', async () => {
  await using run = await world()
  const content = { kind: 'stored' as const, key: 'nowhere', sha256: '0'.repeat(64), contentBytes: 100_000, headerBytes: 10 }
  const decided = exampleDecided({ content })
  await run.accept(decided, exampleContent.subarray(0, 10))
  const { record } = await eventually(() => row(run, decided.message.id))
  assert.match(record.explanation, /nowhere/)
  await run.settled()
  assert.equal(run.sink.messages.length, 0)
})

test('what is no record goes to the dead letters, and the rest goes on', async () => {
  await using run = await world()
  await run.bus.publish({ topic: topics.decided.name, key: 'x', value: Buffer.from('garbage') })
  await run.bus.publish({ topic: topics.outboundNormal.name, key: 'x', value: Buffer.from('garbage') })
  await run.accept(exampleDecided())
  await run.settled()
  assert.equal(run.bus.deadLetters().length, 2)
  assert.equal(run.sink.messages.length, 1)
})
