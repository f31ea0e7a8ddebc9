import assert from 'node:assert/strict'
import { test } from 'node:test'
import { application, message, play } from '../ingress.cases.ts'

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
  ['a@example.com', /^501 /],
  ['<a>', /^501 5\.1\.7 /],
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
    assert.equal((await client.say('RCPT TO:<b@example.org>')).code, 250)
    assert.equal((await client.data(message)).code, 250)
    const received = p.received()[0]?.record.message
    assert.ok(received)
    const { body, smtpUtf8, ret, envelopeId } = received
    assert.deepEqual({ body, smtpUtf8, ret, envelopeId }, { body: '8BITMIME', smtpUtf8: true, ret: 'FULL', envelopeId: 'QQ+1' })
    assert.deepEqual(received.recipients, [
      { index: 0, address: 'b@example.org', notify: ['SUCCESS', 'FAILURE'], originalRecipient: 'rfc822;Bob+x@example.org' },
      { index: 1, address: 'b@example.org' },
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
