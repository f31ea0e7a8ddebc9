import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Order, orderCodec, topics } from '@sallyport/contracts'
import { eventually, smtpSink } from '@sallyport/testkit'
import { exampleDecided } from './test-job.cases.ts'
import { drops, minute, type World, world } from './test-world.cases.ts'

async function order(run: World, kind: Order['kind'], match: Order['match'], rest: Partial<Order> = {}): Promise<void> {
  const at = run.ports.clock.now()
  const whole: Order = {
    v: 1,
    kind,
    orderId: kind,
    match,
    by: 'anna',
    reason: 'maintenance',
    at,
    expiresAt: at + 600 * minute,
    ...rest,
  }
  // What fails from now on fails after the order, not in the same millisecond.
  run.ports.clock.advance(1)
  await run.bus.publish({ topic: topics.orders.name, key: kind, value: orderCodec.encode(whole) })
}

test('paused mail waits without counting attempts, and goes on when the order is gone', async () => {
  for (const kind of ['pause', 'suspend'] as const) {
    await using run = await world()
    await order(run, kind, { application: 'billing' })
    await run.accept(exampleDecided())
    const job = await eventually(() => run.jobs(topics.deferred1m.name)[0])
    assert.equal(job.attempt, 1)
    await run.bus.publish({ topic: topics.orders.name, key: kind, value: null })
    run.ports.clock.advance(minute)
    await eventually(() => run.sink.messages.length === 1)
    const attempted = await eventually(() => run.ports.events.of('attempted')[0])
    assert.equal(attempted.attempt, 1)
  }
})

test('cancelled mail is dropped, said with the name of who did it, and nobody gets a DSN', async () => {
  await using run = await world()
  const decided = exampleDecided()
  await order(run, 'cancel', { message: decided.message.id })
  await run.accept(decided)
  await eventually(() => drops(run).length > 0)
  await run.settled()
  assert.equal(run.sink.messages.length, 0)
  assert.deepEqual(drops(run), [['anna', 'maintenance']])
  assert.equal((await run.ledger.entries(decided.message.id, [0])).get(0)?.outcome, 'dropped')
  assert.equal(run.bus.records(topics.decided.name).length, 1)
})

test('what waits for a further attempt is tried at once when an order says so, and only what it names', async () => {
  await using run = await world()
  run.sink.replies.content = '451 4.3.0 later'
  const decided = exampleDecided()
  await run.accept(decided)
  await eventually(() => run.jobs(topics.deferred1m.name).length === 1)
  // It is on the bus: now it is with who waits for its time, too.
  await run.bus.idle()
  await order(run, 'retry', { destination: 'elsewhere' })
  await order(run, 'retry', { destination: 'default' })
  await eventually(() => run.ports.events.of('attempted').length === 2)
  // The second failure came after the order: it waits for its time.
  await eventually(() => run.jobs(topics.deferred5m.name).length === 1)
  assert.equal(run.jobs(topics.deferred5m.name)[0]?.attempt, 3)
  run.sink.replies.content = undefined
  await order(run, 'retry', { message: decided.message.id })
  await run.settled()
  assert.equal(run.sink.messages.length, 1)
  assert.equal(run.ports.events.of('attempted').length, 3)
})

test('a cancel reaches what waits for hours at once, and what is accepted later is none of its business', async () => {
  await using run = await world()
  run.sink.replies.content = '451 4.3.0 later'
  const early = exampleDecided()
  await run.accept(early)
  await eventually(() => run.jobs(topics.deferred1m.name).length === 1)
  await run.bus.idle()
  await order(run, 'cancel', { destination: 'default', acceptedUntil: early.acceptedAt })
  await eventually(() => drops(run).length === 1)
  const late = exampleDecided()
  await run.accept({ ...late, acceptedAt: early.acceptedAt + 1 })
  await eventually(() => run.ports.events.of('attempted').some(({ id }) => id === late.message.id))
  assert.deepEqual(drops(run), [['anna', 'maintenance']])
  assert.equal((await run.ledger.entries(early.message.id, [0])).get(0)?.outcome, 'dropped')
  assert.equal((await run.ledger.entries(late.message.id, [0])).get(0)?.outcome, 'deferred')
})

test('re-routed mail takes the other route', async () => {
  const other = await smtpSink()
  await using run = await world({
    policy: (document) => ({ ...document, routes: { ...document.routes, other: { smarthost: other.address } } }),
  })
  await order(run, 're-route', { destination: 'default' }, { toRoute: 'other' })
  await run.accept(exampleDecided())
  await run.settled()
  assert.equal(run.sink.messages.length, 0)
  assert.equal(other.messages.length, 1)
  await other.stop()
})

test('a slow destination makes room: the mail of others comes through, and its own is not lost', async () => {
  const slow = await smtpSink({ replies: { content: 'hang' } })
  await using run = await world({
    settings: { window: 8, overflowMs: 20, connections: 1, drainMs: 50 },
    policy: (document) => ({
      ...document,
      applications: [...document.applications, { name: 'crm', owner: 'o@example.com', from: {}, route: 'slow' }],
      routes: { ...document.routes, slow: { smarthost: slow.address, connections: 1 } },
    }),
  })
  for (let count = 0; count < 80; count++) await run.accept(exampleDecided({}, { application: 'crm' }))
  for (let count = 0; count < 4; count++) await run.accept(exampleDecided())
  await eventually(() => run.sink.messages.length === 4)
  await run.ports.bus.idle()
  slow.replies.content = undefined
  slow.dropConnections()
  await eventually(() => {
    run.ports.clock.advance(minute)
    return new Set(slow.messages.map(({ content }) => content)).size >= 80
  })
  await slow.stop()
})

test('readiness says when the role stops, and a stop leaves what waits for the next start', async () => {
  await using run = await world({ settings: { connections: 1 } })
  run.sink.replies.content = { afterMs: 30, reply: '250 2.0.0 Ok' }
  for (let count = 0; count < 10; count++) await run.accept(exampleDecided())
  await eventually(() => run.sink.messages.length > 0)
  await run.restart()
  run.sink.replies.content = undefined
  await run.settled()
  assert.equal(run.sink.messages.length, 10)
})
