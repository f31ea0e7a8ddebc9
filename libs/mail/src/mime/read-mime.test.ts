import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MimeMessage, MimePart } from './port.ts'
import { readMime } from './read-mime.ts'

const bytesOf = (lines: readonly string[]): Buffer => Buffer.from(lines.join('\r\n'), 'latin1')
const read = (...lines: string[]): MimeMessage => readMime(bytesOf(lines))
const unix = (...lines: string[]): MimeMessage => readMime(Buffer.from(lines.join('\n'), 'latin1'))

const bodyOf = (message: MimeMessage, part: MimePart): string =>
  Buffer.from(message.content.subarray(part.bodyStart, part.bodyEnd)).toString('latin1')

/** `0 multipart/mixed`, `1   text/plain: body`, … */
function outline(message: MimeMessage): readonly string[] {
  return message.parts.map((part) => {
    const body = part.children.length > 0 ? '' : `: ${JSON.stringify(bodyOf(message, part))}`
    return `${'  '.repeat(part.depth)}${part.mediaType}${body}`
  })
}

const faults = (message: MimeMessage): readonly string[] =>
  message.parts.flatMap((part) => part.faults.map((fault) => `${part.index} ${fault}`))

const mixed = ['MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary=b', '']

test('a message without MIME is text/plain', () => {
  const message = read('Subject: hello', '', 'body', '')
  assert.deepEqual(outline(message), ['text/plain: "body\\r\\n"'])
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
  assert.deepEqual(faults(message), [])
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
    assert.deepEqual(outline(message), ['multipart/mixed', `  text/plain: "one${eol}"`, '  text/html: "two"'])
    assert.deepEqual(faults(message), [])
    assert.equal(message.root.bodyEnd, message.content.byteLength)
  }
})

