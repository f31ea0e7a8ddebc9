import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Decided, decidedCodec, type Message, topics } from '@sallyport/contracts'
import { eventually } from '@sallyport/testkit'
import { exampleDecided } from './test-job.cases.ts'
import { minute, type World, world } from './test-world.cases.ts'

const refused = 'gone@example.net'
const failing = (message: Partial<Message> = {}, decided: Partial<Decided> = {}): Decided =>
  exampleDecided(decided, { recipients: [{ index: 0, address: refused }], ...message })

async function worldThatRefuses(options: Parameters<typeof world>[0] = {}): Promise<World> {
  const run = await world(options)
  run.sink.recipientReplies.set(refused, '550 5.1.1 no such user')
  return run
}

/** What delivery itself published on `mail.decided`. */
const own = (run: World) =>
  run.bus
    .records(topics.decided.name)
    .flatMap(({ value }) => (value ? [decidedCodec.decode(value)] : []))
    .filter(({ record }) => record.origin === 'delivery')
    .map(({ record, bytes }) => ({ record, text: Buffer.from(bytes).toString() }))

test('a failure is told to the verified sender: from the null sender, by the same road, with what the next hop said', async () => {
  await using run = await worldThatRefuses()
  const decided = failing({ envelopeId: 'QQ314159' })
  await run.accept(decided)
  const dsn = await eventually(() => run.sink.messages[0])
  await run.settled()
  assert.equal(dsn.sender, '')
  assert.deepEqual(
    dsn.recipients.map(({ address }) => address),
    ['invoices@example.com'],
  )
  const text = dsn.content.toString()
  for (const part of [
    'Content-Type: multipart/report; report-type=delivery-status',
    'Auto-Submitted: auto-replied',
    'Final-Recipient: rfc822; gone@example.net',
    'Action: failed',
    'Status: 5.1.1',
    'Diagnostic-Code: smtp; 550 5.1.1 no such user',
    'Original-Envelope-Id: QQ314159',
    'Subject: Rechnung',
  ]) {
    assert.ok(text.includes(part), part)
  }
  assert.ok(!text.includes('Hello'), 'the body comes back only where RET=FULL asks for it')
  const [bounced] = run.ports.events.of('bounced')
  assert.equal(bounced?.dsnId, own(run)[0]?.record.message.id)
  assert.equal(bounced?.recipients[0]?.reply, '550 5.1.1 no such user')
  assert.equal((await run.ledger.entries(decided.message.id, [0])).get(0)?.outcome, 'bounced')
})

test('no backscatter: a sender that is not verified hears nothing, whatever happens', async () => {
  const cases: readonly [string, Partial<Message>, Partial<Decided>, boolean | undefined][] = [
    ['not verified', {}, { verifiedSender: 'no' }, true],
    ['unknown, and never found out', {}, { verifiedSender: 'unknown' }, undefined],
    ['unknown, and found to be wrong', {}, { verifiedSender: 'unknown' }, false],
    ['the null sender', { sender: '' }, { verifiedSender: 'yes' }, true],
  ]
  for (const [name, message, changes, found] of cases) {
    await using run = await worldThatRefuses()
    const decided = failing(message, changes)
    if (found !== undefined) await run.ledger.recordVerifiedSender(decided.message.id, found)
    await run.accept(decided)
    await run.settled()
    assert.equal(own(run).length, 0, name)
    assert.equal(run.sink.messages.length, 0, name)
    assert.equal(run.ports.events.of('bounced')[0]?.dsnId, null, name)
  }
})

test('a sender that was found to be right after acceptance is told', async () => {
  await using run = await worldThatRefuses()
  const decided = failing({}, { verifiedSender: 'unknown' })
  await run.ledger.recordVerifiedSender(decided.message.id, true)
  await run.accept(decided)
  await eventually(() => run.sink.messages.length === 1)
})

test('a refusal that comes before the verdict waits for what that says of the sender', async () => {
  await using run = await worldThatRefuses()
  const decided = failing({}, { verifiedSender: 'unknown' })
  await run.accept(decided)
  await eventually(() => run.sink.commands.some((line) => line.startsWith('RCPT')))
  await run.ledger.recordVerifiedSender(decided.message.id, true)
  await eventually(() => run.sink.messages.length === 1)
})

test('with the ledger down no notification goes out, and the message is not lost sight of', async () => {
  await using run = await worldThatRefuses()
  run.ledger.faults.call = (method) => (method === 'countDsn' ? new Error('down') : undefined)
  await run.accept(failing())
  await run.settled()
  assert.equal(own(run).length, 0)
  assert.equal(run.ports.events.of('bounced').length, 1)
})

test('a notification that cannot be delivered is not notified of', async () => {
  await using run = await worldThatRefuses()
  run.sink.recipientReplies.set('invoices@example.com', '550 5.1.1 gone, too')
  await run.accept(failing())
  await eventually(() => run.ports.events.of('bounced').length === 2)
  await run.settled()
  assert.equal(own(run).length, 1)
})

