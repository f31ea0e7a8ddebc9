import assert from 'node:assert/strict'
import { test } from 'node:test'
import { anyText } from '@sallyport/testkit/any-text'
import fc from 'fast-check'
import { parseAddressList } from '../address/address-list.ts'
import { decodeEncodedWords } from '../header/encoded-words.ts'
import { readHeaderBlock } from '../header/header-block.ts'
import { mailboxField, oneLine, textField } from './header-text.ts'

const texts: readonly (readonly [string, string])[] = [
  ['plain words', 'X: plain words\r\n'],
  ['', 'X:\r\n'],
  ['two  spaces', 'X: two spaces\r\n'],
  ['grün', 'X: =?utf-8?B?Z3LDvG4=?=\r\n'],
  ['a\r\nBcc: x@y', 'X: a Bcc: x@y\r\n'],
  ['=?utf-8?Q?a?=', 'X: =?utf-8?B?PT91dGYtOD9RP2E/PQ==?=\r\n'],
  [`${'word '.repeat(20)}end`, `X:${' word'.repeat(15)}\r\n${' word'.repeat(5)} end\r\n`],
]

for (const [text, field] of texts) test(JSON.stringify(text.slice(0, 40)), () => assert.equal(textField('X', text), field))

const readBack = (field: string): string => {
  const block = readHeaderBlock(Buffer.from(`${field}\r\n`))
  assert.equal(block.fields.length, 1)
  assert.deepEqual(block.faults, [])
  for (const line of field.split('\r\n')) assert.ok(Buffer.byteLength(line) <= 998)
  return block.fields[0]?.value ?? ''
}

test('any text is one field of ASCII that reads back', () => {
  const text = fc.oneof(anyText(300), fc.string({ unit: 'grapheme', maxLength: 300 }), fc.string({ maxLength: 300 }))
  fc.assert(
    fc.property(text, (original) => {
      const field = textField('X', original)
      assert.match(field, /^[\r\n -~]*$/)
      assert.equal(decodeEncodedWords(readBack(field)).replace(/ +/g, ' '), oneLine(original).replace(/ +/g, ' '))
    }),
    { numRuns: 2_000 },
  )
})

test('any display name stays a display name', () => {
  fc.assert(
    fc.property(
      fc.string({
        unit: fc.oneof(fc.constantFrom(...'a@b.<>,:;"\\() =?\r\n'), fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 })),
      }),
      (display) => {
        const field = mailboxField('To', [
          { display, address: 'a@x.example' },
          { display: '', address: 'b@y.example' },
        ])
        const list = parseAddressList(readBack(field))
        assert.deepEqual(list.faults, [])
        assert.deepEqual(
          list.mailboxes.map((mailbox) => mailbox.address),
          ['a@x.example', 'b@y.example'],
        )
        assert.equal((list.mailboxes[0]?.display ?? '').replace(/ +/g, ' '), oneLine(display).replace(/ +/g, ' '))
      },
    ),
    { numRuns: 2_000 },
  )
})
