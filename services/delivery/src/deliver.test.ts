import assert from 'node:assert/strict'
import { test } from 'node:test'
import { topics } from '@sallyport/contracts'
import { eventually, ledgerUnavailable } from '@sallyport/testkit'
import { exampleContent, exampleDecided } from './test-job.cases.ts'
import { minute, world } from './test-world.cases.ts'

const two = { recipients: [0, 1].map((index) => ({ index, address: `r${index}@example.net` })) }

test('an accepted message is delivered once, byte for byte, and everything is settled', async () => {
  await using run = await world()
  const decided = exampleDecided({}, two)
  await run.accept(decided)
  await run.settled()
  assert.deepEqual(
    run.sink.messages.map((message) => message.content),
    [exampleContent],
  )
  assert.deepEqual(
    run.sink.messages[0]?.recipients.map(({ address }) => address),
    ['r0@example.net', 'r1@example.net'],
  )
  const [attempted] = run.ports.events.of('attempted')
  assert.equal(attempted?.attempt, 1)
  assert.equal(attempted?.nextHop, run.sink.address)
  assert.deepEqual(
    attempted?.recipients.map(({ result }) => result),
    ['delivered', 'delivered'],
  )
  assert.deepEqual(
    [...(await run.ledger.entries(decided.message.id, [0, 1])).values()],
    [
      { attempt: 1, outcome: 'delivered' },
      { attempt: 1, outcome: 'delivered' },
    ],
  )
  for (const record of run.bus.records(topics.outboundNormal.name)) assert.equal(run.bus.isDurable(record), true)
})

test('a message is in hand until its jobs are put down', async () => {
  await using run = await world()
  const bus = run.bus.faults
  await run.accept(exampleDecided())
  await run.settled()
  assert.equal(run.inHand(), 0)
  const second = exampleDecided({}, { id: '01890a5d-ac96-774b-bcce-b302099a8057' })
  bus.publish = ({ topic }) => {
    bus.delayMs = topic === topics.outboundNormal.name ? 200 : 0
    return undefined
  }
  await run.accept(second)
  await eventually(() => run.inHand() === 1)
  await run.settled()
  assert.equal(run.inHand(), 0)
})

test('the first decision of an id wins', async () => {
  await using run = await world()
  const decided = exampleDecided()
  await run.accept(decided)
  await run.accept(decided)
  await run.accept({ ...decided, verdict: { ...decided.verdict, action: 'hold' } })
  await run.settled()
  assert.equal(run.sink.messages.length, 1)
  assert.equal(run.bus.rows(topics.held.name).size, 0)
})

test('what is put off comes back with the recipients that remain, until it is delivered', async () => {
  await using run = await world()
  run.sink.recipientReplies.set('r1@example.net', '451 4.2.0 later')
  await run.accept(exampleDecided({}, two))
  const waiting = await eventually(() => run.jobs(topics.deferred1m.name)[0])
  assert.deepEqual([waiting.remaining, waiting.attempt, waiting.lastReply], [[1], 2, '451 4.2.0 later'])
  assert.equal(run.sink.messages.length, 1)
  run.ports.clock.advance(minute)
  const again = await eventually(() => run.jobs(topics.deferred5m.name)[0])
  assert.equal(again.attempt, 3)
  run.sink.recipientReplies.clear()
  run.ports.clock.advance(5 * minute)
  await run.settled()
  assert.deepEqual(
    run.sink.messages.map(({ recipients }) => recipients.map(({ address }) => address)),
    [['r0@example.net'], ['r1@example.net']],
  )
  const attempts = run.ports.events.of('attempted')
  assert.deepEqual(
    attempts.map(({ attempt }) => attempt),
    [1, 2, 3],
  )
  assert.ok((attempts[0]?.nextAttemptAt ?? 0) > 0)
})

test('a message with a time of its own waits for it', async () => {
  await using run = await world()
  const notBefore = run.ports.clock.now() + 7 * minute
  await run.accept(exampleDecided({ notBefore, acceptedAt: run.ports.clock.now() }))
  await eventually(() => run.jobs(topics.deferred5m.name).length)
  run.ports.clock.advance(5 * minute + 1_000)
  await eventually(() => run.jobs(topics.deferred1m.name).length)
  assert.equal(run.sink.messages.length, 0)
  run.ports.clock.advance(minute)
  run.ports.clock.advance(minute)
  await run.settled()
  assert.equal(run.sink.messages.length, 1)
})

test('without the ledger mail goes on', async () => {
  await using run = await world()
  run.ledger.faults.call = ledgerUnavailable
  await run.accept(exampleDecided())
  await run.settled()
  assert.equal(run.sink.messages.length, 1)
  assert.equal(run.ports.events.of('attempted').length, 1)
})

test('an attempt is counted once: for several recipients, and where its record comes again', async () => {
  await using run = await world()
  run.sink.recipientReplies.set('r1@example.net', '451 4.2.0 later')
  await run.accept(exampleDecided({}, two))
  await eventually(() => run.jobs(topics.deferred1m.name)[0])
  run.sink.recipientReplies.clear()
  run.ports.clock.advance(minute)
  await run.settled()
  for (const { topic, key, partition, value } of [...run.bus.records(topics.outboundNormal.name)]) {
    await run.bus.publish({ topic, key, partition, value })
    await run.settled()
  }
  const text = await run.metrics()
  for (const line of [
    'attempts_total{destination="default",outcome="mixed"} 1',
    'attempts_total{destination="default",outcome="delivered"} 1',
    'attempt_seconds_count{destination="default"} 2',
    'recipients_total{destination="default",outcome="delivered"} 2',
    'recipients_total{destination="default",outcome="deferred"} 1',
    'queue_seconds_count{destination="default"} 2',
  ])
    assert.ok(text.includes(`sallyport_delivery_${line}\n`), `${line} is not in\n${text}`)
})

