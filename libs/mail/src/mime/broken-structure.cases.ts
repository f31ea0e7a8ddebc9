/** Structures that are broken: lines of a message, the outline of its parts, and what is told of it. */
import type { StructureCase } from './structure.cases.ts'

const mixed = ['MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary=b', '']

export const brokenStructureCases: readonly StructureCase[] = [
  {
    name: 'an outer boundary ends an inner multipart',
    lines: [...mixed, '--b', 'Content-Type: multipart/alternative; boundary=c', '', '--c', '', '1', '--b', '', '2', '--b--'],
    outline: ['multipart/mixed', '  multipart/alternative', '    text/plain: "1"', '  text/plain: "2"'],
    faults: ['1 boundary-of-outer'],
  },
  {
    name: 'messages within messages',
    lines: ['Content-Type: message/rfc822', '', 'From someone', 'Content-Type: message/global', '', 'Subject: 2', '', 'body'],
    outline: ['message/rfc822', '  message/global', '    text/plain: "body"'],
    faults: ['1 header-malformed'],
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
