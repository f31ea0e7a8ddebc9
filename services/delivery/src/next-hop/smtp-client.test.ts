import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { freePort, type SmtpSinkOptions, smtpSink } from '@sallyport/testkit'
import type { TransactionResult } from './next-hop.ts'
import { recipients, target, testClient, transaction } from './test-target.cases.ts'

const closers: (() => unknown)[] = []
after(() => Promise.all(closers.map((close) => close())))

async function sinkWith(options: SmtpSinkOptions = {}) {
  const sink = await smtpSink(options)
  closers.push(() => sink.stop())
  return sink
}
function client(changes: Parameters<typeof testClient>[0] = {}) {
  const made = testClient(changes)
  closers.push(() => made.stop())
  return made
}
const outcomes = (result: TransactionResult): string[] =>
  result.recipients.toSorted((left, right) => left.index - right.index).map(({ outcome, reply }) => `${outcome}: ${reply}`)

for (const extensions of [['PIPELINING', 'SIZE', '8BITMIME'], ['SIZE']]) {
  test(`content arrives byte for byte over one kept connection (${extensions.join(' ')})`, async () => {
    const sink = await sinkWith({ extensions })
    const { deliver, openConnections } = client()
    const contents = ['..\r\n.\r\n.a\r\n\r\n', 'Subject: x\r\n\r\nhello\r\n', '\r\n', `${'.'.repeat(5_000)}\r\n`]
    for (const content of contents) {
      const result = await deliver(target([sink]), transaction({}, Buffer.from(content)))
      assert.equal(result.recipients[0]?.outcome, 'delivered')
    }
    assert.deepEqual(
      sink.messages.map((message) => message.content.toString()),
      contents,
    )
    assert.equal(sink.connections, 1)
    assert.equal(openConnections(), 1)
  })
}

test('each recipient ends in its own way, and the connection is used again after a reset', async () => {
  const sink = await sinkWith()
  sink.recipientReplies.set('no@example.net', '550 5.1.1 no such user').set('full@example.net', '452 4.2.2 mailbox\u0007 full')
  sink.recipientReplies.set('many@example.net', '552 too many recipients')
  const { deliver } = client()
  const many = transaction({ recipients: recipients('yes@example.net', 'no@example.net', 'full@example.net', 'many@example.net') })
  const result = await deliver(target([sink]), many)
  assert.deepEqual(outcomes(result).slice(1), [
    'bounced: 550 5.1.1 no such user',
    'deferred: 452 4.2.2 mailbox full',
    'deferred: 552 too many recipients',
  ])
  assert.match(outcomes(result)[0] ?? '', /^delivered: 250 /)
  assert.deepEqual(
    sink.messages.map((message) => message.recipients.map(({ address }) => address)),
    [['yes@example.net']],
  )
  const none = await deliver(target([sink]), transaction({ recipients: recipients('no@example.net') }))
  assert.deepEqual(outcomes(none), ['bounced: 550 5.1.1 no such user'])
  assert.equal((await deliver(target([sink]), transaction())).recipients[0]?.outcome, 'delivered')
  assert.equal(sink.connections, 1)
})

test('replies to MAIL, DATA and content settle every recipient', async () => {
  const cases = [
    [{ mail: '550 5.7.1 not you' }, 'bounced: 550 5.7.1 not you'],
    [{ mail: '451 4.3.0 later' }, 'deferred: 451 4.3.0 later'],
    [{ mail: '530 5.7.0 authentication required' }, 'deferred: 530 5.7.0 authentication required'],
    [{ data: '451 4.3.1 no room' }, 'deferred: 451 4.3.1 no room'],
    [{ content: '554 5.6.0 spam\n554 5.6.0 really' }, 'bounced: 554 5.6.0 spam'],
    [{ content: '450 4.7.1 greylisted' }, 'deferred: 450 4.7.1 greylisted'],
  ] as const
  for (const [replies, expected] of cases) {
    const sink = await sinkWith({ replies })
    const result = await client().deliver(target([sink]), transaction({ recipients: recipients('a@example.net', 'b@example.net') }))
    for (const outcome of outcomes(result)) assert.ok(outcome.startsWith(expected), outcome)
  }
})

test('a hop that refuses connections is left for the next one, and avoided afterwards', async () => {
  const dead = { host: '127.0.0.1', port: await freePort() }
  const sink = await sinkWith()
  const failures: string[] = []
  const { deliver } = client({ onHopFailure: (hop) => void failures.push(hop) })
  for (let count = 0; count < 3; count++) {
    const result = await deliver(target([dead, sink]), transaction())
    assert.equal(result.nextHop, sink.address)
  }
  assert.deepEqual(failures, [`127.0.0.1:${dead.port}`])
})

test('nobody there: deferred, with a reason, and without waiting for the same timeout again', async () => {
  const dead = { host: '127.0.0.1', port: await freePort() }
  const { deliver } = client()
  for (let count = 0; count < 2; count++) {
    const result = await deliver(target([dead]), transaction())
    assert.equal(result.nextHop, '')
    assert.match(outcomes(result)[0] ?? '', /^deferred: 451 4\.4\.1 127\.0\.0\.1:\d+: .*ECONNREFUSED/)
  }
})

for (const stage of ['greeting', 'ehlo', 'mail', 'rcpt', 'data'] as const) {
  test(`421 at ${stage} sends the message to the next hop`, async () => {
    const closing = await sinkWith({ replies: { [stage]: '421 4.3.2 shutting down' } })
    const sink = await sinkWith()
    const result = await client().deliver(target([closing, sink]), transaction())
    assert.equal(result.nextHop, sink.address)
    assert.equal(result.recipients[0]?.outcome, 'delivered')
    assert.equal(closing.messages.length, 0)
  })
}

