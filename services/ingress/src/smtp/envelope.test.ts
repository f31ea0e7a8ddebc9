import assert from 'node:assert/strict'
import { test } from 'node:test'
import { topics } from '@sallyport/contracts'
import { application, message, play, policyDocument } from '../ingress.cases.ts'

test('EHLO names what is offered', async () => {
  const p = await play()
  try {
    const client = await p.client()
    assert.deepEqual(await client.ehlo(), ['PIPELINING', 'SIZE 10000000', '8BITMIME', 'SMTPUTF8', 'ENHANCEDSTATUSCODES', 'DSN'])
  } finally {
    await p.stop()
  }
})

const mails: readonly (readonly [string, RegExp])[] = [
  ['<a@example.com>', /^250 2\.1\.0 /],
  [' <a@example.com>', /^250 /],
  ['<>', /^250 /],
  ['<@relay.example.com:a@example.com>', /^250 /],
  ['<"a > b"@example.com>', /^250 /],
  ['<a@example.com> SIZE=100 BODY=8BITMIME RET=HDRS ENVID=x AUTH=<>', /^250 /],
  ['<a@example.com> SIZE=10000001', /^552 5\.3\.4 /],
  ['<a@example.com> SIZE=x', /^501 5\.5\.4 /],
  ['<a@example.com> SIZE=1 SIZE=2', /^501 5\.5\.4 /],
  ['<a@example.com> BODY=BINARYMIME', /^501 5\.5\.4 /],
  ['<a@example.com> RET=ALL', /^501 /],
  ['<a@example.com> ENVID=a+0D+0A', /^501 /],
  ['<a@example.com> WHAT=EVER', /^555 5\.5\.4 /],
  ['<a@example.com', /^501 5\.5\.4 /],
  ['a@example.com', /^250 /],
  [' a@example.com SIZE=10', /^250 /],
  ['a@example.com>', /^501 /],
  ['a@example.com b@example.com', /^501 /],
  ['', /^501 /],
  ['<a>', /^501 5\.1\.7 the sender address is not valid: it has no @/],
  ['<a@>', /^501 5\.1\.7 /],
  ['<ü@example.com>', /^553 5\.6\.7 /],
  ['<ü@example.com> SMTPUTF8', /^250 /],
  ['<a@bücher.example> SMTPUTF8', /^250 /],
]
test('MAIL', async () => {
  const p = await play({ settings: { maxErrors: 100 } })
  try {
    const client = await p.ready()
    for (const [rest, expected] of mails) {
      assert.match((await client.say(`MAIL FROM:${rest}`)).text, expected, rest)
      await client.say('RSET')
    }
    await client.say('MAIL FROM:<a@example.com>')
    assert.match((await client.say('MAIL FROM:<a@example.com>')).text, /^503 5\.5\.1 /)
  } finally {
    await p.stop()
  }
})

const recipients: readonly (readonly [string, RegExp])[] = [
  ['<b@example.org>', /^250 2\.1\.5 /],
  ['<postmaster>', /^250 /],
  ['c@example.org NOTIFY=NEVER', /^250 /],
  ['<b@example.org> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;b+2Bx@example.org', /^250 /],
  ['<b@example.org> NOTIFY=NEVER,DELAY', /^501 5\.5\.4 /],
  ['<b@example.org> NOTIFY=NOW', /^501 /],
  ['<b@example.org> ORCPT=x', /^501 /],
  ['<b@example.org> SIZE=1', /^555 /],
  ['<>', /^501 5\.1\.3 /],
  ['<b>', /^501 5\.1\.3 /],
  ['<ü@example.org>', /^553 5\.6\.7 /],
]
test('RCPT', async () => {
  const p = await play()
  try {
    const client = await p.ready()
    assert.match((await client.say('RCPT TO:<b@example.org>')).text, /^503 5\.5\.1 /)
    await client.say('MAIL FROM:<a@example.com>')
    for (const [rest, expected] of recipients) assert.match((await client.say(`RCPT TO:${rest}`)).text, expected, rest)
  } finally {
    await p.stop()
  }
})

