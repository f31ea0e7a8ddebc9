import assert from 'node:assert/strict'
import { test } from 'node:test'
import { headerValues, readHeaderBlock } from '../header/header-block.ts'
import { headerIdentities } from '../header/identities.ts'
import { ownerDigest } from './owner-digest.ts'
import { buildTextMessage, type TextMessage } from './text-message.ts'
import { transferForm } from './transfer-form.ts'

const message: TextMessage = {
  from: 'Mail Gateway <gateway@example.com>',
  to: ['owner@example.com', 'Jörg <joerg@example.com>'],
  subject: 'Grüße',
  text: 'Hello\n\nfrom here\n',
  date: Date.UTC(2025, 10, 25),
  id: '0193a1b2-0000-8000-8000-000000000000',
}

test('a plain message', () => {
  const made = buildTextMessage(message)
  assert.equal(
    Buffer.from(made.bytes).toString(),
    'Date: Tue, 25 Nov 2025 00:00:00 +0000\r\nFrom: Mail Gateway <gateway@example.com>\r\n' +
      'To: <owner@example.com>, =?utf-8?B?SsO2cmc=?= <joerg@example.com>\r\nSubject: =?utf-8?B?R3LDvMOfZQ==?=\r\n' +
      'Message-ID: <0193a1b2-0000-8000-8000-000000000000@example.com>\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n' +
      'Content-Type: text/plain; charset=us-ascii\r\nContent-Transfer-Encoding: 7bit\r\n\r\nHello\r\n\r\nfrom here\r\n',
  )
  assert.deepEqual([made.body, made.smtpUtf8], ['7BIT', false])
})

const bodies: readonly (readonly [string, string, string])[] = [
  ['UTF-8', 'Grüße', 'Gr=C3=BC=C3=9Fe\r\n'],
  ['lines that begin as mbox or dot', 'From x\n.y', '=46rom x\r\n=2Ey\r\n'],
  ['a line over 998 octets', 'x'.repeat(1_000), `${`${'x'.repeat(75)}=\r\n`.repeat(13)}${'x'.repeat(25)}\r\n`],
]

for (const [name, text, body] of bodies) {
  test(`${name} travels as quoted-printable`, () => {
    const made = buildTextMessage({ ...message, text })
    const block = readHeaderBlock(made.bytes)
    assert.deepEqual(headerValues(block, 'content-transfer-encoding'), ['quoted-printable'])
    assert.equal(Buffer.from(made.bytes).subarray(block.headerBytes).toString(), body)
    assert.equal(transferForm(made.bytes), '7bit')
  })
}

test('nothing that is given can add a field', () => {
  const evil = 'x\r\nBcc: evil@example.net\r\n\r\nbody'
  const made = buildTextMessage({
    ...message,
    from: `gateway@example.com${evil}`,
    to: [`owner@example.com`, evil],
    subject: evil,
    id: evil,
    headers: { 'X-Note': evil, 'Bcc: y\r\nX': 'z', 'X Y': 'z' },
  })
  const block = readHeaderBlock(made.bytes)
  assert.deepEqual(
    block.fields.map((field) => field.lowerName),
    [
      'date',
      'from',
      'to',
      'subject',
      'message-id',
      'auto-submitted',
      'x-note',
      'mime-version',
      'content-type',
      'content-transfer-encoding',
    ],
  )
  assert.deepEqual(block.faults, [])
  assert.equal(Buffer.from(made.bytes).subarray(block.headerBytes).toString(), 'Hello\r\n\r\nfrom here\r\n')
})

test('an address beyond ASCII needs SMTPUTF8', () => {
  const made = buildTextMessage({ ...message, to: ['jörg@bücher.example'] })
  assert.deepEqual([made.body, made.smtpUtf8], ['8BITMIME', true])
  assert.deepEqual(headerValues(readHeaderBlock(made.bytes), 'to'), ['<jörg@xn--bcher-kva.example>'])
})

test('the owner is told which messages, to whom, and why', () => {
  const made = ownerDigest({
    id: message.id,
    date: message.date,
    from: 'MAILER-DAEMON@example.com',
    owner: 'billing-team@example.com',
    application: 'billing',
    gateway: 'gw.example.com',
    total: 7,
    messages: [
      {
        id: '0193a1b2-0000-7000-8000-000000000001',
        sender: '',
        recipients: Array.from({ length: 8 }, (_, index) => `user${index}@example.net`),
        reply: '550 5.1.1 no such user\r\nsecond line',
        date: message.date,
      },
    ],
  })
  const identities = headerIdentities(readHeaderBlock(made.bytes))
  assert.deepEqual(identities.faults, [])
  assert.equal(identities.subject, '7 undeliverable messages of billing')
  const text = Buffer.from(made.bytes).toString()
  for (const said of [
    '0193a1b2-0000-7000-8000-000000000001',
    '<user0@example.net>',
    'and 3 more',
    '550 5.1.1 no such user',
    'and 6 more',
  ]) {
    assert.ok(text.includes(said), said)
  }
  assert.equal(transferForm(made.bytes), '7bit')
})
