import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { encodeQuotedPrintable } from './quoted-printable.ts'

const rows: readonly (readonly [string, string])[] = [
  ['', ''],
  ['plain text', 'plain text'],
  ['grün', 'gr=C3=BCn'],
  ['a=b', 'a=3Db'],
  ['end \r\nnext\t\r\n', 'end=20\r\nnext=09\r\n'],
  ['end ', 'end=20'],
  ['From here\r\n.dot', '=46rom here\r\n=2Edot'],
  ['a\rb\nc', 'a=0Db=0Ac'],
  ['\0', '=00'],
  ['x'.repeat(76), 'x'.repeat(76)],
  ['x'.repeat(77), `${'x'.repeat(75)}=\r\nxx`],
]

for (const [text, encoded] of rows)
  test(JSON.stringify(text.slice(0, 40)), () => assert.equal(encodeQuotedPrintable(Buffer.from(text)), encoded))

/** RFC 2045 §6.7, the other way. */
function decodeQuotedPrintable(text: string): Buffer {
  return Buffer.from(
    text.replace(/=\r\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  )
}

test('any bytes come back, from printable lines of at most 76 characters', () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.array(fc.constantFrom(13, 10, 32, 61, 46, 70, 65, 200), { maxLength: 300 }).map((list) => Uint8Array.from(list)),
  )
  fc.assert(
    fc.property(bytes, (original) => {
      const encoded = encodeQuotedPrintable(original)
      for (const line of encoded.split('\r\n')) assert.match(line, /^(?![.F])[ -~\t]{0,75}[!-~]?$/)
      assert.deepEqual(decodeQuotedPrintable(encoded), Buffer.from(original))
    }),
    { numRuns: 2_000 },
  )
})
