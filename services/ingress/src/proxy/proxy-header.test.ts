import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { networks, plainAddress } from './networks.ts'
import { parseProxyHeader } from './proxy-header.ts'

const signature = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1')

/** Version 2 with this command, family and body. */
function v2(versionAndCommand: number, family: number, body: Uint8Array): Buffer {
  const head = Buffer.alloc(4)
  head.writeUInt8(versionAndCommand, 0)
  head.writeUInt8(family, 1)
  head.writeUInt16BE(body.length, 2)
  return Buffer.concat([signature, head, body])
}

const ipv4Body = Buffer.from([192, 0, 2, 7, 10, 0, 0, 1, 0x30, 0x39, 0, 25])
const ipv6Body = Buffer.concat([
  Buffer.from('20010db8000000000000000000000007', 'hex'),
  Buffer.alloc(16),
  Buffer.from([0x30, 0x39, 0, 25]),
])
const mappedBody = Buffer.concat([
  Buffer.from('00000000000000000000ffffc0000207', 'hex'),
  Buffer.alloc(16),
  Buffer.from([0x30, 0x39, 0, 25]),
])
const tlv = Buffer.from([0x04, 0, 3, 1, 2, 3])

const source = (address: string, port = 12345) => ({ address, port })
const whole: readonly (readonly [what: string, header: Buffer, source: unknown])[] = [
  ['v1 TCP4', Buffer.from('PROXY TCP4 192.0.2.7 10.0.0.1 12345 25\r\n'), source('192.0.2.7')],
  ['v1 TCP6', Buffer.from('PROXY TCP6 2001:db8::7 2001:db8::1 12345 25\r\n'), source('2001:db8::7')],
  ['v1 UNKNOWN', Buffer.from('PROXY UNKNOWN\r\n'), undefined],
  ['v1 UNKNOWN with addresses', Buffer.from('PROXY UNKNOWN ffff::1 ffff::2 1 2\r\n'), undefined],
  ['v2 LOCAL', v2(0x20, 0, Buffer.alloc(0)), undefined],
  ['v2 LOCAL with addresses', v2(0x20, 0x11, ipv4Body), undefined],
  ['v2 TCP4', v2(0x21, 0x11, ipv4Body), source('192.0.2.7')],
  ['v2 TCP4 with TLVs', v2(0x21, 0x11, Buffer.concat([ipv4Body, tlv])), source('192.0.2.7')],
  ['v2 TCP6', v2(0x21, 0x21, ipv6Body), source('2001:db8::7')],
  ['v2 IPv4 in IPv6', v2(0x21, 0x21, mappedBody), source('192.0.2.7')],
]

for (const [what, header, expected] of whole) {
  test(`reads ${what}, and waits for each byte of it`, () => {
    const result = { state: 'whole', headerBytes: header.length, source: expected }
    assert.deepEqual(parseProxyHeader(header), result)
    assert.deepEqual(parseProxyHeader(Buffer.concat([header, Buffer.from('EHLO x\r\n')])), result)
    for (let length = 1; length < header.length; length++) {
      assert.deepEqual(parseProxyHeader(header.subarray(0, length)), { state: 'incomplete' })
    }
  })
}

const invalid: readonly (readonly [what: string, header: Buffer])[] = [
  ['no header', Buffer.from('EHLO example.com\r\n')],
  ['lower case', Buffer.from('proxy TCP4 192.0.2.7 10.0.0.1 12345 25\r\n')],
  ['another family', Buffer.from('PROXY UDP4 192.0.2.7 10.0.0.1 12345 25\r\n')],
  ['an address of the other family', Buffer.from('PROXY TCP4 ::1 10.0.0.1 12345 25\r\n')],
  ['a host name', Buffer.from('PROXY TCP4 localhost 10.0.0.1 12345 25\r\n')],
  ['a port that is too high', Buffer.from('PROXY TCP4 192.0.2.7 10.0.0.1 65536 25\r\n')],
  ['no ports', Buffer.from('PROXY TCP4 192.0.2.7 10.0.0.1\r\n')],
  ['something behind', Buffer.from('PROXY TCP4 192.0.2.7 10.0.0.1 12345 25 x\r\n')],
  ['a line that never ends', Buffer.from(`PROXY UNKNOWN ${'x'.repeat(200)}`)],
  ['version 1 in the binary form', v2(0x11, 0x11, ipv4Body)],
  ['an unknown command', v2(0x22, 0x11, ipv4Body)],
  ['UDP', v2(0x21, 0x12, ipv4Body)],
  ['UNIX', v2(0x21, 0x31, Buffer.alloc(216))],
  ['addresses that are cut', v2(0x21, 0x11, ipv4Body.subarray(0, 11))],
  ['a length beyond reason', v2(0x21, 0x11, Buffer.alloc(5000))],
]

for (const [what, header] of invalid) {
  test(`refuses ${what}`, () => assert.equal(parseProxyHeader(header).state, 'invalid'))
}

test('never throws, whatever comes', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void parseProxyHeader(Buffer.from(bytes))))
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void parseProxyHeader(Buffer.concat([signature, bytes]))))
  fc.assert(fc.property(fc.string(), (text) => void parseProxyHeader(Buffer.from(`PROXY ${text}`))))
})

test('networks hold addresses of both families, in any spelling', () => {
  const list = networks(['10.0.0.0/8', '192.0.2.7', '2001:db8::/32'], 'proxy')
  const isIn = { '10.9.8.7': true, '11.0.0.1': false, '192.0.2.7': true, '192.0.2.8': false, '::ffff:10.1.1.1': true }
  for (const [address, expected] of Object.entries({ ...isIn, '2001:DB8:1::1': true, '2001:db9::1': false, '': false })) {
    assert.equal(list.includes(address), expected, address)
  }
  assert.throws(() => networks(['10.0.0.0/8', 'ten', '1.2.3.4/33'], 'smtp.proxy'), /smtp\.proxy: ten, 1\.2\.3\.4\/33/)
  assert.equal(plainAddress('fe80::1%eth0'), 'fe80::1')
})