test('DSN parameters, BODY and SMTPUTF8 are carried, decoded', async () => {
  const p = await play()
  try {
    const client = await p.ready()
    const parameters = 'BODY=8BITMIME SMTPUTF8 RET=FULL ENVID=QQ+2B1'
    assert.equal((await client.say(`MAIL FROM:<a@example.com> ${parameters}`)).code, 250)
    assert.equal((await client.say('RCPT TO:<b@example.org> NOTIFY=success,failure ORCPT=rfc822;Bob+2Bx@example.org')).code, 250)
    assert.equal((await client.say('RCPT TO:<c@example.org>')).code, 250)
    assert.equal((await client.data(message)).code, 250)
    const received = p.received()[0]?.record.message
    assert.ok(received)
    const { body, smtpUtf8, ret, envelopeId } = received
    assert.deepEqual({ body, smtpUtf8, ret, envelopeId }, { body: '8BITMIME', smtpUtf8: true, ret: 'FULL', envelopeId: 'QQ+1' })
    assert.deepEqual(received.recipients, [
      { index: 0, address: 'b@example.org', notify: ['SUCCESS', 'FAILURE'], originalRecipient: 'rfc822;Bob+x@example.org' },
      { index: 1, address: 'c@example.org' },
    ])
    assert.match(Buffer.from(p.decided()[0]?.bytes ?? []).toString(), /with UTF8SMTP\s+id/)
  } finally {
    await p.stop()
  }
})

test('recipients beyond the limit are for another transaction', async () => {
  const p = await play({ applications: [application({ maxRecipients: 2 })] })
  try {
    const client = await p.ready()
    await client.say('MAIL FROM:<a@example.com>')
    assert.equal((await client.say('RCPT TO:<b@example.org>')).code, 250)
    assert.equal((await client.say('RCPT TO:<c@example.org>')).code, 250)
    assert.match((await client.say('RCPT TO:<d@example.org>')).text, /^452 4\.5\.3 /)
    assert.equal((await client.data(message)).code, 250)
    assert.equal(p.decided()[0]?.record.message.recipients.length, 2)
  } finally {
    await p.stop()
  }
})

test('a mailbox that is named twice is one recipient', async () => {
  const p = await play({ applications: [application({ maxRecipients: 2 })] })
  try {
    const client = await p.ready()
    await client.say('MAIL FROM:<a@example.com>')
    for (const address of [
      'b@example.org',
      'b@EXAMPLE.org',
      '@relay.example.com:b@example.org',
      'B@example.org',
      'b@example.org',
    ]) {
      assert.equal((await client.say(`RCPT TO:<${address}>`)).code, 250, address)
    }
    assert.equal((await client.data(message)).code, 250)
    assert.deepEqual(p.decided()[0]?.record.message.recipients, [
      { index: 0, address: 'b@example.org' },
      { index: 1, address: 'B@example.org' },
    ])
  } finally {
    await p.stop()
  }
})

test('`postmaster` is that of the organization', async () => {
  const document = policyDocument([application()], {
    organization: { name: 'Example', domains: ['*.example.com'], networks: ['127.0.0.0/8'] },
  })
  const p = await play({ document })
  try {
    assert.equal((await (await p.ready()).send({ from: 'a@example.com', to: 'Postmaster', content: message })).code, 250)
    assert.equal(p.decided()[0]?.record.message.recipients[0]?.address, 'Postmaster@example.com')
  } finally {
    await p.stop()
  }
})

test('recipients that would not fit into a record are for another transaction', async () => {
  const p = await play({ applications: [application({ maxRecipients: 1_000 })] })
  try {
    const client = await p.ready()
    await client.say('MAIL FROM:<a@example.com>')
    const domain = `${`${'x'.repeat(60)}.`.repeat(3)}example`
    const address = (index: number): string => `${String(index).padStart(8, 'b')}@${domain}`
    const lines = Array.from(
      { length: 1_000 },
      (_, index) => `RCPT TO:<${address(index)}> ORCPT=rfc822;${'o'.repeat(200)}@example.org`,
    )
    const codes = (await client.sayAll(lines)).map(({ text }) => text.slice(0, 9))
    const accepted = codes.indexOf('452 4.5.3')
    assert.ok(accepted > 100)
    assert.deepEqual(new Set(codes.slice(0, accepted)), new Set(['250 2.1.5']))
    assert.equal((await client.data(`X: ${'y'.repeat(60_000)}\r\n${message}`)).code, 250)
    const records = p.ports.bus.records(topics.decided.name)
    assert.ok((records[0]?.value?.byteLength ?? Number.POSITIVE_INFINITY) < 250 * 1024)
    assert.equal(p.decided()[0]?.record.message.recipients.length, accepted)
  } finally {
    await p.stop()
  }
})
