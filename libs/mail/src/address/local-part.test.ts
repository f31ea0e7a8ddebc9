import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { localPartContent, readQuotedLocalPart, splitPlus, writeLocalPart } from './local-part.ts'

const splits: readonly (readonly [string, string, string | undefined])[] = [
  ['user', 'user', undefined],
  ['user+tag', 'user', 'tag'],
  ['user+', 'user', ''],
  ['user+a+b', 'user', 'a+b'],
  ['+tag', '+tag', undefined],
  ['first.last+x.y', 'first.last', 'x.y'],
  ['jörg+ü', 'jörg', 'ü'],
  ['"a b+c"', '"a b"', 'c'],
  ['"user+c d"', 'user', 'c d'],
  ['"a.+c d"', '"a."', 'c d'],
  ['"+c d"', '"+c d"', undefined],
  ['"a\\"+c"', '"a\\""', 'c'],
  ['a.+c', '"a."', 'c'],
]

for (const [localPart, base, tag] of splits) {
  test(`splitPlus(${localPart})`, () => assert.deepEqual(splitPlus(localPart), { base, tag }))
}

test('any content is written so that it reads back, quoted only where it must be', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'ab.+"\\ @,<(ü例') }), (content) => {
      const written = writeLocalPart(content)
      assert.equal(localPartContent(written), content.normalize('NFC'))
      if (written.startsWith('"')) {
        assert.deepEqual(readQuotedLocalPart(written, 0), { content: content.normalize('NFC'), end: written.length })
      } else assert.doesNotMatch(written, /["\\ @,<(]|^\.|\.\.|\.$|^$/)
    }),
  )
})

test('a quoted string that is not well formed is refused', () => {
  for (const text of ['"', '"a', '"a\\', '"a\\"', '"\0"', '"\t"', '"\\\u0001"', '"\x7f"'])
    assert.equal(readQuotedLocalPart(text, 0), undefined, text)
})
