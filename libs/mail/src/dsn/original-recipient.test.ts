import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { decodeOriginalRecipient, encodeOriginalRecipient } from './original-recipient.ts'

const rows: readonly (readonly [string, string | undefined])[] = [
  ['rfc822;user@example.com', 'rfc822;user@example.com'],
  ['RFC822;user+2Btag@example.com', 'rfc822;user+tag@example.com'],
  ['utf-8;\\x{FC}@example.com', 'utf-8;ü@example.com'],
  ['utf-8;ü@example.com', 'utf-8;ü@example.com'],
  ['utf-8;user+2Btag@example.com', 'utf-8;user+tag@example.com'],
  ['x400;/C=de', undefined],
  ['x400;/C+3Dde', 'x400;/C=de'],
  ['user@example.com', undefined],
  ['rfc822;', undefined],
  [';user@example.com', undefined],
  ['rfc 822;user@example.com', undefined],
  ['rfc822;user+0D+0A@example.com', undefined],
  [`rfc822;${'a'.repeat(600)}`, undefined],
]

for (const [parameter, decoded] of rows)
  test(parameter.slice(0, 60), () => assert.equal(decodeOriginalRecipient(parameter), decoded))

test('what is sent on is printable ASCII and means the same', () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 1, maxLength: 40 }),
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 10 }),
      (ascii, text) => {
        for (const original of [`rfc822;${ascii}`, `utf-8;${text}`]) {
          const sent = encodeOriginalRecipient(original)
          assert.match(sent, /^[!-<>-~]+$/)
          assert.equal(decodeOriginalRecipient(sent), original)
        }
      },
    ),
  )
})
