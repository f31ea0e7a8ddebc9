import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stuffed } from '@sallyport/testkit'
import fc from 'fast-check'
import { DataDecoder } from './data-decoder.ts'

interface Decoded {
  readonly content: string
  readonly rest: string | undefined
  readonly bare: boolean
}

function decode(chunks: readonly (string | Buffer)[]): Decoded {
  const decoder = new DataDecoder()
  const contents: Buffer[] = []
  let rest: Buffer | undefined
  for (const chunk of chunks) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk
    if (rest) rest = Buffer.concat([rest, bytes])
    else {
      const taken = decoder.take(bytes)
      contents.push(taken.content)
      rest = taken.rest
    }
  }
  return { content: Buffer.concat(contents).toString('latin1'), rest: rest?.toString('latin1'), bare: decoder.hasBareLineEnd }
}

const byteByByte = (text: string): string[] => [...text]

const cases: readonly {
  readonly what: string
  readonly sent: string
  readonly content: string
  readonly rest?: string
  readonly bare?: true
}[] = [
  { what: 'an empty message', sent: '.\r\n', content: '', rest: '' },
  { what: 'one line', sent: 'a\r\n.\r\n', content: 'a\r\n', rest: '' },
  { what: 'commands behind the end', sent: 'a\r\n.\r\nQUIT\r\n', content: 'a\r\n', rest: 'QUIT\r\n' },
  { what: 'a stuffed dot at the start', sent: '..\r\n.\r\n', content: '.\r\n', rest: '' },
  { what: 'a stuffed line', sent: 'a\r\n..b\r\n.\r\n', content: 'a\r\n.b\r\n', rest: '' },
  { what: 'a line that only begins with a dot', sent: '.a\r\n.\r\n', content: 'a\r\n', rest: '' },
  { what: 'three dots', sent: '...\r\n.\r\n', content: '..\r\n', rest: '' },
  { what: 'a dot within a line', sent: 'a.\r\n.\r\n', content: 'a.\r\n', rest: '' },
  { what: 'no end yet', sent: 'a\r\n.\r', content: 'a\r\n' },
  { what: 'LF . LF', sent: 'a\n.\nb\r\n.\r\n', content: 'a\r\n.\r\nb\r\n', rest: '', bare: true },
  { what: 'LF . CRLF', sent: 'a\n.\r\nb\r\n.\r\n', content: 'a\r\n.\r\nb\r\n', rest: '', bare: true },
  { what: 'CRLF . LF', sent: 'a\r\n.\nb\r\n.\r\n', content: 'a\r\n.\r\nb\r\n', rest: '', bare: true },
  { what: 'CR . CR', sent: 'a\r.\rb\r\n.\r\n', content: 'a . b\r\n', rest: '', bare: true },
  { what: 'CR . CRLF', sent: 'a\r.\r\nb\r\n.\r\n', content: 'a .\r\nb\r\n', rest: '', bare: true },
  { what: 'CRLF . CR', sent: 'a\r\n.\rb\r\n.\r\n', content: 'a\r\n b\r\n', rest: '', bare: true },
  { what: 'CRLF . CR CRLF', sent: 'a\r\n.\r\r\n.\r\n', content: 'a\r\n \r\n', rest: '', bare: true },
  { what: 'CR LF LF . CRLF', sent: 'a\r\n\n.\r\n.\r\n', content: 'a\r\n\r\n.\r\n', rest: '', bare: true },
  { what: 'a stuffed dot after a bare LF', sent: 'a\n..b\n.\r\n\r\n.\r\n', content: 'a\r\n.b\r\n.\r\n\r\n', rest: '', bare: true },
  { what: 'CR CR LF, as text-mode files have it', sent: 'a\r\r\nb\r\n.\r\n', content: 'a \r\nb\r\n', rest: '', bare: true },
  { what: 'a bare LF at the end is no end', sent: 'a\n.\r\n.\r\n', content: 'a\r\n.\r\n', rest: '', bare: true },
  { what: 'NUL . NUL', sent: 'a\r\n\0.\r\n.\r\n', content: 'a\r\n\0.\r\n', rest: '' },
]

for (const { what, sent, content, rest, bare } of cases) {
  test(`decodes ${what}, whole and byte by byte`, () => {
    const expected: Decoded = { content, rest, bare: bare === true }
    assert.deepEqual(decode([sent]), expected)
    assert.deepEqual(decode(byteByByte(sent)), expected)
  })
}

const anyContent = fc
  .array(fc.constantFrom('\r\n', '.', 'a', '\r\n.', '\n', '\r', 'bc', 'é'), { maxLength: 40 })
  .map((parts) => parts.join(''))
const strictContent = fc
  .array(fc.constantFrom('\r\n', '.', 'a', '\r\n.', 'bc'), { maxLength: 40 })
  .map((parts) => `${parts.join('')}\r\n`)

test('what is stuffed comes out byte for byte, in chunks of any size', () => {
  fc.assert(
    fc.property(strictContent, fc.integer({ min: 1, max: 7 }), (content, size) => {
      const sent = stuffed(Buffer.from(content))
      const chunks: Buffer[] = []
      for (let at = 0; at < sent.length; at += size) chunks.push(sent.subarray(at, at + size))
      assert.deepEqual(decode(chunks), { content, rest: '', bare: false })
    }),
  )
})

test('how the bytes are cut never matters, and the result has whole line ends only', () => {
  fc.assert(
    fc.property(anyContent, fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 20 }), (sent, cuts) => {
      const whole = decode([Buffer.from(sent)])
      const bytes = Buffer.from(sent)
      const chunks: Buffer[] = []
      let at = 0
      for (const cut of cuts) {
        chunks.push(bytes.subarray(at, at + cut))
        at += cut
      }
      chunks.push(bytes.subarray(at))
      assert.deepEqual(decode(chunks), whole)
      assert.doesNotMatch(whole.content, /(?<!\r)\n|\r(?!\n)/)
    }),
  )
})

test('DATA ends at the first CRLF . CRLF and nowhere else', () => {
  fc.assert(
    fc.property(anyContent, (sent) => {
      const end = `\r\n${sent}`.indexOf('\r\n.\r\n')
      const { rest } = decode([Buffer.from(sent)])
      assert.equal(rest, end === -1 ? undefined : Buffer.from(sent.slice(end + 3)).toString('latin1'))
    }),
  )
})

/** Long lines, low bytes that end none and bytes beyond ASCII: what is looked through four bytes at a time. */
const longContent = fc
  .array(
    fc.constantFrom('\r\n', '\n', '\r', '.', '\r\n.', '\t', '\0', '\x0b', 'é', 'a', 'bcd', 'line'.repeat(19), 'x'.repeat(97)),
    {
      maxLength: 60,
    },
  )
  .map((parts) => parts.join(''))

test('a long chunk, wherever it lies in memory, is decoded as its bytes are one by one', () => {
  fc.assert(
    fc.property(longContent, fc.integer({ min: 0, max: 7 }), (sent, offset) => {
      const bytes = Buffer.from(sent)
      const placed = Buffer.concat([Buffer.alloc(offset), bytes, Buffer.from('\r\n.\r\n')]).subarray(offset, offset + bytes.length)
      const oneByOne = Array.from(bytes, (_, at) => bytes.subarray(at, at + 1))
      assert.deepEqual(decode([placed]), decode(oneByOne))
    }),
  )
})
