import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { type SmtpSinkOptions, smtpSink, testCertificates } from '@sallyport/testkit'
import { openConnection } from './open-connection.ts'
import { target, testClient, transaction } from './test-target.cases.ts'

const certificates = testCertificates()
const closers: (() => unknown)[] = []
after(() => Promise.all(closers.map((close) => close())))

async function sinkWith(options: SmtpSinkOptions = {}) {
  const sink = await smtpSink(options)
  closers.push(() => sink.stop())
  return sink
}
function client(ca?: string, secret = 'pass word') {
  const made = testClient({ secrets: { read: async () => secret }, ...(ca === undefined ? {} : { ca }) })
  closers.push(() => made.stop())
  return made
}

test('opportunistic: TLS with any certificate where it is offered, plain text where not or where it fails', async () => {
  const tls = await sinkWith({ tls: certificates.stranger })
  const secured = await client().deliver(target([tls]), transaction())
  assert.match(secured.tls ?? '', /^TLSv1\.[23] /)
  assert.equal(tls.messages[0]?.isTls, true)

  const plain = await sinkWith()
  assert.equal((await client().deliver(target([plain]), transaction())).tls, undefined)

  const refusing = await sinkWith({ tls: certificates.server, replies: { starttls: '454 4.7.0 not now' } })
  const fallen = await client().deliver(target([refusing]), transaction())
  assert.equal(fallen.recipients[0]?.outcome, 'delivered')
  assert.equal(fallen.tls, undefined)
})

test('required: verified, and nothing in plain text', async () => {
  const good = await sinkWith({ tls: certificates.server })
  const trusted = await client(certificates.ca).deliver(target([good], { tls: 'required' }), transaction())
  assert.match(trusted.tls ?? '', /^TLS/)

  const stranger = await sinkWith({ tls: certificates.stranger })
  const plain = await sinkWith()
  for (const sink of [stranger, plain]) {
    const result = await client(certificates.ca).deliver(target([sink], { tls: 'required' }), transaction())
    assert.equal(result.recipients[0]?.outcome, 'deferred')
    assert.equal(sink.messages.length, 0)
  }
})

test('implicit: TLS from the first octet, verified', async () => {
  const sink = await sinkWith({ tls: certificates.server, implicitTls: true })
  const result = await client(certificates.ca).deliver(target([sink], { tls: 'implicit' }), transaction())
  assert.equal(result.recipients[0]?.outcome, 'delivered')
  assert.equal((await client().deliver(target([sink], { tls: 'implicit' }), transaction())).recipients[0]?.outcome, 'deferred')
})

test('AUTH with the secret; a wrong one defers; credentials stay out of plain text', async () => {
  const login = { user: 'gateway', secret: 'smarthost' }
  const sink = await sinkWith({ tls: certificates.server, users: { gateway: 'pass word' } })
  const sent = await client(certificates.ca).deliver(target([sink], { ...login, tls: 'required' }), transaction())
  assert.equal(sent.recipients[0]?.outcome, 'delivered')
  assert.equal(sink.messages[0]?.user, 'gateway')

  const both = client(certificates.ca, 'gateway:pass word')
  const joined = await both.deliver(target([sink], { secret: 'both', tls: 'required' }), transaction())
  assert.equal(joined.recipients[0]?.outcome, 'delivered')

  const other = await sinkWith({ tls: certificates.server, users: { gateway: 'another' } })
  const refused = await client().deliver(target([other], login), transaction())
  assert.match(refused.recipients[0]?.reply ?? '', /^451 4\.4\.1 .*535/)

  const plain = await sinkWith({ users: { gateway: 'pass word' } })
  const kept = await client().deliver(target([plain], login), transaction())
  assert.equal(kept.recipients[0]?.outcome, 'deferred')
  assert.ok(!plain.commands.some((command) => command.startsWith('AUTH')))
  const off = await client().deliver(target([plain], { ...login, tls: 'off' }), transaction())
  assert.equal(off.recipients[0]?.outcome, 'delivered')
})

test('the socket is free of its former owner, so that a new version of it cannot answer for us', async () => {
  for (const options of [{}, { tls: certificates.server }]) {
    const sink = await sinkWith(options)
    const opened = await openConnection({
      hop: sink,
      tls: 'opportunistic',
      hostname: 'gateway.example.com',
      connectMs: 1_000,
      greetingMs: 1_000,
    })
    assert.equal(opened.socket.listenerCount('data'), 0)
    assert.equal(opened.socket.listenerCount('timeout'), 0)
    assert.equal(opened.socket.timeout ?? 0, 0)
    assert.equal(opened.offered.pipelining, true)
    opened.socket.destroy()
  }
})
