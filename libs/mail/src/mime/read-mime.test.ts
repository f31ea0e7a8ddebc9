import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bodyOf, faultsOf, outlineOf } from './outline.ts'
import type { MimeMessage } from './port.ts'
import { readMime } from './read-mime.ts'

const bytesOf = (lines: readonly string[]): Buffer => Buffer.from(lines.join('\r\n'), 'latin1')
const read = (...lines: string[]): MimeMessage => readMime(bytesOf(lines))
const unix = (...lines: string[]): MimeMessage => readMime(Buffer.from(lines.join('\n'), 'latin1'))

const mixed = ['MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary=b', '']

test('a message without MIME is text/plain', () => {
  const message = read('Subject: hello', '', 'body', '')
  assert.deepEqual(outlineOf(message), ['text/plain: "body\\r\\n"'])
  const { root } = message
  assert.deepEqual(
    [
      root.index,
      root.parent,
      root.depth,
      root.isTypeDeclared,
      root.transferEncoding,
      root.disposition,
      root.fileName,
      root.contentId,
    ],
    [0, -1, 0, false, '7bit', undefined, undefined, undefined],
  )
  assert.equal(root.parameters.size, 0)
  assert.deepEqual(faultsOf(message), [])
  assert.equal(message.isCut, false)
})

test('parts lie between the delimiters, whose line ends are theirs', () => {
  const lines = [
    ...mixed,
    'preamble',
    '--b',
    '',
    'one',
    '',
    '--b  \t',
    'Content-Type: text/html',
    '',
    'two',
    '--b--',
    'epilogue',
    '--b',
    '',
  ]
  for (const message of [read(...lines), unix(...lines)]) {
    const eol = bodyOf(message, message.root).includes('\r') ? '\\r\\n' : '\\n'
    assert.deepEqual(outlineOf(message), ['multipart/mixed', `  text/plain: "one${eol}"`, '  text/html: "two"'])
    assert.deepEqual(faultsOf(message), [])
    assert.equal(message.root.bodyEnd, message.content.byteLength)
  }
})

test('what the header of a part says', () => {
  const { root } = read(
    'Content-Type: APPLICATION/Pdf (a comment); Name="=?utf-8?Q?=C3=A4.pdf?="; x*=utf-8\'\'%C3%B6',
    'Content-Disposition: Attachment',
    'Content-Transfer-Encoding: BASE64 (as usual)',
    'Content-ID: <part1@example.org>',
    '',
    '',
  )
  assert.deepEqual(
    [root.mediaType, root.isTypeDeclared, root.disposition, root.fileName, root.transferEncoding, root.contentId],
    ['application/pdf', true, 'attachment', 'ä.pdf', 'base64', 'part1@example.org'],
  )
  assert.deepEqual(Object.fromEntries(root.parameters), { name: '=?utf-8?Q?=C3=A4.pdf?=', x: 'ö' })
})

test('the file name of the disposition counts more than that of the type', () => {
  const { root } = read('Content-Type: text/plain; name=a', "Content-Disposition: inline; filename=b; filename*=''c", '', '')
  assert.equal(root.fileName, 'c')
})

test('a header over 64 KiB ends where it ends', () => {
  const message = read(`X: ${'x'.repeat(70_000)}`, 'Content-Type: text/html', '', 'body')
  assert.deepEqual(outlineOf(message), ['text/plain: "body"'])
  assert.deepEqual(faultsOf(message), ['0 header-malformed'])
})

test('what is missing at the end of a cut message is no fault', () => {
  const lines = bytesOf([...mixed, '--b', 'Content-Transfer-Encoding: base64', '', 'YWJj', 'YWI=', '--b--'])
  for (let length = 1; length < lines.byteLength; length++) {
    const message = readMime(lines.subarray(0, length), { contentBytes: lines.byteLength })
    assert.equal(message.isCut, true)
    assert.equal(message.contentBytes, lines.byteLength)
    for (const part of message.parts) message.decoded(part)
    assert.deepEqual(
      // Half a delimiter is no base64.
      faultsOf(message).filter((fault) => fault !== '1 base64-malformed'),
      [],
      String(length),
    )
  }
  assert.deepEqual(faultsOf(readMime(lines.subarray(0, -10))), ['0 multipart-not-closed'])
})

test('limits of depth and number', () => {
  const nested = (depth: number): string =>
    depth === 0
      ? '\r\nx'
      : `Content-Type: multipart/mixed; boundary=b${depth}\r\n\r\n--b${depth}\r\n${nested(depth - 1)}\r\n--b${depth}--\r\n`
  const deep = readMime(Buffer.from(nested(5)), { maxDepth: 3 })
  assert.deepEqual([deep.parts.length, faultsOf(deep)], [4, ['3 too-deep']])
  assert.deepEqual(faultsOf(readMime(Buffer.from(nested(5)), { maxDepth: 5 })), [])
  const messages = readMime(Buffer.from('Content-Type: message/rfc822\r\n\r\n'.repeat(5)), { maxDepth: 3 })
  assert.deepEqual([messages.parts.length, faultsOf(messages)], [4, ['3 too-deep']])

  const wide = Buffer.from(`${mixed.join('\r\n')}\r\n${'--b\r\n\r\nx\r\n'.repeat(9)}--b--`)
  const cut = readMime(wide, { maxParts: 4 })
  assert.deepEqual([cut.parts.length, faultsOf(cut)], [4, ['0 too-many-parts']])
  assert.equal(bodyOf(cut, cut.parts[3] ?? cut.root), 'x')
  assert.deepEqual(faultsOf(readMime(wide, { maxParts: 10 })), [])
  assert.deepEqual(faultsOf(readMime(Buffer.from('Content-Type: message/rfc822\r\n\r\nA: b\r\n\r\n'), { maxParts: 1 })), [
    '0 too-many-parts',
  ])
})
