import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseDate } from './date.ts'
import { readHeaderBlock } from './header-block.ts'
import { protocolKeyword, type ReceivedFacts, receivedField } from './received-field.ts'

const facts: ReceivedFacts = {
  helo: 'app.example.com',
  clientAddress: '192.0.2.7',
  by: 'gw.example.com',
  protocol: { extended: true, smtpUtf8: false, tls: true, authenticated: true },
  id: '0193a1b2-0000-7000-8000-000000000000',
  tls: 'TLSv1.3 TLS_AES_256_GCM_SHA384',
  forRecipient: 'user@example.net',
  date: Date.UTC(2025, 10, 25, 0, 12),
}

const keywords: readonly (readonly [boolean, boolean, boolean, boolean, string])[] = [
  [false, false, false, false, 'SMTP'],
  [true, false, false, false, 'ESMTP'],
  [true, false, true, false, 'ESMTPS'],
  [true, false, false, true, 'ESMTPA'],
  [true, false, true, true, 'ESMTPSA'],
  [true, true, false, false, 'UTF8SMTP'],
  [true, true, true, false, 'UTF8SMTPS'],
  [true, true, false, true, 'UTF8SMTPA'],
  [true, true, true, true, 'UTF8SMTPSA'],
]

for (const [extended, smtpUtf8, tls, authenticated, keyword] of keywords) {
  test(`with ${keyword}`, () => assert.equal(protocolKeyword({ extended, smtpUtf8, tls, authenticated }), keyword))
}

test('the whole field', () =>
  assert.equal(
    receivedField(facts),
    'Received: from app.example.com ([192.0.2.7]) by gw.example.com with ESMTPSA id\r\n' +
      ' 0193a1b2-0000-7000-8000-000000000000 (TLSv1.3 TLS_AES_256_GCM_SHA384) for\r\n' +
      ' <user@example.net>; Tue, 25 Nov 2025 00:12:00 +0000\r\n',
  ))

test('without TLS and with several recipients', () =>
  assert.equal(
    receivedField({ ...facts, clientAddress: '2001:db8::1', tls: undefined, forRecipient: undefined }),
    'Received: from app.example.com ([IPv6:2001:db8::1]) by gw.example.com with\r\n' +
      ' ESMTPSA id 0193a1b2-0000-7000-8000-000000000000;\r\n Tue, 25 Nov 2025 00:12:00 +0000\r\n',
  ))

test('an address that is none is not named', () =>
  assert.doesNotMatch(receivedField({ ...facts, forRecipient: 'x>\r\nBcc: y' }), / for|Bcc/))

test('whatever the client says, it is one field of short lines that ends in our date', () => {
  const hostile = fc.string({
    unit: fc.oneof(fc.constantFrom(...'\r\n ();<>:@"\\\0ü'), fc.string({ minLength: 1, maxLength: 1 })),
    maxLength: 400,
  })
  fc.assert(
    fc.property(hostile, hostile, hostile, hostile, (helo, clientAddress, tls, forRecipient) => {
      const field = receivedField({ ...facts, helo, clientAddress, tls, forRecipient })
      const block = readHeaderBlock(Buffer.from(`${field}\r\n`))
      assert.equal(block.fields.length, 1)
      assert.deepEqual(block.faults, [])
      const value = block.fields[0]?.value ?? ''
      assert.equal(parseDate(value.slice(value.lastIndexOf(';') + 1)), facts.date)
      assert.equal(value.split('(').length, value.split(')').length)
      for (const line of field.split('\r\n')) assert.ok(line.length <= 78 || !line.trim().includes(' '), line)
      for (const line of field.split('\r\n').slice(0, -1)) assert.notEqual(line.trim(), '')
    }),
  )
})
