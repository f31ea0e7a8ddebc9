import assert from 'node:assert/strict'
import { test } from 'node:test'
import { domainMatcher } from './domain-matcher.ts'
import { toALabel } from './domain-name.ts'

const forms: readonly (readonly [string, string | undefined])[] = [
  ['example.com', 'example.com'],
  ['EXAMPLE.Com.', 'example.com'],
  ['bücher.example', 'xn--bcher-kva.example'],
  ['BÜCHER.example', 'xn--bcher-kva.example'],
  ['xn--BCHER-kva.example', 'xn--bcher-kva.example'],
  ['faß.de', 'xn--fa-hia.de'],
  ['例え。テスト', 'xn--r8jz45g.xn--zckzah'],
  ['_dmarc.example.com', '_dmarc.example.com'],
  ['localhost', 'localhost'],
  ['', undefined],
  ['.', undefined],
  ['a..b', undefined],
  ['.example.com', undefined],
  ['example.com..', undefined],
  ['[192.0.2.1]', undefined],
  ['a/b.example', undefined],
  ['ü/evil.example', undefined],
  ['ü@evil.example', undefined],
  ['ü:25', undefined],
  ['192.0.2.1', undefined],
  ['１.２.３.４', undefined],
  ['-a.example', undefined],
  [`${'a'.repeat(64)}.example`, undefined],
  [`${'a.'.repeat(126)}com`, undefined],
  ['a b.example', undefined],
  ['ex\u00adample.com', 'example.com'],
]

for (const [written, expected] of forms) {
  test(`toALabel(${JSON.stringify(written.slice(0, 40))}) is ${expected}`, () => assert.equal(toALabel(written), expected))
}

test('the matcher answers with the pattern that authorizes', () => {
  const patterns = [
    'example.com',
    '*.example.com',
    '*.deep.example.com',
    'Bücher.example',
    '*.xn--bcher-kva.example',
    'only.example.net',
  ]
  const matcher = domainMatcher(patterns)
  const answers: readonly (readonly [string, string | undefined])[] = [
    ['example.com', 'example.com'],
    ['Example.COM.', 'example.com'],
    ['a.example.com', '*.example.com'],
    ['a.b.example.com', '*.example.com'],
    ['deep.example.com', '*.example.com'],
    ['x.deep.example.com', '*.deep.example.com'],
    ['badexample.com', undefined],
    ['example.com.evil.test', undefined],
    ['com', undefined],
    ['xn--bcher-kva.example', 'Bücher.example'],
    ['BÜCHER.example', 'Bücher.example'],
    ['news.bücher.example', '*.xn--bcher-kva.example'],
    ['only.example.net', 'only.example.net'],
    ['sub.only.example.net', undefined],
    ['', undefined],
    ['[127.0.0.1]', undefined],
  ]
  for (const [domain, expected] of answers) assert.equal(matcher.matches(domain), expected, domain)
  assert.deepEqual(matcher.patterns, patterns)
})

test('a wildcard alone does not authorize its parent', () => {
  const matcher = domainMatcher(['*.example.com'])
  assert.equal(matcher.matches('example.com'), undefined)
  assert.equal(matcher.matches('mail.example.com'), '*.example.com')
})
