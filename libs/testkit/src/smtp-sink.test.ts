import assert from 'node:assert/strict'
import { afterEach, test } from 'node:test'
import { eventually } from './eventually.ts'
import { type SmtpClient, smtpClient } from './smtp-client.ts'
import { type SmtpSink, type SmtpSinkOptions, smtpSink } from './smtp-sink.ts'
import { testCertificates } from './test-certificates.ts'

const open: { stop(): Promise<void> }[] = []
afterEach(async () => {
  for (const thing of open.splice(0)) await thing.stop()
})

async function pair(options: SmtpSinkOptions = {}): Promise<{ sink: SmtpSink; client: SmtpClient }> {
  const sink = await smtpSink(options)
  open.push(sink)
  const { ca } = testCertificates()
  const client = await smtpClient({
    port: sink.port,
    ...(options.implicitTls ? { implicitTls: { ca, servername: 'localhost' } } : {}),
  })
  return { sink, client }
}

test('keeps envelope, parameters and the exact content', async () => {
  const { sink, client } = await pair()
  assert.deepEqual(await client.ehlo('me.test'), ['PIPELINING', '8BITMIME', 'SMTPUTF8', 'DSN', 'ENHANCEDSTATUSCODES', 'SIZE'])
  const content = Buffer.from('.a: b\r\n\r\n.\r\n..two\r\nbare \n. and \r\0\xff\r\n', 'latin1')
  const replies = await client.sayAll(['MAIL FROM:<a@b.test> SIZE=10 BODY=8BITMIME', 'RCPT TO:<c@d.test> NOTIFY=NEVER'])
  assert.deepEqual(
    replies.map((reply) => [reply.code, reply.enhanced]),
    [
      [250, '2.1.0'],
      [250, '2.1.5'],
    ],
  )
  assert.equal((await client.data(content)).code, 250)
  assert.equal((await client.send({ from: '', to: ['x@y.test'], content: 'S: 2\r\n\r\n' })).code, 250)
  await client.quit()
  const [first, second] = sink.messages
  assert.deepEqual(first?.content, content)
  assert.deepEqual([first?.sender, first?.parameters, first?.helo], ['a@b.test', ['SIZE=10', 'BODY=8BITMIME'], 'me.test'])
  assert.deepEqual(first?.recipients, [{ address: 'c@d.test', parameters: ['NOTIFY=NEVER'] }])
  assert.equal(second?.sender, '')
  assert.equal(sink.connections, 1)
  await eventually(() => sink.openConnections === 0)
})

test('content in any pieces, of any size', async () => {
  const { sink, client } = await pair()
  await client.sayAll(['EHLO x', 'MAIL FROM:<a@b>', 'RCPT TO:<c@d>', 'DATA'])
  for (const byte of 'a\r\n..b\r\n.\r') {
    await client.write(byte)
    await new Promise((resolve) => setImmediate(resolve))
  }
  await client.write('\n')
  assert.equal((await client.read()).code, 250)
  assert.equal(sink.messages[0]?.content.toString(), 'a\r\n.b\r\n')
  const large = Buffer.alloc(3_000_000, 'x\r\n..\r\n')
  assert.equal((await client.send({ from: 'a@b', to: 'c@d', content: Buffer.concat([large, Buffer.from('\r\n')]) })).code, 250)
  assert.equal(sink.messages[1]?.content.equals(Buffer.concat([large, Buffer.from('\r\n')])), true)
  client.destroy()
})

test('scripted replies by stage and by recipient, one refusal does not spoil the others', async () => {
  const { sink, client } = await pair({
    replies: { rcpt: (address) => (address.startsWith('no') ? '550 5.1.1 Unknown' : undefined) },
  })
  sink.recipientReplies.set('later@d', '450-4.2.0 Try\n450 4.2.0 later')
  await client.ehlo()
  await client.say('MAIL FROM:<a@b>')
  assert.equal((await client.say('RCPT TO:<no@d>')).code, 550)
  assert.deepEqual(await client.say('RCPT TO:<later@d>'), {
    code: 450,
    enhanced: '4.2.0',
    lines: ['4.2.0 Try', '4.2.0 later'],
    text: '450-4.2.0 Try\n450 4.2.0 later',
  })
  assert.equal((await client.say('RCPT TO:<yes@d>')).code, 250)
  sink.replies.content = { afterMs: 5, reply: '554 5.6.0 No' }
  assert.equal((await client.data('x')).code, 554)
  assert.equal(sink.messages.length, 0)
  sink.replies.mail = '421 4.3.2 Closing'
  assert.equal((await client.say('MAIL FROM:<a@b>')).code, 421)
  await client.closed
})

test('hangs and drops', async () => {
  const { sink, client } = await pair({ replies: { mail: 'drop' } })
  await client.ehlo()
  await assert.rejects(client.say('MAIL FROM:<a@b>'), /closed|ECONNRESET/)
  sink.replies.mail = undefined
  sink.dropAtContentBytes = 10
  const second = await smtpClient({ port: sink.port })
  await second.sayAll(['EHLO x', 'MAIL FROM:<a@b>', 'RCPT TO:<c@d>', 'DATA'])
  await second.write('0123456789')
  await second.closed
  sink.replies.greeting = 'hang'
  await assert.rejects(smtpClient({ port: sink.port, timeoutMs: 30 }), /no reply within 30 ms/)
  assert.equal(sink.connections, 3)
  assert.equal(sink.messages.length, 0)
})

test('STARTTLS, implicit TLS and AUTH', async () => {
  const { ca, server } = testCertificates()
  const { sink, client } = await pair({ tls: server, users: { app: 'secret' } })
  assert.ok((await client.ehlo()).includes('STARTTLS'))
  await client.startTls({ ca })
  assert.ok(!(await client.ehlo()).includes('STARTTLS'))
  assert.equal((await client.say('MAIL FROM:<a@b>')).code, 530)
  assert.equal((await client.authLogin('app', 'wrong')).code, 535)
  assert.equal((await client.authLogin('app', 'secret')).code, 235)
  assert.equal((await client.send({ from: 'a@b', to: 'c@d', content: 'hi' })).code, 250)
  assert.deepEqual([sink.messages[0]?.isTls, sink.messages[0]?.user], [true, 'app'])
  const implicit = await pair({ tls: server, implicitTls: true, users: { app: 'secret' } })
  await implicit.client.ehlo()
  assert.equal((await implicit.client.authPlain('app', 'secret')).code, 235)
  assert.equal((await implicit.client.send({ from: 'a@b', to: 'c@d', content: 'hi' })).code, 250)
  assert.equal(implicit.sink.messages[0]?.isTls, true)
})
