import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { lint, lintRules } from './lint.ts'
import type { LintInput } from './port.ts'
import { type Difference, messageWith } from './rule-cases.ts'

const ids = (input: LintInput): string[] => lint(input).map(({ rule }) => rule.id)

test('an ordinary message has no finding', () => assert.deepEqual(ids(messageWith({})), []))

test('findings come in the order of the rules, with their evidence', () => {
  const findings = lint(messageWith({ fields: { From: 'root@localhost', Subject: '' } }))
  assert.deepEqual(
    findings.map(({ rule, evidence }) => [rule.id, evidence]),
    [
      ['spam.from-unreachable-domain', { address: 'root@localhost' }],
      ['spam.subject-empty', {}],
    ],
  )
})

test('each rule has an id of its own, points, and words', () => {
  assert.equal(new Set(lintRules.map(({ id }) => id)).size, lintRules.length)
  for (const { id, points, text, fix, why, reference } of lintRules) {
    assert.match(id, /^spam(?:\.[a-z0-9]+(?:-[a-z0-9]+)*)$/)
    assert.ok(points >= 0 && points <= 100, id)
    for (const words of [text, why]) assert.match(words, /^\S.*\.$/s, id)
    assert.ok(fix.length > 10 && reference.length > 3, id)
  }
})

/** What is found fits into a record, and travels as JSON. */
function check(difference: Difference): void {
  const input = messageWith(difference)
  for (const { rule, evidence } of lint(input)) {
    const json = JSON.stringify(evidence)
    assert.ok(json.length < 2_000, rule.id)
    for (const value of Object.values(evidence)) {
      assert.ok(['string', 'number', 'boolean'].includes(typeof value) || Array.isArray(value), rule.id)
      if (typeof value === 'number') assert.ok(Number.isFinite(value), rule.id)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: evidence must not have them
      for (const text of [value].flat()) assert.doesNotMatch(String(text), /[\0-\x1f\x7f]/, rule.id)
    }
  }
}

const name = fc.constantFrom(
  ...[
    'From',
    'Sender',
    'Reply-To',
    'To',
    'Cc',
    'Bcc',
    'Subject',
    'Date',
    'Message-ID',
    'In-Reply-To',
    'References',
    'MIME-Version',
  ],
  ...[
    'Content-Type',
    'Content-Disposition',
    'Content-Transfer-Encoding',
    'Content-ID',
    'List-Unsubscribe',
    'List-Id',
    'Precedence',
  ],
  ...['List-Unsubscribe-Post', 'Auto-Submitted', 'Received', 'X-Mailer', 'X-Originating-IP', 'Return-Path'],
)
const value = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        'a@b.example',
        '<',
        '>',
        '"',
        '(',
        ')',
        '\\',
        ',',
        ';',
        ':',
        '=',
        '*0*=',
        '=?utf-8?Q?',
        '?=',
        '=?x?B?',
        '%',
        "''",
      ),
      fc.constantFrom(
        'multipart/mixed',
        'multipart/alternative',
        'text/html',
        'boundary=b',
        'charset=utf-8',
        'base64',
        '; name=',
        '\r\n ',
      ),
      fc.constantFrom(
        'Tue, 25 Nov 2025',
        '09:30:00',
        '+0100',
        'https://',
        'mailto:',
        '\xc3\xbc',
        '\xfc',
        '\0',
        '\x1b',
        '\r',
        '\n',
        '\t',
      ),
      fc.string({ maxLength: 10 }),
    ),
    { maxLength: 12 },
  )
  .map((pieces) => pieces.join(''))
const piece = fc.oneof(
  fc.tuple(name, value).map(([field, text]) => `${field}: ${text}\r\n`),
  fc.constantFrom('\r\n', '--b\r\n', '--b--\r\n', '<html><p>', 'text\r\n', '--', 'Content-Type: multipart/mixed; boundary=b\r\n'),
  value,
)
const envelope = fc.record({
  sender: fc.constantFrom('', 'a@example.com'),
  recipients: fc.array(fc.string(), { maxLength: 3 }),
  isBulk: fc.boolean(),
  isSmtpUtf8: fc.boolean(),
  receivedAt: fc.constantFrom(0, Date.UTC(2025, 10, 25), 8e15),
})

test('never throws on what looks like a message', () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), envelope, (pieces, facts) =>
      check({ content: pieces.join(''), envelope: facts }),
    ),
    { numRuns: 1_500 },
  )
})

test('never throws on any bytes, cut or whole', () => {
  const bytes = fc.uint8Array({ maxLength: 300 }).map((octets) => Buffer.from(octets).toString('latin1'))
  fc.assert(
    fc.property(bytes, envelope, fc.boolean(), (content, facts, isCut) =>
      check({ content, envelope: facts, ...(isCut && { contentBytes: 100_000 }) }),
    ),
    { numRuns: 500 },
  )
})

/** Repeated to the limit of a header; a rule that takes quadratic time on one would take minutes. */
const hostile = [
  '(',
  '"',
  '\\',
  '<',
  '<>',
  '=?',
  '=?a?q?',
  '=?utf-8?Q?a?= ',
  ' ',
  '\r\n ',
  'a',
  'a@',
  ',',
  ';',
  ';a="',
  ';a*0*=',
  '%',
  "'",
]
const hostileFields = [
  'From',
  'To',
  'Subject',
  'Date',
  'Message-ID',
  'References',
  'MIME-Version',
  'Content-Type',
  'List-Unsubscribe',
]

for (const pattern of [
  ...hostile,
  're:',
  '<a@b>',
  '{',
  '10.',
  'f',
  '\xfc',
  ' (',
  '()',
  '( )',
  '1 ',
  '-request',
  ' undefined',
  '%A',
]) {
  test(`60,000 octets of ${JSON.stringify(pattern)}`, { timeout: 60_000 }, () => {
    const text = pattern.repeat(60_000 / pattern.length)
    for (const field of hostileFields)
      check({ content: `${field}: x${text}\r\n\r\n${text}`, envelope: { sender: '', recipients: [text] } })
    check({ content: `Content-Type: text/plain; a=${text.slice(0, 3_900)}\r\n\r\n`, envelope: { isBulk: true } })
  })
}