const grüße = Buffer.from('From: invoices@example.com\r\nSubject: x\r\n\r\nGrüße\r\n')
const beyondAscii: readonly (readonly [what: string, message: Partial<Message>, status: string])[] = [
  ['8-bit content, all of which is to come back', { body: '8BITMIME', ret: 'FULL' }, '5.6.3'],
  ['a recipient beyond ASCII', { smtpUtf8: true, recipients: [{ index: 0, address: 'jürgen@example.net' }] }, '5.6.7'],
]
for (const [what, message, status] of beyondAscii) {
  test(`the notification about ${what} passes the next hop that refused it`, async () => {
    await using run = await world()
    run.sink.extensions = ['PIPELINING']
    await run.accept(exampleDecided({}, { recipients: [{ index: 0, address: 'b@example.net' }], ...message }), grüße)
    const dsn = await eventually(() => run.sink.messages[0])
    await run.settled()
    assert.equal(dsn.sender, '')
    assert.match(dsn.content.toString(), new RegExp(`Status: ${status.replaceAll('.', '\\.')}`))
    assert.ok(dsn.content.every((byte) => byte < 0x80))
  })
}

test('a sender beyond ASCII whose next hop takes no such addresses is for the owner to tell', async () => {
  await using run = await world()
  run.sink.extensions = ['PIPELINING']
  await run.accept(exampleDecided({}, { sender: 'jürgen@example.com', smtpUtf8: true }))
  const bounced = await eventually(() => run.ports.events.of('bounced')[0])
  await run.settled()
  assert.deepEqual([bounced.dsnId, bounced.tellOwner], [null, true])
  assert.equal(own(run).length, 0)
})

test('NOTIFY is obeyed', async () => {
  for (const [notify, expected] of [
    [['NEVER'], 0],
    [['SUCCESS'], 0],
    [['DELAY', 'FAILURE'], 1],
    [undefined, 1],
  ] as const) {
    await using run = await worldThatRefuses()
    await run.accept(failing({ recipients: [{ index: 0, address: refused, ...(notify ? { notify: [...notify] } : {}) }] }))
    await run.settled()
    assert.equal(own(run).length, expected, String(notify))
  }
})

test('success is told where it is asked for and the next hop does not take the duty over', async () => {
  const asked = { recipients: [{ index: 0, address: 'a@example.net', notify: ['SUCCESS'] }] }
  await using run = await world()
  await run.accept(exampleDecided({}, asked))
  await run.settled()
  assert.equal(own(run).length, 0)
  run.sink.extensions = ['PIPELINING']
  run.sink.dropConnections()
  await run.accept(exampleDecided({}, asked))
  const { text } = await eventually(() => own(run)[0])
  assert.ok(text.includes('Action: relayed'))
})

test('at most so many an hour to one address; the rest is the owner to tell', async () => {
  await using run = await worldThatRefuses({
    policy: (document) => ({ ...document, bounces: { perHour: 2 } }),
  })
  for (let count = 0; count < 5; count++) await run.accept(failing())
  await eventually(() => run.ports.events.of('bounced').length === 5)
  assert.equal(run.ports.events.of('bounced').filter(({ dsnId }) => dsnId !== null).length, 2)
  assert.deepEqual(
    run.ports.events
      .of('bounced')
      .filter(({ tellOwner }) => tellOwner)
      .map(({ dsnId }) => dsnId),
    [null, null, null],
  )
})

test('given up after its time, with the last reply; told once after four hours that it is late', async () => {
  await using run = await world({ policy: (document) => withExpiry(document, '6h') })
  run.sink.recipientReplies.set('later@example.net', '452 4.2.2 full')
  const decided = failing({ recipients: [{ index: 0, address: 'later@example.net' }] }, { acceptedAt: run.ports.clock.now() })
  await run.accept(decided)
  for (const [tier, count, waitMs] of [
    ['1m', 1, 1],
    ['5m', 1, 5],
    ['15m', 1, 15],
    ['1h', 1, 60],
    ['4h', 1, 240],
    ['4h', 2, 240],
  ] as const) {
    await eventually(() => run.jobs(`mail.deferred.${tier}`).length === count)
    run.ports.clock.advance(waitMs * minute + 1_000)
  }
  await eventually(() => run.ports.events.of('bounced').length === 1)
  await run.settled()
  assert.deepEqual(
    own(run).map(({ text }) => /Action: (\w+)/.exec(text)?.[1]),
    ['delayed', 'failed'],
  )
  assert.match(own(run)[1]?.text ?? '', /Status: 5\.4\.7[\s\S]*452 4\.2\.2 full/)
  assert.equal((await run.ledger.entries(decided.message.id, [0])).get(0)?.outcome, 'expired')
})

function withExpiry<T extends { applications: readonly object[] }>(document: T, expiry: string): T {
  return { ...document, applications: document.applications.map((application) => ({ ...application, expiry })) }
}
