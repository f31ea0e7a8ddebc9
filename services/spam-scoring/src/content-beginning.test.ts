import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readMime } from '@sallyport/mail'
import fc from 'fast-check'
import { contentBeginning } from './content-beginning.ts'

async function* inChunks(bytes: Uint8Array, chunkBytes: number): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.byteLength; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes)
}

const crlf = (...lines: readonly string[]): string => `${lines.join('\r\n')}\r\n`
const beginning = async (text: string, scoreBytes: number, chunkBytes = 100): Promise<string> =>
  Buffer.from(await contentBeginning(inChunks(Buffer.from(text, 'latin1'), chunkBytes), scoreBytes)).toString('latin1')

const base64Line = 'QUJD'.repeat(19)
const attachment = (name: string, lines: number): string =>
  crlf(
    '--b',
    `Content-Type: application/octet-stream; name=${name}`,
    'Content-Transfer-Encoding: base64',
    `Content-Disposition: attachment; filename=${name}`,
    '',
    ...Array.from({ length: lines }, () => base64Line),
  )
const messageOf = (lines: number): string =>
  crlf('Subject: large', 'MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary=b', '', '--b', '', 'See below.') +
  attachment('first.pdf', lines) +
  attachment('second.exe', lines) +
  attachment('third.txt', 3) +
  crlf('--b--')
const large = messageOf(2000)

for (const chunkBytes of [13, 97, 65_536, 1e9]) {
  test(`what is short enough stays as it is, in chunks of ${chunkBytes}`, async () => {
    const text = crlf('Subject: x', '', 'Hello', '-- ', 'Somebody')
    assert.equal(await beginning(text, text.length, chunkBytes), text)
  })

  test(`of a long message the structure is kept, in chunks of ${chunkBytes}`, async () => {
    const kept = await beginning(large, 20_000, chunkBytes)
    assert.ok(kept.length < 35_000, `${kept.length} bytes are kept`)
    assert.equal(kept.slice(0, 19_900), large.slice(0, 19_900))
    const { parts, isCut } = readMime(Buffer.from(kept, 'latin1'), { contentBytes: large.length })
    assert.ok(isCut)
    assert.deepEqual(
      parts.map(({ mediaType, fileName, faults }) => [mediaType, fileName, faults]),
      [
        ['multipart/mixed', undefined, []],
        ['text/plain', undefined, []],
        ['application/octet-stream', 'first.pdf', []],
        ['application/octet-stream', 'second.exe', []],
        ['application/octet-stream', 'third.txt', []],
      ],
    )
    const mime = readMime(Buffer.from(kept, 'latin1'), { contentBytes: large.length })
    for (const part of mime.parts.slice(2)) {
      assert.match(Buffer.from(mime.decoded(part)).toString('latin1'), /^(ABC){30,}/)
      assert.deepEqual(part.faults, [], 'no fault comes of the cut')
    }
  })
}

test('where the first bytes end within a line or a header, nothing is torn', async () => {
  const smaller = messageOf(100)
  for (let scoreBytes = 150; scoreBytes < 600; scoreBytes += 1) {
    const kept = await beginning(smaller, scoreBytes, 1000)
    const { parts } = readMime(Buffer.from(kept, 'latin1'), { contentBytes: smaller.length })
    assert.deepEqual(
      parts.map(({ fileName }) => fileName),
      [undefined, undefined, 'first.pdf', 'second.exe', 'third.txt'],
      `cut at ${scoreBytes}`,
    )
  }
})

test('a message made of boundaries does not fill the memory, and is not read to its end', async () => {
  let readBytes = 0
  async function* endless(): AsyncIterable<Uint8Array> {
    const chunk = Buffer.from('--b\r\n'.repeat(1000))
    for (;;) {
      readBytes += chunk.byteLength
      yield chunk
    }
  }
  const kept = await contentBeginning(endless(), 16_384)
  assert.ok(kept.byteLength < 300_000, `${kept.byteLength} bytes are kept`)
  assert.ok(readBytes < 400_000, `${readBytes} bytes were read`)
})

test('lines without end are shortened', async () => {
  const kept = await beginning(`Subject: x\r\n\r\n${'y'.repeat(5_000_000)}`, 20_000, 65_536)
  assert.ok(kept.length < 22_000, `${kept.length} bytes are kept`)
})

test('whatever comes: no more than the limits, the same in all chunkings, and the beginning is the beginning', async () => {
  const line = fc.oneof(fc.constantFrom('--b', '--', '', '\r', 'x: y', '\n'), fc.string({ maxLength: 40 }))
  await fc.assert(
    fc.asyncProperty(
      fc.array(line, { maxLength: 60 }),
      fc.integer({ min: 1, max: 300 }),
      fc.integer({ min: 1, max: 50 }),
      async (lines, scoreBytes, chunkBytes) => {
        const text = Buffer.from(lines.join('\r\n')).toString('latin1')
        const kept = await beginning(text, scoreBytes, chunkBytes)
        assert.equal(kept, await beginning(text, scoreBytes, 1e9))
        if (text.length <= scoreBytes) assert.equal(kept, text)
        else assert.ok(kept.length <= text.length + 4 && kept.length <= scoreBytes + 262_144 + 1026)
      },
    ),
    { numRuns: 200 },
  )
})
