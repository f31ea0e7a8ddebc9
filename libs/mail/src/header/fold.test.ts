import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { fold, foldAt } from './fold.ts'
import { readHeaderBlock } from './header-block.ts'

test('folded words read back as they were, in lines of at most 78 octets unless one word is longer', () => {
  const word = fc.oneof(
    fc.string({ unit: fc.constantFrom(...'abcü;<>'), minLength: 1, maxLength: 30 }),
    fc.constant('x'.repeat(100)),
  )
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 30 }), (words) => {
      const field = fold(['X:', ...words])
      assert.deepEqual(readHeaderBlock(Buffer.from(`${field}\r\n`)).fields[0]?.value, words.join(' '))
      for (const line of field.split('\r\n')) {
        assert.ok(Buffer.byteLength(line) <= foldAt || !line.trimStart().includes(' '), line)
      }
    }),
  )
})
