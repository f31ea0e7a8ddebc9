import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readParameterized } from './parameters.ts'

/** A field value, the type, and the parameters. */
const cases: readonly (readonly [value: string, type: string, parameters: Readonly<Record<string, string>>])[] = [
  ['text/plain', 'text/plain', {}],
  ['TEXT/Plain; Charset=US-ASCII', 'text/plain', { charset: 'US-ASCII' }],
  [' text / plain ;charset = "utf-8" ', 'text/plain', { charset: 'utf-8' }],
  ['(one (two)) text(3)/(4)plain(5); (6) charset (7) = (8) utf-8 (9)', 'text/plain', { charset: 'utf-8' }],
  ['text/plain; charset=us-ascii(Plain text)', 'text/plain', { charset: 'us-ascii' }],
  ['text/plain;; ;charset=a;', 'text/plain', { charset: 'a' }],
  ['text/plain charset=a format=flowed', 'text/plain', { charset: 'a', format: 'flowed' }],
  ['text/plain; charset="a" format="flowed"', 'text/plain', { charset: 'a', format: 'flowed' }],
  ['text/plain, charset=a', 'text/plain', { charset: 'a' }],
  ['text/plain; charset', 'text/plain', {}],
  ['text/plain; charset=', 'text/plain', { charset: '' }],
  ['text/plain; =a; charset=b', 'text/plain', { charset: 'b' }],
  ['text/plain; charset=a; charset=b', 'text/plain', { charset: 'a' }],
  ['a/b; x="one; y=two"', 'a/b', { x: 'one; y=two' }],
  ['a/b; x="a \\"quoted\\" \\\\ word"', 'a/b', { x: 'a "quoted" \\ word' }],
  ['a/b; x="open; y=1', 'a/b', { x: 'open; y=1' }],
  ['a/b; x="open\\', 'a/b', { x: 'open' }],
  ['a/b; "junk; y=1"; x=2', 'a/b', { x: '2' }],
  ['multipart/mixed; boundary=----=_Part:1/2?', 'multipart/mixed', { boundary: '----=_Part:1/2?' }],
  ['a/b; name=my file (1).pdf; x=1', 'a/b', { name: 'my file (1).pdf', x: '1' }],
  ['a/b; name=my file.pdf size=1', 'a/b', { name: 'my file.pdf', size: '1' }],
  ['a/b; name==?utf-8?B?w6Q=?=', 'a/b', { name: '=?utf-8?B?w6Q=?=' }],
  ['a/b; x=a(; y=1', 'a/b', { x: 'a' }],
  ["a/b; x='quoted'", 'a/b', { x: "'quoted'" }],
  ['text', 'text', {}],
  ['text/', 'text/', {}],
  ['/plain', '/plain', {}],
  ['', '', {}],
  ['filename=a.txt', '', { filename: 'a.txt' }],
  ['attachment; filename=ä.txt', 'attachment', { filename: 'ä.txt' }],
  // RFC 2231 §3, §4, §4.1.
  ['a/b; url*0="ftp://"; url*1="cs.utk.edu/pub"', 'a/b', { url: 'ftp://cs.utk.edu/pub' }],
  ["a/b; title*=us-ascii'en-us'This%20is%20%2A%2A%2Afun%2A%2A%2A", 'a/b', { title: 'This is ***fun***' }],
  [
    "a/b; t*0*=us-ascii'en'This%20is%20even%20more%20; t*1*=%2A%2A%2Afun%2A%2A%2A%20; t*2=\"isn't it!\"",
    'a/b',
    { t: "This is even more ***fun*** isn't it!" },
  ],
  ["a/b; n*1=c; n*0*=utf-8''%C3%A4", 'a/b', { n: 'äc' }],
  ["a/b; n*0*=utf-8''%C3; n*1*=%A4", 'a/b', { n: 'ä' }],
  ["a/b; n*=iso-8859-1''%E4; n=plain", 'a/b', { n: 'ä' }],
  ["a/b; n=plain; n*=iso-8859-1''%E4; n*0=other", 'a/b', { n: 'ä' }],
  ["a/b; n*=''%C3%A4", 'a/b', { n: 'ä' }],
  ['a/b; n*=%C3%A4', 'a/b', { n: 'ä' }],
  ["a/b; n*=nonsense''%E4", 'a/b', { n: 'ä' }],
  ["a/b; n*=utf-8''100%; m*=utf-8''%4", 'a/b', { n: '100%', m: '%4' }],
  ['a/b; n*0=a; n*2=c', 'a/b', { n: 'a' }],
  ['a/b; n*1=a; n*2=b', 'a/b', { n: 'ab' }],
  ['a/b; n*0=a; n*0=b; n*1=c', 'a/b', { n: 'ac' }],
  ['a/b; n*x=a; n*99999=b', 'a/b', {}],
]

for (const [value, type, parameters] of cases) {
  test(JSON.stringify(value), () => {
    const read = readParameterized(value)
    assert.equal(read.subtype === undefined ? read.type : `${read.type}/${read.subtype}`, type)
    assert.deepEqual(Object.fromEntries(read.parameters), parameters)
  })
}

test('at most 500 parameters are read', () => {
  const value = `a/b${Array.from({ length: 1_000_000 }, (_, index) => `;p${index}=1`).join('')}`
  assert.equal(readParameterized(value).parameters.size, 500)
  const segments = `a/b${Array.from({ length: 9_000 }, (_, index) => `;p*${index}*=%41`).join('')}`
  assert.equal(readParameterized(segments).parameters.get('p'), 'A'.repeat(500))
})
