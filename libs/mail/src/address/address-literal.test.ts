import assert from 'node:assert/strict'
import { test } from 'node:test'
import { normaliseAddressLiteral } from './address-literal.ts'

const literals: readonly (readonly [string, string | undefined])[] = [
  ['[192.0.2.1]', '[192.0.2.1]'],
  ['[001.02.3.255]', '[1.2.3.255]'],
  ['[192.0.2.256]', undefined],
  ['[192.0.2]', undefined],
  ['[192.0.2.1', undefined],
  ['192.0.2.1', undefined],
  ['[IPv6:2001:DB8:0:0:0:0:0:1]', '[IPv6:2001:db8::1]'],
  ['[ipv6:::1]', '[IPv6:::1]'],
  ['[IPv6:::ffff:192.0.2.1]', '[IPv6:::ffff:c000:201]'],
  ['[IPv6:fe80::1%eth0]', undefined],
  ['[IPv6:1:2:3:4:5:6:7]', undefined],
  ['[2001:db8::1]', undefined],
  ['[x-tag:anything]', undefined],
  ['[]', undefined],
]

for (const [written, expected] of literals) {
  test(`${written} is ${expected}`, () => assert.equal(normaliseAddressLiteral(written), expected))
}
