import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CheckContext, CheckInput, CheckResult } from '@sallyport/checker'
import type { Message } from '@sallyport/contracts'
import { headerIdentities, readHeaderBlock } from '@sallyport/mail'
import { compilePolicy } from '@sallyport/policy'
import { silentLogger } from '@sallyport/testkit'
import { anyText } from '@sallyport/testkit/any-text'
import fc from 'fast-check'
import { domainChecker } from './check.ts'

const policy = compilePolicy(
  {
    organization: { name: 'Example', domains: ['example.com', '*.example.net'] },
    applications: [{ name: 'billing', owner: 'billing-team@example.com', from: {} }],
    routes: { default: { capture: true } },
  },
  1,
)
const application = policy.application('billing')
assert.ok(application)
const context: CheckContext = {
  policy,
  application,
  settings: application.settings('domain'),
  signal: new AbortController().signal,
  log: silentLogger(),
}

async function judge(sender: string, header: Uint8Array): Promise<CheckResult> {
  const headerBlock = readHeaderBlock(header)
  const message: Message = {
    id: '0198c0de-0000-7000-8000-000000000000',
    application: 'billing',
    policyRevision: 1,
    traceparent: '',
    receivedAt: 0,
    client: { address: '10.0.0.1', helo: '' },
    sender,
    recipients: [{ index: 0, address: 'customer@partner.example' }],
  }
  const input: CheckInput = {
    message,
    content: { kind: 'inline', contentBytes: header.byteLength, headerBytes: header.byteLength },
    headerBytes: header,
    headerBlock,
    identities: headerIdentities(headerBlock),
    inlineContent: header,
    async *readContent() {
      yield header
    },
  }
  return await domainChecker.check(input, context)
}

const ours = fc.constantFrom('example.com', 'EXAMPLE.com', 'a.example.net', 'b.c.example.net')
const theirs = fc.constantFrom('example.org', 'example.net', 'evil-example.com', 'com', 'example.com.evil.example', '[192.0.2.1]')
const localPart = fc.constantFrom('ann', 'bob+tag', '"a b"', '"x@example.com"', 'jürgen')
const display = fc.constantFrom('', 'Ann ', '"Ann, Bob" ', '=?utf-8?Q?J=C3=BCrgen?= ', '"ann@example.com" ', '(ann@example.com) ')
const mailbox = (domain: fc.Arbitrary<string>) =>
  fc.tuple(display, localPart, domain).map(([name, local, at]) => (name === '' ? `${local}@${at}` : `${name}<${local}@${at}>`))
const separator = fc.constantFrom(', ', ',', ',\r\n ', ', (x)\r\n\t')

test('a message with one stranger among its senders never passes, wherever it stands', async () => {
  const places = fc.record({
    before: fc.array(mailbox(ours), { maxLength: 3 }),
    stranger: mailbox(theirs),
    after: fc.array(mailbox(ours), { maxLength: 3 }),
  })
  await fc.assert(
    fc.asyncProperty(places, separator, async ({ before, stranger, after }, between) => {
      const from = [...before, stranger, ...after].join(between)
      assert.equal((await judge('ann@example.com', Buffer.from(`From: ${from}\r\n\r\n`))).outcome, 'fail', from)
    }),
  )
})

test('a message whose senders are all ours passes, however they are written', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(mailbox(ours), { minLength: 1, maxLength: 5 }), separator, async (mailboxes, between) => {
      const from = mailboxes.join(between)
      const { outcome, reasons } = await judge('ann@example.com', Buffer.from(`From: ${from}\r\nSender: ann@example.com\r\n\r\n`))
      assert.equal(outcome, 'pass', `${from}: ${reasons.map(({ rule }) => rule)}`)
    }),
  )
})

test('no header and no envelope makes the check throw, and none passes without a sender that is ours', async () => {
  const noise = fc.oneof(
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.concat([Buffer.from('From: '), bytes])),
    anyText(100).map((text) => Buffer.from(`From: ${text}\r\nReply-To: ${text}\r\n\r\n`)),
  )
  await fc.assert(
    fc.asyncProperty(anyText(80), noise, async (sender, header) => {
      const { outcome, reasons } = await judge(sender, header)
      assert.ok(outcome === 'fail' ? reasons.length > 0 : outcome === 'pass')
      if (outcome === 'pass') {
        const { from } = headerIdentities(readHeaderBlock(header))
        assert.ok(from.length > 0 && from.every(({ aDomain }) => application.authorizedDomains.matches(aDomain)))
      }
    }),
  )
})

test('what is said of a message is bounded, however long its fields are', async () => {
  const many = Array.from({ length: 900 }, (_, index) => `${'n'.repeat(40)}${index}@stranger${index}.example`).join(',\r\n ')
  const { reasons } = await judge(`${'x'.repeat(60)}@partner.example`, Buffer.from(`From: ${many}\r\nReply-To: ${many}\r\n\r\n`))
  assert.ok(JSON.stringify(reasons).length < 16_000)
})
