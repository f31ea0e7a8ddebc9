import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { encodeQuotedPrintable } from '../message/quoted-printable.ts'
import { decodeText } from './charset.ts'
import { readParameterized } from './parameters.ts'
import type { MimeMessage, MimePart } from './port.ts'
import { readMime } from './read-mime.ts'
import { decodeBase64, decodeQuotedPrintable } from './transfer-decoding.ts'

/** Holds for every message there is. */
function assertSound(message: MimeMessage): void {
  const seen: MimePart[] = []
  const visit = (part: MimePart, parent: MimePart | undefined): void => {
    assert.equal(part.index, seen.length)
    assert.equal(part.parent, parent?.index ?? -1)
    assert.equal(part.depth, parent ? parent.depth + 1 : 0)
    assert.ok(part.bodyStart <= part.bodyEnd)
    assert.ok(part.bodyStart >= (parent?.bodyStart ?? 0) && part.bodyEnd <= (parent?.bodyEnd ?? message.content.byteLength))
    seen.push(part)
    for (const [place, child] of part.children.entries()) {
      assert.ok(child.bodyStart >= (part.children[place - 1]?.bodyEnd ?? 0))
      visit(child, part)
    }
    assert.ok(message.decoded(part).byteLength <= part.bodyEnd - part.bodyStart)
    assert.ok(message.text(part).isWellFormed())
    assert.equal(new Set(part.faults).size, part.faults.length)
  }
  visit(message.root, undefined)
  assert.deepEqual(seen, message.parts)
}

/** What structure is made of. */
const pieces = fc.constantFrom(
  '\r\n',
  '\n',
  '\r',
  '--b',
  '--b--',
  '--c',
  '--c--',
  '--',
  ' ',
  '=',
  '\0',
  '\xe4',
  'Content-Type: multipart/mixed; boundary=b\r\n',
  'Content-Type: multipart/digest; boundary="c"\n',
  'Content-Type: message/rfc822\r\n',
  'Content-Type: text/plain; charset=utf-7\r\n',
  'Content-Transfer-Encoding: base64\r\n',
  'Content-Transfer-Encoding: quoted-printable\n',
  'Content-Disposition: attachment; filename*0*=utf-8\'\'%; filename="=?utf-8?q?=?="\r\n',
  'Subject: x\r\n',
  'From x\r\n',
  'YWJj',
  '=4',
)

test('whatever the bytes are, they are read', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 500 }), (bytes) => assertSound(readMime(bytes))))
})

test('whatever the structure is, it is read, cut or whole, within any limits', () => {
  const limit = fc.integer({ min: 1, max: 20 })
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 60 }), limit, limit, fc.boolean(), (parts, maxDepth, maxParts, isCut) => {
      const content = Buffer.from(parts.join(''), 'latin1')
      const message = readMime(content, { maxDepth, maxParts, contentBytes: content.byteLength + (isCut ? 1 : 0) })
      assertSound(message)
      assert.ok(message.parts.length <= maxParts)
      assert.ok(message.parts.every((part) => part.depth <= maxDepth))
    }),
    { numRuns: 2_000 },
  )
})

type Tree =
  | { readonly kind: 'leaf'; readonly type: string; readonly encoding: string; readonly body: Uint8Array }
  | { readonly kind: 'message'; readonly child: Tree }
  | { readonly kind: 'multipart'; readonly type: string; readonly children: readonly Tree[]; readonly preamble: string }

const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 5 },
    fc.record({
      kind: fc.constant('leaf' as const),
      type: fc.constantFrom('text/plain', 'text/html', 'application/pdf'),
      encoding: fc.constantFrom('7bit', 'binary', 'base64', 'quoted-printable'),
      body: fc.uint8Array({ maxLength: 100 }),
    }),
    fc.record({ kind: fc.constant('message' as const), child: tie('tree') }),
    fc.record({
      kind: fc.constant('multipart' as const),
      type: fc.constantFrom('multipart/mixed', 'multipart/alternative', 'multipart/digest'),
      children: fc.array(tie('tree'), { minLength: 1, maxLength: 4 }),
      preamble: fc.constantFrom('', 'preamble', '--', '--\r\n--0', 'Content-Type: text/plain'),
    }),
  ),
}))

const encoders: Readonly<Record<string, (body: Uint8Array) => string>> = {
  '7bit': (body) => Buffer.from(body.map((byte) => byte & 0x7f)).toString('latin1'),
  binary: (body) => Buffer.from(body).toString('latin1'),
  base64: (body) => Buffer.from(body).toString('base64').replace(/.{40}/g, '$&\r\n'),
  'quoted-printable': (body) => encodeQuotedPrintable(body),
}

