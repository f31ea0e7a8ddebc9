import assert from 'node:assert/strict'
import { test } from 'node:test'
import { maxInlineBytes } from '@sallyport/contracts'
import fc from 'fast-check'
import { headerValues } from '../header/header-block.ts'
import { headerIdentities } from '../header/identities.ts'
import { isAutomatic } from '../header/is-automatic.ts'
import { buildDsn } from './build-dsn.ts'
import { type DsnFacts, type DsnRecipient, maxReturnedBytes } from './dsn-facts.ts'
import { readReport } from './read-report.ts'

const time = Date.UTC(2025, 10, 25, 0, 12)
const original =
  'From: Ann <ann@example.com>\r\nSubject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=\r\nMessage-ID: <m1@example.com>\r\n\r\nHello\r\n'

const failed: DsnRecipient = {
  finalRecipient: 'bob@example.net',
  originalRecipient: 'rfc822;robert@example.net',
  action: 'failed',
  status: '5.1.1',
  diagnosticCode: '550-5.1.1 <bob@example.net>: no such user here\r\n550 5.1.1 see https://example.net/help',
  remoteMta: 'mx.example.net',
  lastAttempt: time,
}
const delayed: DsnRecipient = {
  finalRecipient: 'eve@example.org',
  action: 'delayed',
  status: '4.4.1',
  willRetryUntil: time + 86_400_000,
}

const facts: DsnFacts = {
  id: '0193a1b2-0000-8000-8000-000000000000',
  date: time,
  reportingMta: 'gw.example.com',
  from: 'MAILER-DAEMON@example.com',
  to: 'ann@example.com',
  originalEnvelopeId: 'QQ314159',
  arrivalDate: time,
  recipients: [failed],
  returned: { kind: 'headers', bytes: Buffer.from(original) },
  smtpUtf8: false,
}

test('the report says what RFC 3464 asks for', () => {
  const made = buildDsn({ ...facts, recipients: [failed, delayed] })
  assert.deepEqual([made.body, made.smtpUtf8], ['7BIT', false])
  const { header, parts, groups } = readReport(made.bytes)
  assert.deepEqual(
    groups.map((group) => Object.fromEntries(group)),
    [
      {
        'reporting-mta': 'dns; gw.example.com',
        'original-envelope-id': 'QQ314159',
        'arrival-date': 'Tue, 25 Nov 2025 00:12:00 +0000',
      },
      {
        'original-recipient': 'rfc822; robert@example.net',
        'final-recipient': 'rfc822; bob@example.net',
        action: 'failed',
        status: '5.1.1',
        'remote-mta': 'dns; mx.example.net',
        'diagnostic-code': 'smtp; 550-5.1.1 <bob@example.net>: no such user here 550 5.1.1 see https://example.net/help',
        'last-attempt-date': 'Tue, 25 Nov 2025 00:12:00 +0000',
      },
      {
        'final-recipient': 'rfc822; eve@example.org',
        action: 'delayed',
        status: '4.4.1',
        'will-retry-until': 'Wed, 26 Nov 2025 00:12:00 +0000',
      },
    ],
  )
  const identities = headerIdentities(header)
  assert.deepEqual(identities.faults, [])
  assert.deepEqual(
    [identities.from[0]?.address, identities.subject, identities.messageId],
    ['MAILER-DAEMON@example.com', 'Undelivered mail returned to sender', '0193a1b2-0000-8000-8000-000000000000@gw.example.com'],
  )
  assert.deepEqual(headerValues(header, 'to'), ['<ann@example.com>'])
  assert.deepEqual(headerValues(header, 'auto-submitted'), ['auto-replied'])
  assert.deepEqual(headerValues(header, 'in-reply-to'), ['<m1@example.com>'])
  assert.ok(isAutomatic(header))
  assert.deepEqual(
    [parts[2]?.type, parts[2]?.body.toString()],
    ['text/rfc822-headers', original.slice(0, original.indexOf('Hello'))],
  )
})

