import assert from 'node:assert/strict'
import { test } from 'node:test'
import { anyText } from '@sallyport/testkit/any-text'
import fc from 'fast-check'
import { findUrls } from './find-urls.ts'

/** Text, and the URLs in it. */
const rows: readonly (readonly [string, readonly string[]])[] = [
  ['Nothing here: a.b, c://', []],
  ['See https://example.com/a?b=c#d.', ['https://example.com/a?b=c#d']],
  ['<https://example.com/>, "http://b.example"', ['https://example.com/', 'http://b.example']],
  ['(see http://example.com/a_(b)) and [http://c.example]', ['http://example.com/a_(b)', 'http://c.example']],
  ['go to www.example.com!', ['www.example.com']],
  [
    'https://www.example.com/www.x http://a.example/http://b.example/c',
    ['https://www.example.com/www.x', 'http://a.example/http://b.example/c'],
  ],
  ['mail me@www.example.com or wwww.example.com', []],
  ['x1http://a.example 1http://b.example', ['x1http://a.example', 'http://b.example']],
  ['http://a.example/\u3002日本', ['http://a.example/']],
  ['http://日本.example/é”', ['http://日本.example/é']],
  ['://x and ftp://files.example', ['ftp://files.example']],
  ['http:///x', ['http:///x']],
]

for (const [text, urls] of rows) test(`URLs in ${JSON.stringify(text)}`, () => assert.deepEqual(findUrls(text), urls))

test('URLs stand in the text, one behind the other', () => {
  const piece = fc.oneof(fc.constantFrom('http://', 'www.', '://', ' ', '(', ')', 'a', '.', '<', 'x'), anyText(2))
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const text = pieces.join('')
      let from = 0
      for (const url of findUrls(text)) {
        const at = text.indexOf(url, from)
        assert.ok(at >= from && url.length > 4)
        from = at + url.length
      }
    }),
  )
})

test('at most 500 URLs of at most 2,000 characters', () => {
  assert.equal(findUrls('http://a.example '.repeat(600)).length, 500)
  assert.equal(findUrls(`http://${'a'.repeat(5_000)}`)[0]?.length, 2_000)
})
