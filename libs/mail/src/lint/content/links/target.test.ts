import assert from 'node:assert/strict'
import { test } from 'node:test'
import { anyText } from '@sallyport/testkit/any-text'
import fc from 'fast-check'
import { isPrivateAddress, readAddressHost } from './address-host.ts'
import { readTarget, type Target } from './target.ts'

const nothing: Target = { scheme: '', host: '', port: undefined, userInfo: undefined, addressForm: undefined, isHostEncoded: false }

/** Target, and what of it differs from nothing. */
const rows: readonly (readonly [string, Partial<Target>])[] = [
  ['', {}],
  ['#top', {}],
  ['/path?x=1', {}],
  ['page.html', {}],
  ['https://Example.COM./a', { scheme: 'https', host: 'example.com' }],
  ['HTTP:\\\\example.com\\a', { scheme: 'http', host: 'example.com' }],
  ['ht\ntp://exa\tmple.com', { scheme: 'http', host: 'example.com' }],
  ['\u0001 http:example.com', { scheme: 'http', host: 'example.com' }],
  ['//cdn.example.com/a', { scheme: 'https', host: 'cdn.example.com' }],
  ['www.example.com/a', { scheme: 'http', host: 'www.example.com' }],
  ['example.com:8080/a', { scheme: 'http', host: 'example.com', port: 8080 }],
  ['https://example.com:443', { scheme: 'https', host: 'example.com' }],
  ['https://example.com:80', { scheme: 'https', host: 'example.com', port: 80 }],
  ['https://a@b@example.com/@c', { scheme: 'https', host: 'example.com', userInfo: 'a@b' }],
  ['https://@example.com', { scheme: 'https', host: 'example.com', userInfo: '' }],
  ['https://example.com?a@b', { scheme: 'https', host: 'example.com' }],
  ['https://ex%61mple.com', { scheme: 'https', host: 'example.com', isHostEncoded: true }],
  ['https://ex%zzmple.com', { scheme: 'https', host: 'ex%zzmple.com', isHostEncoded: true }],
  ['https://bücher.example', { scheme: 'https', host: 'xn--bcher-kva.example' }],
  ['http://0x7f.1', { scheme: 'http', host: '127.0.0.1', addressForm: 'disguised' }],
  ['http://[2001:DB8::1]:81/', { scheme: 'http', host: '[2001:db8::1]', port: 81, addressForm: 'ipv6' }],
  ['http://[bad/', { scheme: 'http', host: '[bad' }],
  ['mailto:ann@example.com', { scheme: 'mailto' }],
  ['java\u0000script:x', {}],
  [' javascript:x', { scheme: 'javascript' }],
  ['tel:+491234', { scheme: 'tel' }],
  ['http://', { scheme: 'http' }],
]

for (const [target, differs] of rows) {
  test(`target ${JSON.stringify(target)}`, () => assert.deepEqual(readTarget(target), { ...nothing, ...differs }))
}

const part = fc.oneof(
  fc.nat({ max: 4_294_967_300 }).map(String),
  fc.nat({ max: 300 }).map(String),
  fc.nat({ max: 70_000 }).map((value) => `0x${value.toString(16)}`),
  fc.nat({ max: 300 }).map((value) => `0${value.toString(8)}`),
  fc.constantFrom('0x', '08', 'a', '00'),
)

test('hosts of numbers are read as the URL standard reads them', () => {
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 5 }), (parts) => {
      const host = parts.join('.')
      const known = URL.parse(`http://${host}/`)?.hostname
      const found = readAddressHost(host)
      if (found !== undefined) assert.equal(found.host, known)
      else assert.ok(known === undefined || !/^\d+\.\d+\.\d+\.\d+$/.test(known) || known === host, `${host} is ${known}`)
    }),
    { numRuns: 1_000 },
  )
})

test('any target is read', () => {
  fc.assert(
    fc.property(anyText(20), fc.constantFrom('', 'http://', 'https:\\', '//', 'www.', 'x:'), (text, start) => {
      assert.ok(readTarget(start + text).host.length <= 300)
    }),
  )
})

test('private addresses', () => {
  const found = [
    '10.0.0.1',
    '172.15.0.1',
    '172.31.0.1',
    '192.168.1.1',
    '192.169.1.1',
    '127.0.0.1',
    '100.64.0.1',
    '8.8.8.8',
    '[fe80::1]',
    '[2001:db8::1]',
    '[::1]',
  ]
  assert.deepEqual(found.filter(isPrivateAddress), [
    '10.0.0.1',
    '172.31.0.1',
    '192.168.1.1',
    '127.0.0.1',
    '100.64.0.1',
    '[fe80::1]',
    '[::1]',
  ])
})