const structures: readonly {
  readonly name: string
  readonly lines: readonly string[]
  readonly outline: readonly string[]
  readonly faults?: readonly string[]
}[] = [
  {
    name: 'an inner multipart',
    lines: [
      ...mixed,
      '--b',
      'Content-Type: multipart/alternative; boundary=c',
      '',
      '--c',
      '',
      '1',
      '--c',
      '',
      '2',
      '--c--',
      '',
      '--b',
      '',
      '3',
      '--b--',
    ],
    outline: ['multipart/mixed', '  multipart/alternative', '    text/plain: "1"', '    text/plain: "2"', '  text/plain: "3"'],
  },
  {
    name: 'an outer boundary ends an inner multipart',
    lines: [...mixed, '--b', 'Content-Type: multipart/alternative; boundary=c', '', '--c', '', '1', '--b', '', '2', '--b--'],
    outline: ['multipart/mixed', '  multipart/alternative', '    text/plain: "1"', '  text/plain: "2"'],
    faults: ['1 boundary-of-outer'],
  },
  {
    name: 'a boundary that begins another one',
    lines: [...mixed, '--b', 'Content-Type: multipart/alternative; boundary=bb', '', '--bb', '', '--bbb', '--bb--', '--b--'],
    outline: ['multipart/mixed', '  multipart/alternative', '    text/plain: "--bbb"'],
  },
  {
    name: 'the same boundary within itself is the inner one',
    lines: [...mixed, '--b', 'Content-Type: multipart/mixed; boundary=b', '', '--b', '', '1', '--b--', '--b', '', '2', '--b--'],
    outline: ['multipart/mixed', '  multipart/mixed', '    text/plain: "1"', '  text/plain: "2"'],
  },
  {
    name: 'a boundary that ends as another one closes',
    lines: [...mixed, '--b', 'Content-Type: multipart/mixed; boundary="b--"', '', '--b--', '', '1', '--b----', '--b--'],
    outline: ['multipart/mixed', '  multipart/mixed', '    text/plain: "1"'],
  },
  {
    name: 'text behind a boundary is ignored (RFC 2046 §5.1.1)',
    lines: [...mixed, '--b and so on', '', '1', '--bo', '--b-- the end'],
    outline: ['multipart/mixed', '  text/plain: "1\\r\\n--bo"'],
  },
  {
    name: 'messages within messages',
    lines: ['Content-Type: message/rfc822', '', 'From someone', 'Content-Type: message/global', '', 'Subject: 2', '', 'body'],
    outline: ['message/rfc822', '  message/global', '    text/plain: "body"'],
    faults: ['1 header-malformed'],
  },
  {
    name: 'parts of a digest are messages (RFC 2046 §5.1.5)',
    lines: [
      'Content-Type: multipart/digest; boundary=b',
      '',
      '--b',
      '',
      'Subject: 1',
      '',
      'one',
      '--b',
      'Content-Type: text/plain',
      '',
      '2',
      '--b--',
    ],
    outline: ['multipart/digest', '  message/rfc822', '    text/plain: "one"', '  text/plain: "2"'],
  },
  {
    name: 'parts without a body',
    lines: [...mixed, '--b', '--b', 'Content-Type: text/html', '--b', 'Content-Type: text/css', '', '--b--'],
    outline: ['multipart/mixed', '  text/plain: ""', '  text/html: ""', '  text/css: ""'],
    faults: ['1 header-malformed', '2 header-malformed'],
  },
  {
    name: 'a part without header and empty line',
    lines: [...mixed, '--b', 'Good morning.', 'All is well.', '', 'Bye', '--b--'],
    outline: ['multipart/mixed', '  text/plain: "Good morning.\\r\\nAll is well.\\r\\n\\r\\nBye"'],
    faults: ['1 header-malformed'],
  },
  {
    name: 'a message without any header',
    lines: ['Good morning.', '', 'Bye'],
    outline: ['text/plain: "Good morning.\\r\\n\\r\\nBye"'],
    faults: ['0 header-malformed'],
  },
  {
    name: 'a forgotten empty line before the first delimiter',
    lines: [...mixed, '--b', 'Content-Type: multipart/related; boundary=c', '--c', '', '1', '--c--', '--b--'],
    outline: ['multipart/mixed', '  multipart/related', '    text/plain: "1"'],
    faults: ['1 header-malformed'],
  },
  {
    name: 'an mbox line before the header',
    lines: ['From a@b.example Mon Jan  1 00:00:00 2024', ...mixed, '--b', '', '1', '--b--'],
    outline: ['multipart/mixed', '  text/plain: "1"'],
    faults: ['0 header-malformed'],
  },
  {
    name: 'no closing delimiter',
    lines: [...mixed, '--b', '', '1', ''],
    outline: ['multipart/mixed', '  text/plain: "1\\r\\n"'],
    faults: ['0 multipart-not-closed'],
  },
  {
    name: 'nothing behind a delimiter is no part',
    lines: [...mixed, '--b', '', '1', '--b', ''],
    outline: ['multipart/mixed', '  text/plain: "1"'],
    faults: ['0 multipart-not-closed'],
  },
  { name: 'no delimiter', lines: [...mixed, 'text'], outline: ['multipart/mixed: "text"'], faults: ['0 boundary-missing'] },
  { name: 'only the end', lines: [...mixed, '--b--'], outline: ['multipart/mixed: "--b--"'], faults: ['0 multipart-empty'] },
  {
    name: 'no boundary',
    lines: ['Content-Type: multipart/mixed', '', '--b', '', '1', '--b--'],
    outline: ['multipart/mixed: "--b\\r\\n\\r\\n1\\r\\n--b--"'],
    faults: ['0 multipart-without-boundary'],
  },
  {
    name: 'a boundary that none may be',
    lines: [
      `Content-Type: multipart/mixed; boundary="${'b'.repeat(71)}"`,
      '',
      `--${'b'.repeat(71)}`,
      '',
      '1',
      `--${'b'.repeat(71)}--`,
    ],
    outline: ['multipart/mixed', '  text/plain: "1"'],
    faults: ['0 boundary-malformed'],
  },
  {
    name: 'a boundary beyond ASCII',
    lines: ['Content-Type: multipart/mixed; boundary="\xc3\xa4"', '', '--\xc3\xa4', '', '1', '--\xc3\xa4--'],
    outline: ['multipart/mixed', '  text/plain: "1"'],
    faults: ['0 boundary-malformed'],
  },
  {
    name: 'an encoded message is opaque',
    lines: ['Content-Type: message/rfc822', 'Content-Transfer-Encoding: base64', '', 'U3ViamVjdDogMQoK'],
    outline: ['message/rfc822: "U3ViamVjdDogMQoK"'],
    faults: ['0 transfer-encoding-on-composite'],
  },
  {
    name: 'message/global may be encoded (RFC 6532 §3.7)',
    lines: ['Content-Type: message/global', 'Content-Transfer-Encoding: base64', '', 'U3ViamVjdDogMQoK'],
    outline: ['message/global: "U3ViamVjdDogMQoK"'],
  },
  {
    name: 'an encoding of a multipart is ignored',
    lines: ['Content-Type: multipart/mixed; boundary=b', 'Content-Transfer-Encoding: base64', '', '--b', '', '1', '--b--'],
    outline: ['multipart/mixed', '  text/plain: "1"'],
    faults: ['0 transfer-encoding-on-composite'],
  },
  {
    name: 'a type that cannot be parsed',
    lines: ['Content-Type: text', '', '1'],
    outline: ['text/plain: "1"'],
    faults: ['0 content-type-malformed'],
  },
  {
    name: 'fields that stand twice',
    lines: [
      'Content-Type: text/html',
      'Content-Type: text/plain',
      'Content-Transfer-Encoding: 8bit',
      'Content-Transfer-Encoding: base64',
      '',
      '1',
    ],
    outline: ['text/html: "1"'],
    faults: ['0 content-type-repeated', '0 transfer-encoding-repeated'],
  },
  {
    name: 'an encoding that nobody knows',
    lines: ['Content-Transfer-Encoding: x-uuencode', '', '1'],
    outline: ['text/plain: "1"'],
    faults: ['0 transfer-encoding-unknown'],
  },
  {
    name: 'octets above 127 that were not declared',
    lines: [...mixed, '--b', '', '\xe4', '--b', 'Content-Transfer-Encoding: 8BIT', '', '\xe4', '--b--'],
    outline: ['multipart/mixed', '  text/plain: "ä"', '  text/plain: "ä"'],
    faults: ['1 eight-bit-undeclared'],
  },
  {
    name: 'a charset that nobody knows, on text and elsewhere',
    lines: [
      ...mixed,
      '--b',
      'Content-Type: text/plain; charset=nonsense',
      '',
      '1',
      '--b',
      'Content-Type: image/gif; charset=nonsense',
      '',
      '',
      '--b--',
    ],
    outline: ['multipart/mixed', '  text/plain: "1"', '  image/gif: ""'],
    faults: ['1 charset-unknown'],
  },
]