test('people are told who, why, and what to do', () => {
  const text = readReport(buildDsn({ ...facts, recipients: [failed, delayed] }).bytes).parts[0]?.body.toString() ?? ''
  const flat = text.replace(/\s+/g, ' ')
  for (const said of [
    'gw.example.com',
    'Subject: Grüße',
    '<bob@example.net>',
    'you wrote to <robert@example.net>',
    'mx.example.net said: 550-5.1.1',
    'What to do: There is no such address.',
    'has not been delivered yet',
    'We try until Wed, 26 Nov 2025',
  ]) {
    assert.ok(flat.includes(said), said)
  }
  for (const line of text.split('\r\n')) assert.ok(line.length <= 76, line)
})

test('the same facts give the same bytes', () => assert.deepEqual(buildDsn(facts), buildDsn(facts)))

const subjects = [
  ['failed', 'Undelivered mail returned to sender'],
  ['delayed', 'Delayed mail: we go on trying'],
  ['delivered', 'Your mail was delivered'],
  ['relayed', 'Your mail was passed on'],
  ['expanded', 'Your mail was delivered to a list'],
] as const

for (const [action, subject] of subjects) {
  test(`${action} is told in the subject`, () => {
    const { header, groups } = readReport(
      buildDsn({ ...facts, recipients: [{ finalRecipient: 'a@b.example', action, status: '' }] }).bytes,
    )
    assert.equal(headerIdentities(header).subject, subject)
    assert.equal(groups[1]?.get('status'), { failed: '5.0.0', delayed: '4.0.0' }[action as string] ?? '2.0.0')
  })
}

/** Name, returned, smtpUtf8, type and encoding of the returned part, body parameter. */
const latin1 = Buffer.from(original.replace('Hello', 'Gr\xfc\xdfe'), 'latin1')
const rawUtf8 = Buffer.from('From: Jörg <jörg@example.com>\r\n\r\nGrüße\r\n')
const returns: readonly (readonly [string, DsnFacts['returned'], boolean, string, string, string])[] = [
  ['a whole message', { kind: 'full', bytes: Buffer.from(original) }, false, 'message/rfc822', '7bit', '7BIT'],
  ['a whole 8-bit message', { kind: 'full', bytes: latin1 }, false, 'message/rfc822', '8bit', '8BITMIME'],
  ['headers of an 8-bit message', { kind: 'headers', bytes: latin1 }, false, 'text/rfc822-headers', '7bit', '7BIT'],
  ['8-bit headers', { kind: 'headers', bytes: rawUtf8 }, false, 'text/rfc822-headers', 'quoted-printable', '7BIT'],
  ['UTF-8 headers', { kind: 'headers', bytes: rawUtf8 }, true, 'message/global-headers', '8bit', '8BITMIME'],
  ['a whole UTF-8 message', { kind: 'full', bytes: rawUtf8 }, true, 'message/global', '8bit', '8BITMIME'],
  [
    'a message that is too long',
    { kind: 'full', bytes: Buffer.from(original + 'x\r\n'.repeat(maxReturnedBytes / 3)) },
    false,
    'text/rfc822-headers',
    '7bit',
    '7BIT',
  ],
  [
    'a message with a line that is too long',
    { kind: 'full', bytes: Buffer.from(original + 'x'.repeat(999)) },
    false,
    'text/rfc822-headers',
    '7bit',
    '7BIT',
  ],
  ['a message with NUL', { kind: 'full', bytes: Buffer.from(`${original}\0`) }, false, 'text/rfc822-headers', '7bit', '7BIT'],
  [
    'a header with a line that is too long',
    { kind: 'headers', bytes: Buffer.from(`X: ${'x'.repeat(2_000)}\r\n\r\n`) },
    true,
    'text/rfc822-headers',
    'quoted-printable',
    '7BIT',
  ],
]

for (const [name, returned, smtpUtf8, type, encoding, body] of returns) {
  test(`${name} is returned as ${type} in ${encoding}`, () => {
    const made = buildDsn({ ...facts, returned, smtpUtf8 })
    const part = readReport(made.bytes).parts[2]
    assert.deepEqual([part?.type, part?.encoding, made.body], [type, encoding, body])
    const bytes = Buffer.from(returned.bytes)
    const expected = /headers/.test(type) ? bytes.subarray(0, bytes.indexOf('\r\n\r\n') + 4) : bytes
    assert.deepEqual(part?.body, expected)
  })
}

