/** Structures that are well formed, or read without a word: lines of a message, and the outline of its parts. */

export interface StructureCase {
  readonly name: string
  /** Each character is a byte. */
  readonly lines: readonly string[]
  readonly outline: readonly string[]
  readonly faults?: readonly string[]
}

const mixed = ['MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary=b', '']

export const structureCases: readonly StructureCase[] = [
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
    name: 'message/global may be encoded (RFC 6532 §3.7)',
    lines: ['Content-Type: message/global', 'Content-Transfer-Encoding: base64', '', 'U3ViamVjdDogMQoK'],
    outline: ['message/global: "U3ViamVjdDogMQoK"'],
  },
]