for (const what of ['drop', '421 4.7.0 not you'] as const) {
  test(`one message that the only hop answers with ${what} does not keep the others from it`, async () => {
    const sink = await sinkWith({ replies: { rcpt: (address) => (address.startsWith('poison') ? what : undefined) } })
    const { deliver } = client()
    const poison = transaction({ recipients: recipients('poison@example.net') })
    for (let count = 0; count < 3; count++) {
      const refused = await deliver(target([sink]), poison)
      assert.equal(refused.recipients[0]?.outcome, 'deferred')
      const other = await deliver(target([sink]), transaction())
      assert.equal(other.recipients[0]?.outcome, 'delivered')
    }
  })
}

test('a hop that goes in every transaction is avoided like one that is not there', async () => {
  const going = await sinkWith({ replies: { mail: 'drop' } })
  const sink = await sinkWith()
  const failures: string[] = []
  const { deliver } = client({ onHopFailure: (hop) => void failures.push(hop) })
  for (let count = 0; count < 6; count++) {
    const result = await deliver(target([going, sink]), transaction())
    assert.equal(result.nextHop, sink.address)
  }
  assert.deepEqual(failures, [going.address, going.address, going.address])
})

test('a kept connection that the hop closed meanwhile costs nothing', async () => {
  const sink = await sinkWith()
  const { deliver } = client()
  await deliver(target([sink]), transaction())
  sink.dropConnections()
  const result = await deliver(target([sink]), transaction())
  assert.equal(result.recipients[0]?.outcome, 'delivered')
  assert.equal(sink.connections, 2)
})

test('a connection lost within the content goes to the next hop; one lost after its end may have delivered', async () => {
  const content = Buffer.from(`Subject: x\r\n\r\n${'y'.repeat(70_000)}\r\n`)
  const losing = await sinkWith()
  losing.dropAtContentBytes = 1_000
  const sink = await sinkWith()
  async function* chunks() {
    for (let at = 0; at < content.length; at += 10_000) {
      await new Promise((resolve) => setTimeout(resolve, 5))
      yield content.subarray(at, at + 10_000)
    }
  }
  const elsewhere = await client().deliver(target([losing, sink]), transaction({ content: chunks, contentBytes: content.length }))
  assert.equal(elsewhere.nextHop, sink.address)
  assert.deepEqual(sink.messages[0]?.content, content)

  const silent = await sinkWith({ replies: { content: 'drop' } })
  const unknown = await client().deliver(target([silent, sink]), transaction())
  assert.match(outcomes(unknown)[0] ?? '', /^deferred: 451 4\.4\.2 .*may have been delivered/)
  assert.equal(sink.messages.length, 1)
})

test('a hop that hangs is given up after its stage', async () => {
  const limits = { connectMs: 1_000, greetingMs: 300, commandMs: 300, blockMs: 300, finalMs: 300 }
  for (const stage of ['greeting', 'mail', 'content'] as const) {
    const sink = await sinkWith({ replies: { [stage]: 'hang' } })
    const result = await client({ limits }).deliver(target([sink]), transaction())
    assert.equal(result.recipients[0]?.outcome, 'deferred', stage)
  }
})

test('what the hop cannot take bounces, and is never converted', async () => {
  const sink = await sinkWith({ extensions: ['PIPELINING', 'SIZE 100'] })
  const { deliver } = client()
  const eightBit = Buffer.from('Subject: x\r\n\r\ngr\u00fc\u00dfe\r\n')
  const cases = [
    [transaction({ is8Bit: true }, eightBit), /^bounced: 554 5\.6\.3 /],
    [transaction({ is8Bit: true }, Buffer.from('seven bits\r\n')), /^delivered/],
    [transaction({ needsSmtpUtf8: true }, Buffer.from('x\r\n')), /^bounced: 553 5\.6\.7 /],
    [transaction({}, Buffer.alloc(101, 'x')), /^bounced: 552 5\.3\.4 /],
    [transaction({ recipients: recipients('a@b>\r\nDATA') }, Buffer.from('x\r\n')), /^bounced: 553 5\.1\.3 /],
  ] as const
  for (const [sent, expected] of cases) assert.match(outcomes(await deliver(target([sink]), sent))[0] ?? '', expected)
  assert.equal(sink.messages.length, 1)
})

test('SIZE, BODY, SMTPUTF8 and the DSN parameters go to a hop that takes them', async () => {
  const sink = await sinkWith()
  const sent = transaction({
    is8Bit: true,
    needsSmtpUtf8: true,
    ret: 'HDRS',
    envelopeId: 'QQ+1 2',
    recipients: [
      { index: 0, address: 'k\u00fcnde@example.net', notify: ['FAILURE', 'DELAY'], originalRecipient: 'rfc822;kunde@example.org' },
      { index: 1, address: 'b@example.net', notify: ['NEVER'] },
    ],
  })
  const result = await client().deliver(target([sink]), sent)
  assert.equal(result.takesDsn, true)
  const [message] = sink.messages
  assert.deepEqual(message?.parameters, [`SIZE=${sent.contentBytes}`, 'BODY=8BITMIME', 'SMTPUTF8', 'RET=HDRS', 'ENVID=QQ+2B1+202'])
  assert.deepEqual(
    message?.recipients.map((recipient) => recipient.parameters),
    [['NOTIFY=FAILURE,DELAY', 'ORCPT=rfc822;kunde@example.org'], ['NOTIFY=NEVER']],
  )
})
