import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readHeaderBlock } from './header-block.ts'
import { headerIdentities } from './identities.ts'

const rest = 'Date: Tue, 25 Nov 2025 00:12:00 +0000\r\nMessage-ID: <m@x.example>\r\n'
const identities = (header: string) => headerIdentities(readHeaderBlock(Buffer.from(`${header}\r\n`)))
const addresses = (mailboxes: readonly { readonly address: string }[]): string[] => mailboxes.map((mailbox) => mailbox.address)

test('a well-formed header', () => {
  const found = identities(
    `FROM: Ann <a@x.example>\r\nSender: s@x.example\r\nReply-To: r@x.example, q@x.example\r\nSubject: =?utf-8?Q?gr=C3=BCn?=\r\n and more\r\n${rest}`,
  )
  assert.deepEqual(found, {
    from: [{ display: 'Ann', address: 'a@x.example', localPart: 'a', aDomain: 'x.example' }],
    fromFieldCount: 1,
    sender: { display: '', address: 's@x.example', localPart: 's', aDomain: 'x.example' },
    replyTo: [
      { display: '', address: 'r@x.example', localPart: 'r', aDomain: 'x.example' },
      { display: '', address: 'q@x.example', localPart: 'q', aDomain: 'x.example' },
    ],
    subject: 'grün and more',
    messageId: 'm@x.example',
    date: Date.UTC(2025, 10, 25, 0, 12),
    faults: [],
    headerFaults: [],
  })
})

/** Header before Date and Message-ID, From addresses, faults. */
const rows: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ['', [], ['missing-from']],
  ['X-From: a@x.example\r\n', [], ['missing-from']],
  ['From: a@x.example\r\nFrom: b@y.example\r\n', ['a@x.example', 'b@y.example'], ['several-from', 'missing-sender']],
  ['From: a@x.example\r\nfrom : b@y.example\r\nSender: a@x.example\r\n', ['a@x.example', 'b@y.example'], ['several-from']],
  ['From: a@x.example\r\nFrom:\r\n', ['a@x.example'], ['several-from', 'from-unparsable']],
  ['From:\r\n', [], ['from-unparsable']],
  ['From: Ann\r\n', [], ['from-unparsable']],
  ['From: undisclosed:;\r\n', [], ['from-unparsable']],
  ['From: a@x.example, nonsense\r\n', ['a@x.example'], ['from-unparsable']],
  ['From: a@x.example <b@y.example>\r\n', ['b@y.example'], ['from-unparsable']],
  ['From: <@r:a@x.example>\r\n', ['a@x.example'], ['from-obsolete']],
  ['From: a@x.example,\r\n b@y.example\r\n', ['a@x.example', 'b@y.example'], ['missing-sender']],
  ['From: a@x.example\r\nSender: s@x.example, t@x.example\r\n', ['a@x.example'], ['sender-unparsable']],
  ['From: a@x.example\r\nSender: s\r\n', ['a@x.example'], ['sender-unparsable']],
  ['From: a@x.example\r\nSender: s@x.example\r\nSender: t@x.example\r\n', ['a@x.example'], ['several-sender']],
  ['From: a@x.example\r\nReply-To: \r\n', ['a@x.example'], ['reply-to-unparsable']],
  ['From: a@x.example\r\nReply-To: a@x.example\r\nReply-To: b@x.example\r\n', ['a@x.example'], ['several-reply-to']],
  ['From: a@x.example\r\nSubject: a\r\nSubject: b\r\n', ['a@x.example'], ['several-subject']],
  ['From: a@x.example\r\nDate: x\r\n', ['a@x.example'], ['several-date', 'date-unparsable']],
  ['From: a@x.example\r\nMessage-ID: x\r\n', ['a@x.example'], ['several-message-id', 'message-id-unparsable']],
]

for (const [header, from, faults] of rows) {
  test(JSON.stringify(header), () => {
    const found = identities(header + rest)
    assert.deepEqual(addresses(found.from), from)
    assert.deepEqual([...found.faults].sort(), [...faults].sort())
  })
}

test('Date and Message-ID are missed', () =>
  assert.deepEqual([...identities('From: a@x.example\r\n').faults].sort(), ['missing-date', 'missing-message-id']))

test('never throws', () => {
  const line = fc.tuple(
    fc.constantFrom('From', 'Sender', 'Reply-To', 'Subject', 'Date', 'Message-ID'),
    fc.string({ unit: fc.constantFrom(...'a@b.<>,:;"() \0=?') }),
  )
  fc.assert(
    fc.property(fc.array(line), (lines) => {
      const found = identities(lines.map(([name, value]) => `${name}: ${value}\r\n`).join(''))
      assert.equal(found.fromFieldCount, lines.filter(([name]) => name === 'From').length)
      if (found.from.length === 0) assert.ok(found.faults.includes('missing-from') || found.faults.includes('from-unparsable'))
    }),
  )
})
