import assert from 'node:assert/strict'
import { test } from 'node:test'
import { anyText } from '@sallyport/testkit/any-text'
import fc from 'fast-check'
import { decodeUtf8AddrXtext, decodeXtext, encodeUtf8AddrXtext, encodeXtext } from './xtext.ts'

const xtexts: readonly (readonly [string, string | undefined])[] = [
  ['', ''],
  ['QQ314159', 'QQ314159'],
  ['a+2Bb+3Dc', 'a+b=c'],
  ['a+20b', 'a b'],
  ['a+2bb', undefined],
  ['a+2', undefined],
  ['a=b', undefined],
  ['a b', undefined],
  ['a+0D+0Ab', undefined],
  ['a+00', undefined],
  ['ü', undefined],
]

for (const [xtext, text] of xtexts) test(`decodeXtext(${xtext})`, () => assert.equal(decodeXtext(xtext), text))

const utf8Xtexts: readonly (readonly [string, string | undefined])[] = [
  ['user@example.com', 'user@example.com'],
  ['\\x{FC}@example.com', 'ü@example.com'],
  ['\\x{1F44D}@x', '👍@x'],
  ['a\\x{2B}b\\x{3D}\\x{5C}@x', 'a+b=\\@x'],
  ['ü@example.com', 'ü@example.com'],
  ['a\\x{A}b', undefined],
  ['a\\x{D800}b', undefined],
  ['a\\x{110000}', undefined],
  ['a\\x{fc}', undefined],
  ['a\\b', undefined],
  ['a+b', undefined],
  ['a=b', undefined],
  ['', undefined],
]

for (const [encoded, text] of utf8Xtexts)
  test(`decodeUtf8AddrXtext(${encoded})`, () => assert.equal(decodeUtf8AddrXtext(encoded), text))

test('printable text survives xtext, and is a single ESMTP parameter value', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const xtext = encodeXtext(text)
      assert.match(xtext, /^[!-<>-~]*$/)
      assert.equal(decodeXtext(xtext), text)
    }),
  )
})

test('addresses survive utf-8-addr-xtext', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (text) => {
      const encoded = encodeUtf8AddrXtext(text)
      assert.match(encoded, /^[!-<>-~]*$/)
      assert.equal(decodeUtf8AddrXtext(encoded), text)
    }),
  )
})

test('decoding never throws', () => {
  fc.assert(
    fc.property(anyText(), (text) => {
      decodeXtext(text)
      decodeUtf8AddrXtext(text)
    }),
  )
})