for (const { name, lines, outline: expected, faults: expectedFaults = [] } of structures) {
  test(`structure: ${name}`, () => {
    const message = read(...lines)
    assert.deepEqual(outline(message), expected)
    assert.deepEqual(faults(message), expectedFaults)
    const unixMessage = unix(...lines)
    assert.deepEqual(
      outline(unixMessage),
      expected.map((line) => line.replaceAll('\\r\\n', '\\n')),
    )
    assert.deepEqual(faults(unixMessage), expectedFaults)
  })
}

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
  assert.deepEqual(outline(message), ['text/plain: "body"'])
  assert.deepEqual(faults(message), ['0 header-malformed'])
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
      faults(message).filter((fault) => fault !== '1 base64-malformed'),
      [],
      String(length),
    )
  }
  assert.deepEqual(faults(readMime(lines.subarray(0, -10))), ['0 multipart-not-closed'])
})

test('limits of depth and number', () => {
  const nested = (depth: number): string =>
    depth === 0
      ? '\r\nx'
      : `Content-Type: multipart/mixed; boundary=b${depth}\r\n\r\n--b${depth}\r\n${nested(depth - 1)}\r\n--b${depth}--\r\n`
  const deep = readMime(Buffer.from(nested(5)), { maxDepth: 3 })
  assert.deepEqual([deep.parts.length, faults(deep)], [4, ['3 too-deep']])
  assert.deepEqual(faults(readMime(Buffer.from(nested(5)), { maxDepth: 5 })), [])
  const messages = readMime(Buffer.from('Content-Type: message/rfc822\r\n\r\n'.repeat(5)), { maxDepth: 3 })
  assert.deepEqual([messages.parts.length, faults(messages)], [4, ['3 too-deep']])

  const wide = Buffer.from(`${mixed.join('\r\n')}\r\n${'--b\r\n\r\nx\r\n'.repeat(9)}--b--`)
  const cut = readMime(wide, { maxParts: 4 })
  assert.deepEqual([cut.parts.length, faults(cut)], [4, ['0 too-many-parts']])
  assert.equal(bodyOf(cut, cut.parts[3] ?? cut.root), 'x')
  assert.deepEqual(faults(readMime(wide, { maxParts: 10 })), [])
  assert.deepEqual(faults(readMime(Buffer.from('Content-Type: message/rfc822\r\n\r\nA: b\r\n\r\n'), { maxParts: 1 })), [
    '0 too-many-parts',
  ])
})