test('what the bus does not take is tried until it does', async () => {
  await using run = await world()
  let refused = 0
  run.sink.replies.content = '451 4.3.0 later'
  run.bus.faults.publish = ({ topic }) => (topic.startsWith('mail.deferred') && refused++ < 2 ? ledgerUnavailable() : undefined)
  await run.accept(exampleDecided())
  await eventually(() => run.jobs(topics.deferred1m.name).length === 1)
  assert.equal(run.sink.messages.length, 0)
})

test('a job that comes twice is sent once', async () => {
  await using run = await world()
  await run.accept(exampleDecided())
  await run.settled()
  const [job] = run.bus.records(topics.outboundNormal.name)
  assert.ok(job)
  await run.bus.publish({ topic: job.topic, key: job.key, partition: job.partition, value: job.value })
  await run.settled()
  assert.equal(run.sink.messages.length, 1)
  assert.equal(run.ports.events.of('attempted').length, 1)
})

test('stored content is streamed, and deleted when every recipient is final', async () => {
  await using run = await world()
  const bytes = Buffer.from(`Subject: x\r\n\r\n${'.line\r\n'.repeat(40_000)}`)
  const stored = await run.content.put('key', bytes)
  const header = bytes.subarray(0, 14)
  run.sink.recipientReplies.set('r1@example.net', '450 4.2.0 later')
  await run.accept(exampleDecided({ content: { kind: 'stored', headerBytes: 14, ...stored } }, two), header)
  await eventually(() => run.jobs(topics.deferred1m.name).length)
  assert.equal(run.content.stored.size, 1)
  run.sink.recipientReplies.clear()
  run.ports.clock.advance(minute)
  await eventually(() => run.content.stored.size === 0)
  assert.equal(run.sink.messages.length, 2)
  for (const message of run.sink.messages) assert.deepEqual(message.content, bytes)
})

test('8-bit content that nobody declared bounces at a next hop without 8BITMIME, also where it lies in the store', async () => {
  await using run = await world()
  run.sink.extensions = ['PIPELINING']
  const header = Buffer.from('Subject: x\r\n\r\n')
  for (const line of ['Grüße\r\n', 'Gruss\r\n']) {
    const bytes = Buffer.concat([header, Buffer.from(line.repeat(30_000))])
    const stored = await run.content.put(line, bytes)
    await run.accept(exampleDecided({ content: { kind: 'stored', headerBytes: header.length, ...stored } }), header)
  }
  await eventually(() => run.ports.events.of('attempted').length >= 2)
  await run.settled()
  const replies = run.ports.events.of('attempted').flatMap(({ recipients }) => recipients.map(({ reply }) => reply.slice(0, 9)))
  assert.deepEqual([...new Set(replies)].sort(), ['250 2.0.0', '554 5.6.3'])
  assert.ok(run.sink.messages.every(({ content }) => content.every((byte) => byte < 0x80)))
})

test('killed between delivery and ledger: delivered again at most once, and never lost', async () => {
  await using run = await world({ settings: { claimMs: 200 } })
  run.sink.replies.content = () => ({ afterMs: 50, reply: '250 2.0.0 Ok' })
  await run.accept(exampleDecided())
  await eventually(() => run.sink.commands.includes('DATA'))
  await run.crash()
  await run.settled()
  assert.ok(run.sink.messages.length >= 1 && run.sink.messages.length <= 2)
})

test('killed while messages wait: they come back when they are due', async () => {
  await using run = await world()
  run.sink.replies.mail = '451 4.3.0 later'
  for (let count = 0; count < 5; count++) await run.accept(exampleDecided())
  await eventually(() => run.jobs(topics.deferred1m.name).length === 5)
  await eventually(() => run.ports.events.of('attempted').length === 5)
  await run.crash()
  run.sink.replies.mail = undefined
  run.ports.clock.advance(minute)
  await run.settled()
  assert.equal(run.sink.messages.length, 5)
})

test('capture writes content and envelope, and sends nothing', async () => {
  await using run = await world({ policy: (document) => ({ ...document, routes: { default: { capture: true } } }) })
  const decided = exampleDecided({}, two)
  await run.accept(decided)
  await run.settled()
  const { readFile, readdir } = await import('node:fs/promises')
  const names = await readdir(run.folder.join('captured'))
  assert.deepEqual(names.toSorted(), [`${decided.message.id}-1.eml`, `${decided.message.id}-1.json`])
  assert.deepEqual(await readFile(run.folder.join('captured', names.find((name) => name.endsWith('.eml')) ?? '')), exampleContent)
  const envelope = JSON.parse(await readFile(run.folder.join('captured', `${decided.message.id}-1.json`), 'utf8'))
  assert.deepEqual(envelope.recipients, ['r0@example.net', 'r1@example.net'])
  assert.equal(run.sink.connections, 0)
  assert.deepEqual(
    run.ports.events.of('attempted')[0]?.recipients.map(({ result }) => result),
    ['delivered', 'delivered'],
  )
})

test('a capture folder that cannot be written defers', async () => {
  const { writeFile } = await import('node:fs/promises')
  await using run = await world({ policy: (document) => ({ ...document, routes: { default: { capture: 'here' } } }) })
  await writeFile(run.folder.join('here'), 'a file stands in the way')
  await run.accept(exampleDecided())
  const job = await eventually(() => run.jobs(topics.deferred1m.name)[0])
  assert.match(job.lastReply ?? '', /^451 4\.3\.0 /)
})
