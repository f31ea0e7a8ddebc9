import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { messageWith } from '../rule-cases.ts'
import { contentRules } from './index.ts'

test('every rule says what it is, and each id is there once', () => {
  for (const rule of contentRules) {
    assert.match(rule.id, /^spam\.[a-z]+(?:-[a-z]+)*$/)
    assert.ok(rule.points >= 0 && rule.points <= 20, rule.id)
    for (const text of [rule.text, rule.fix, rule.why]) assert.match(text, /^[A-Zahj].*\.$/s, rule.id)
    assert.notEqual(rule.reference, '')
  }
  assert.equal(new Set(contentRules.map(({ id }) => id)).size, contentRules.length)
})

const size = 60_000
const times = (text: string): string => text.repeat(Math.ceil(size / text.length)).slice(0, size)
/** What a pattern that looks twice at the same characters would choke on. */
const hostile = [
  'a',
  ' ',
  '.',
  '!',
  '(',
  ')',
  'http://',
  'http://x)',
  'www.',
  'a.',
  '%',
  '@',
  'http://a@',
  '://',
  ':',
  '<',
  '"',
  '{',
  'xn--',
  '0.',
  'é',
  'A ',
  '/',
]

for (const text of hostile) {
  test(`60,000 characters of ${JSON.stringify(text)}`, () => {
    const many = times(text)
    const html = 'MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n'
    const type = (name: string): string =>
      `MIME-Version: 1.0\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; filename="${name}"\r\n`
    const inputs = [
      messageWith({ body: many }),
      messageWith({ body: `http://example.com/${many}` }),
      messageWith({ lines: html, body: many }),
      messageWith({ lines: html, body: `<a href="${many}">${many}</a><img src="${many}" style="${many}"><p hidden>${many}` }),
      messageWith({ lines: html, body: `<a href='http://${many}'>www.${many}</a><style>${many}</style>` }),
      messageWith({ lines: type('a.pdf'), body: `%PDF-${many}` }),
      messageWith({ lines: type('a.svg'), body: `<svg>${many}` }),
      messageWith({ lines: type('a.zip'), body: `PK\x03\x04${many}PK\x05\x06${many.slice(0, 30)}` }),
      messageWith({ lines: type(many.replaceAll('"', "'")), body: 'x' }),
    ]
    for (const input of inputs) for (const rule of contentRules) rule.find(input)
  })
}

test('no rule throws, whatever the bytes of an attachment', () => {
  const beginning = fc.constantFrom(
    '',
    'PK\x03\x04',
    'PK\x05\x06',
    'MZ',
    '%PDF-',
    'Rar!\x1a\x07\x00',
    'Rar!\x1a\x07\x01',
    '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1',
    '{\\rt',
    'BM',
  )
  fc.assert(
    fc.property(beginning, fc.uint8Array({ maxLength: 200 }), fc.boolean(), (start, bytes, isEnded) => {
      const data = Buffer.concat([
        Buffer.from(start, 'latin1'),
        bytes,
        Buffer.from(isEnded ? 'PK\x05\x06' : '', 'latin1'),
        bytes.slice(0, 30),
      ])
      const input = messageWith({
        lines: 'MIME-Version: 1.0\r\nContent-Type: application/zip; name="a.zip"\r\nContent-Transfer-Encoding: base64\r\n',
        body: data.toString('base64'),
      })
      for (const rule of contentRules) rule.find(input)
    }),
    { numRuns: 500 },
  )
})
