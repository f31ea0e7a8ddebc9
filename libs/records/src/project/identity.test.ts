import assert from 'node:assert/strict'
import { test } from 'node:test'
import { domainOf, identityOf } from './identity.ts'

const cases: readonly (readonly [string, string])[] = [
  ['Invoices@Example.com', 'invoices@example.com'],
  ['', ''],
  ['postmaster', 'postmaster'],
  ['list+bounce-17@example.com', 'list+*@example.com'],
  ['bounce-1234567-jane=example.net@lists.example.com', 'bounce-*-*@lists.example.com'],
  ['msg-0193a1b2c3d4e5f6@example.com', 'msg-*@example.com'],
  ['team42@example.com', 'team42@example.com'],
  ['backfeedbeef@example.com', 'backfeedbeef@example.com'],
  ['report-2026@m2026.example.com', 'report-*@m2026.example.com'],
]
for (const [address, identity] of cases) {
  test(`${address || 'the null sender'} is ${identity || 'itself'}`, () => assert.equal(identityOf(address), identity))
}

test('the domain of an address', () => {
  assert.deepEqual(['a@b.example', '', 'postmaster', '"a@b"@c.example'].map(domainOf), ['b.example', '', '', 'c.example'])
})
