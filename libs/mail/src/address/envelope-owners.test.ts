import assert from 'node:assert/strict'
import { test } from 'node:test'
import { recipientDomain, senderNames } from './envelope-owners.ts'

for (const [address, domain] of [
  ['a@MAIL.Example.CO.UK', 'example.co.uk'],
  ['a@bücher.example', 'xn--bcher-kva.example'],
  ['a@x.partner.uk.com', 'partner.uk.com'],
  ['a@co.uk', 'co.uk'],
  ['"a@b"@one.example', 'one.example'],
  ['a@[IPv6:2001:db8::1]', '[ipv6:2001:db8::1]'],
  ['postmaster', 'localhost'],
] as const) {
  test(`${address} is of ${domain}`, () => {
    assert.equal(recipientDomain(address), domain)
    assert.equal(recipientDomain(address), domain)
  })
}

for (const [written, sender, domain] of [
  ['', '<>', '<>'],
  ['"info"@Example.com', 'info@example.com', 'example.com'],
  ['Grüße@Bücher.example', 'grüße@xn--bcher-kva.example', 'xn--bcher-kva.example'],
  ['not an address', 'not an address', 'not an address'],
] as const) {
  test(`the sender "${written}" counts as ${sender}`, () => {
    assert.deepEqual(senderNames(written), { sender, domain })
  })
}