test('a long header is cut behind a line, and the report stays small', () => {
  const long = Buffer.from(`${original.slice(0, -9)}${'X-Long: grün grün\r\n'.repeat(3_000)}\r\nbody`)
  const made = buildDsn({ ...facts, returned: { kind: 'full', bytes: long } })
  const body = readReport(made.bytes).parts[2]?.body.toString() ?? ''
  assert.ok(body.endsWith('X-Long: grün grün\r\n'))
  assert.ok(made.bytes.byteLength < maxInlineBytes)
})

test('RFC 6533: addresses beyond ASCII', () => {
  const recipients: DsnRecipient[] = [{ ...failed, finalRecipient: 'jörg@example.net', originalRecipient: undefined }]
  const ascii = readReport(buildDsn({ ...facts, recipients }).bytes)
  assert.equal(ascii.parts[1]?.type, 'message/delivery-status')
  assert.equal(ascii.groups[1]?.get('final-recipient'), 'utf-8; j\\x{F6}rg@example.net')
  const made = buildDsn({ ...facts, recipients, smtpUtf8: true, to: 'änn@example.com' })
  assert.deepEqual([made.body, made.smtpUtf8], ['8BITMIME', true])
  const global = readReport(made.bytes)
  assert.equal(global.parts[1]?.type, 'message/global-delivery-status')
  assert.equal(global.groups[1]?.get('final-recipient'), 'utf-8; jörg@example.net')
})

test('the boundary occurs in no part', () => {
  const boundary = '--=_0193a1b2-0000-8000-8000-000000000000_0'
  const made = buildDsn({ ...facts, returned: { kind: 'full', bytes: Buffer.from(`${original}${boundary}--\r\n`) } })
  assert.equal(readReport(made.bytes).parts[2]?.body.toString(), `${original}${boundary}--\r\n`)
})

test('whatever others said, it is a well-formed report to one recipient with our header only', () => {
  const hostile = fc.string({
    unit: fc.oneof(
      fc.constantFrom('\r\n', '\n', '\r', ' ', '.', '--', '<', '>', ';', '"', '\0', 'ü', '\ud800', 'Bcc: x@y'),
      fc.string({ minLength: 1, maxLength: 1 }),
    ),
    maxLength: 60,
  })
  const action = fc.constantFrom('failed', 'delayed', 'delivered', 'relayed', 'expanded')
  const recipient = fc.record({
    finalRecipient: hostile.filter((text) => /[!-~]/.test(text)),
    originalRecipient: fc.option(
      fc.tuple(fc.constantFrom('rfc822;', '', 'a b;'), hostile).map((parts) => parts.join('x')),
      { nil: undefined },
    ),
    action,
    status: hostile,
    diagnosticCode: fc.option(hostile, { nil: undefined }),
    remoteMta: fc.option(hostile, { nil: undefined }),
    lastAttempt: fc.constant(time),
    willRetryUntil: fc.constant(time),
  })
  fc.assert(
    fc.property(
      fc.array(recipient, { minLength: 1, maxLength: 3 }),
      hostile,
      hostile,
      fc.uint8Array({ maxLength: 200 }),
      fc.boolean(),
      (recipients, to, envelopeId, bytes, smtpUtf8) => {
        const made = buildDsn({
          ...facts,
          recipients,
          to: `x${to}`,
          from: to,
          originalEnvelopeId: envelopeId,
          smtpUtf8,
          returned: { kind: smtpUtf8 ? 'full' : 'headers', bytes },
        })
        const { header, groups } = readReport(made.bytes)
        assert.equal(groups.length, recipients.length + 1)
        assert.equal(headerValues(header, 'bcc').length, 0)
        assert.equal(headerValues(header, 'to').length, 1)
        if (made.body === '7BIT') assert.ok(made.bytes.every((byte) => byte < 128))
      },
    ),
    { numRuns: 500 },
  )
})
