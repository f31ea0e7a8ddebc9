import assert from 'node:assert/strict'
import { test } from 'node:test'
import { unstuffed } from '@sallyport/testkit'
import fc from 'fast-check'
import { dotStuffer } from './dot-stuffing.ts'

function onTheWire(chunks: readonly Uint8Array[]): Buffer {
  const stuffer = dotStuffer()
  return Buffer.concat([...chunks.flatMap((chunk) => [...stuffer.stuff(chunk)]), stuffer.end()])
}

test('dots at line starts, wherever chunks are cut', () => {
  const cases: readonly [readonly string[], string][] = [
    [[''], '.\r\n'],
    [['.\r\n'], '..\r\n.\r\n'],
    [['a\r\n.b\r\n'], 'a\r\n..b\r\n.\r\n'],
    [['a\r\n', '.b\r\n'], 'a\r\n..b\r\n.\r\n'],
    [['a\r', '\n', '.', '.\r\n'], 'a\r\n...\r\n.\r\n'],
    [['no end'], 'no end\r\n.\r\n'],
    [['a.b\r\n.'], 'a.b\r\n..\r\n.\r\n'],
    [['smuggled\n.\r\nMAIL FROM:<x@y>\r\n'], 'smuggled\n..\r\nMAIL FROM:<x@y>\r\n.\r\n'],
  ]
  for (const [chunks, expected] of cases) {
    assert.equal(onTheWire(chunks.map((chunk) => Buffer.from(chunk))).toString(), expected)
  }
})

test('any content with strict line ends comes out as it went in, and its end cannot be seen earlier', () => {
  const line = fc.array(fc.constantFrom('.', 'a', ' ', '\u00fc'), { maxLength: 6 }).map((characters) => characters.join(''))
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 8 }), fc.array(fc.nat(60)), (lines, cuts) => {
      const content = Buffer.from(`${lines.join('\r\n')}\r\n`)
      const places = [...new Set(cuts.map((cut) => cut % (content.length + 1)))].toSorted((left, right) => left - right)
      const chunks = [...places, content.length].map((end, index) => content.subarray(places[index - 1] ?? 0, end))
      const wire = onTheWire(chunks)
      assert.equal(`\r\n${wire.toString('latin1')}`.indexOf('\r\n.\r\n'), wire.length - 3)
      assert.deepEqual(Buffer.from(unstuffed(wire.subarray(0, -3))), content)
    }),
  )
})
