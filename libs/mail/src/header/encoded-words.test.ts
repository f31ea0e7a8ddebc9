import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { decodeEncodedWords } from './encoded-words.ts'

const rows: readonly (readonly [string, string])[] = [
  ['plain', 'plain'],
  ['=?utf-8?Q?gr=C3=BCn?=', 'grün'],
  ['=?UTF-8?b?Z3LDvG4=?=', 'grün'],
  ['=?iso-8859-1?q?gr=FCn_x?=', 'grün x'],
  ['=?windows-1252?Q?=80?=', '€'],
  ['=?iso-2022-jp?B?GyRCRnxLXBsoQg==?=', '日本'],
  ['=?cp932?B?k/qWew==?=', '日本'],
  ['=?utf-8*de?Q?gr=C3=BCn?=', 'grün'],
  ['=?utf-8?Q?a?= =?utf-8?Q?b?=', 'ab'],
  ['=?utf-8?Q?a?= =?iso-8859-1?Q?=FC?=', 'aü'],
  ['=?utf-8?Q?a?=\t=?utf-8?Q?b?= c', 'ab c'],
  ['=?utf-8?Q?a?= x =?utf-8?Q?b?=', 'a x b'],
  ['=?utf-8?B?4oI=?= =?utf-8?B?rA==?=', '€'],
  ['x =?unknown-9?Q?a?= y', 'x =?unknown-9?Q?a?= y'],
  ['=?utf-8?Q?a?= =?unknown-9?Q?b?=', 'a =?unknown-9?Q?b?='],
  ['=?utf-8?X?a?=', '=?utf-8?X?a?='],
  ['=?utf-8?Q?a', '=?utf-8?Q?a'],
  ['=?utf-8?Q??=', ''],
  ['=?utf-8?Q?=FF?=', '\ufffd'],
  ['=?utf-8?Q?a=0D=0ABcc:_x?=', 'a Bcc: x'],
  ['a\r\n b\0', 'a  b '],
]

for (const [text, decoded] of rows) test(JSON.stringify(text), () => assert.equal(decodeEncodedWords(text), decoded))

test('never throws, and the result is one line', () => {
  const text = fc.array(fc.constantFrom('=?', 'utf-8', '?', 'Q', 'B', '=', '=C3', '?=', ' ', 'x', '_', '\r\n', 'ü'), {
    maxLength: 40,
  })
  fc.assert(
    fc.property(text, (pieces) => assert.doesNotMatch(decodeEncodedWords(pieces.join('')), /[\r\n\0]/)),
    { numRuns: 2_000 },
  )
})

test('strange charset names do not fill memory or stop decoding', () => {
  for (let index = 0; index < 300; index++) assert.equal(decodeEncodedWords(`=?x-${index}?Q?a?=`), `=?x-${index}?Q?a?=`)
  assert.equal(decodeEncodedWords('=?koi8-r?B?wcI=?='), 'аб')
})
