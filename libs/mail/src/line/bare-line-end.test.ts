import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { BareLineEndScanner, findBareLineEnd } from './bare-line-end.ts'

const rows: readonly (readonly [string, number])[] = [
  ['', -1],
  ['a', -1],
  ['a\r\nb\r\n', -1],
  ['\r\n\r\n', -1],
  ['a\nb', 1],
  ['\n', 0],
  ['\r', 0],
  ['a\r', 1],
  ['a\rb', 1],
  ['a\r\r\n', 1],
  ['a\r\n\n', 3],
  ['a\r\n.\r\n\r.\n', 6],
  ['a\r\n\xff\x8a\x8d', -1],
]

for (const [text, offset] of rows) {
  test(JSON.stringify(text), () => assert.equal(findBareLineEnd(Buffer.from(text, 'latin1')), offset))
}

/** The definition, byte by byte. */
function slowly(bytes: Uint8Array): number {
  return bytes.findIndex((byte, at) => (byte === 13 && bytes[at + 1] !== 10) || (byte === 10 && bytes[at - 1] !== 13))
}

test('however the message is cut into chunks, the same is found', () => {
  const chunk = fc.array(fc.constantFrom(13, 10, 65, 13, 10), { maxLength: 6 }).map((bytes) => Uint8Array.from(bytes))
  fc.assert(
    fc.property(fc.array(chunk, { maxLength: 8 }), (chunks) => {
      const scanner = new BareLineEndScanner()
      let found = -1
      for (const part of chunks) {
        found = scanner.scan(part)
        if (found !== -1) break
      }
      if (found === -1) found = scanner.end()
      const whole = Buffer.concat(chunks)
      assert.equal(found, slowly(whole))
      assert.equal(findBareLineEnd(whole), slowly(whole))
    }),
    { numRuns: 3_000 },
  )
})