/** Writes the tree; adds to `expected` a line for each part, as `outlineOf` gives it. */
function build(node: Tree, expected: string[], depth = 0): string {
  const line = expected.push('') - 1
  const indent = '  '.repeat(depth)
  if (node.kind === 'leaf') {
    const encoded = encoders[node.encoding]?.(node.body) ?? ''
    const body = node.encoding === '7bit' ? Buffer.from(encoded, 'latin1') : Buffer.from(node.body)
    expected[line] = `${indent}${node.type} ${body.toString('hex')}`
    return `Content-Type: ${node.type}\r\nContent-Transfer-Encoding: ${node.encoding}\r\n\r\n${encoded}`
  }
  if (node.kind === 'message') {
    expected[line] = `${indent}message/rfc822`
    return `Content-Type: message/rfc822\r\n\r\n${build(node.child, expected, depth + 1)}`
  }
  // Boundaries begin each other: `=_1` and `=_10`.
  const boundary = `=_${line}`
  expected[line] = `${indent}${node.type}`
  const parts = node.children.map((child) => `\r\n--${boundary}\r\n${build(child, expected, depth + 1)}`)
  return `Content-Type: ${node.type}; boundary="${boundary}"\r\n\r\n${node.preamble}${parts.join('')}\r\n--${boundary}--\r\n`
}

test('a tree that was written is read back', () => {
  fc.assert(
    fc.property(tree, (node) => {
      const expected: string[] = []
      const message = readMime(Buffer.from(build(node, expected), 'latin1'))
      assert.deepEqual(
        message.parts.map((part) => {
          const body = part.children.length > 0 ? '' : ` ${Buffer.from(message.decoded(part)).toString('hex')}`
          return `${'  '.repeat(part.depth)}${part.mediaType}${body}`
        }),
        expected,
      )
      assert.deepEqual(
        message.parts.flatMap((part) => part.faults).filter((fault) => fault !== 'charset-mismatch'),
        [],
      )
    }),
    { numRuns: 500 },
  )
})

test('what was encoded is decoded without a fault', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.integer({ min: 1, max: 80 }), (bytes, lineLength) => {
      const lines = Buffer.from(bytes)
        .toString('base64')
        .replace(new RegExp(`.{${lineLength}}`, 'g'), '$&\r\n')
      const read = decodeBase64(Buffer.from(lines), false)
      assert.deepEqual([Buffer.from(read.bytes), read.faultCount], [Buffer.from(bytes), 0])
      const printable = decodeQuotedPrintable(Buffer.from(encodeQuotedPrintable(bytes)), false)
      assert.deepEqual([Buffer.from(printable.bytes), printable.faultCount], [Buffer.from(bytes), 0])
    }),
  )
})

test('a limit gives the beginning of what there is', () => {
  const encoded = fc.array(fc.constantFrom('YWJj', 'YQ==', '=', '\r\n', '!', '=41', ' ', 'x'), { maxLength: 30 })
  fc.assert(
    fc.property(encoded, fc.nat(40), (units, maxBytes) => {
      const bytes = Buffer.from(units.join(''))
      for (const decode of [decodeBase64, decodeQuotedPrintable]) {
        const whole = decode(bytes, false)
        const limited = decode(bytes, false, maxBytes)
        assert.ok(limited.bytes.byteLength <= maxBytes)
        // White space at the end of what was read may go with what follows.
        const trimmed = Buffer.from(limited.bytes)
          .toString('latin1')
          .replace(/[ \t]+$/, '')
        assert.ok(Buffer.from(whole.bytes).toString('latin1').startsWith(trimmed))
      }
    }),
  )
})

test('parameters of any text are read', () => {
  const unit = fc.constantFrom(
    ';',
    '=',
    '"',
    '\\',
    '(',
    ')',
    ' ',
    'a',
    'name',
    '*',
    '0',
    '1',
    "utf-8''",
    '%',
    '%E4',
    '/',
    'ä',
    '\t',
  )
  fc.assert(
    fc.property(fc.array(unit, { maxLength: 60 }), (units) => {
      const { parameters } = readParameterized(units.join(''))
      for (const [name, value] of parameters) assert.ok(name !== '' && value.length <= units.join('').length)
    }),
    { numRuns: 1_000 },
  )
})

test('any bytes are text in any charset', () => {
  const label = fc.constantFrom(
    'utf-8',
    'us-ascii',
    'utf-7',
    'shift_jis',
    'gb18030',
    'utf-16',
    'iso-2022-jp',
    'nonsense',
    undefined,
  )
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), label, fc.boolean(), (bytes, charset, isCut) => {
      const { text } = decodeText(bytes, charset, isCut)
      assert.ok(text.isWellFormed())
      assert.equal(decodeText(bytes, charset, isCut).text, text)
    }),
    { numRuns: 1_000 },
  )
})
