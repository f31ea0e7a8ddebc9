import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { countReceived, findHeaderEnd, headerValues, maxHeaderFields, readHeaderBlock } from './header-block.ts'

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1')

const ends: readonly (readonly [string, number])[] = [
  ['A: b\r\n\r\nbody', 8],
  ['\r\nbody', 2],
  ['\nbody', 1],
  ['A: b\n\nbody', 6],
  ['A: b\r\n\n', 7],
  ['A: b\r\n \r\nC: d\r\n\r\n', 17],
  ['A: b\r\n', -1],
  ['A: b', -1],
  ['A: b\r\n\r', -1],
  ['A: b\r\rbody', -1],
  ['', -1],
]

for (const [text, end] of ends) test(`findHeaderEnd(${JSON.stringify(text)})`, () => assert.equal(findHeaderEnd(bytes(text)), end))

/** Content, [name, value] of each field, header bytes, faults. */
type Row = readonly [
  content: string,
  fields: readonly (readonly [string, string])[],
  headerBytes: number,
  faults?: readonly string[],
]

const blocks: readonly Row[] = [
  [
    'From: a@b\r\nTo:c@d\r\n\r\nbody',
    [
      ['From', 'a@b'],
      ['To', 'c@d'],
    ],
    21,
  ],
  ['Subject: one\r\n two\r\n\tthree\r\n\r\n', [['Subject', 'one two\tthree']], 30],
  ['Subject:\r\n one\r\n\r\n', [['Subject', 'one']], 18],
  ['X:\r\n\r\n', [['X', '']], 6],
  ['X: a: b\r\n\r\n', [['X', 'a: b']], 11],
  ['\r\nFrom: a@b', [], 2],
  ['', [], 0, ['no-end']],
  ['From: a@b', [['From', 'a@b']], 9, ['no-end']],
  ['From: a@b\r\n', [['From', 'a@b']], 11, ['no-end']],
  ['From : a@b\r\n\r\n', [['From', 'a@b']], 14, ['space-before-colon']],
  ['From\t: a@b\r\n\r\n', [['From', 'a@b']], 14, ['space-before-colon']],
  ['From a@b Mon\r\nTo: x\r\n\r\n', [['To', 'x']], 23, ['not-a-field']],
  [': x\r\nTo: x\r\n\r\n', [['To', 'x']], 14, ['not-a-field']],
  ['no field\r\n continued\r\nTo: x\r\n\r\n', [['To', 'x']], 31, ['not-a-field']],
  ['Fr\xf6m: x\r\n\r\n', [], 11, ['not-a-field']],
  [' evil\r\nTo: x\r\n\r\n', [['To', 'x']], 16, ['orphan-continuation']],
  ['A: b\r\n \r\n c\r\n\r\n', [['A', 'b  c']], 15, ['blank-continuation']],
  [
    'A: b\nC: d\n\n',
    [
      ['A', 'b'],
      ['C', 'd'],
    ],
    11,
    ['bare-line-end'],
  ],
  ['A: b\rC: d\r\n\r\n', [['A', 'b\rC: d']], 13, ['bare-line-end']],
  ['A: b\r\r\n\r\n', [['A', 'b\r']], 9, ['bare-line-end']],
  ['A: \0b\r\n\r\n', [['A', '\0b']], 9, ['nul']],
  ['A: b\r\n\r\n\0\n', [['A', 'b']], 8],
  ['A: \xa0b\xa0\r\n\r\n', [['A', '\xa0b\xa0']], 10],
]

for (const [content, fields, headerBytes, faults = []] of blocks) {
  test(`reads ${JSON.stringify(content)}`, () => {
    const block = readHeaderBlock(bytes(content))
    assert.deepEqual(
      block.fields.map((field) => [field.name, field.value]),
      fields,
    )
    assert.equal(block.headerBytes, headerBytes)
    assert.deepEqual(block.faults, faults)
  })
}

test('values are UTF-8 where they are valid UTF-8, otherwise Latin-1', () => {
  const block = readHeaderBlock(Buffer.concat([Buffer.from('A: grün\r\nB: '), bytes('gr\xfcn\r\n\r\n')]))
  assert.deepEqual(headerValues(block, 'a'), ['grün'])
  assert.deepEqual(headerValues(block, 'B'), ['grün'])
})

test('offsets are those of the raw field', () => {
  const content = bytes('A: b\r\nSubject: one\r\n two\r\nC: d\r\n\r\n')
  const [, subject] = readHeaderBlock(content).fields
  assert.equal(content.toString('latin1', subject?.start, subject?.end), 'Subject: one\r\n two\r\n')
  assert.equal(subject?.lowerName, 'subject')
})

test('the header is read up to 64 KiB: a field that the limit cuts is left out', () => {
  const block = readHeaderBlock(bytes(`A: b\r\nB: ${'x'.repeat(70_000)}\r\n\r\n`))
  assert.deepEqual(block.faults, ['too-long'])
  assert.deepEqual(
    block.fields.map((field) => field.name),
    ['A'],
  )
})

test('a long body is no fault', () => {
  const block = readHeaderBlock(bytes(`A: b\r\n\r\n${'x'.repeat(70_000)}`))
  assert.deepEqual([block.headerBytes, block.faults], [8, []])
})

test('at most 2,000 fields are read', () => {
  const block = readHeaderBlock(bytes(`${'A: b\r\n'.repeat(2_500)}\r\nbody`))
  assert.equal(block.fields.length, maxHeaderFields)
  assert.deepEqual(block.faults, ['too-many-fields'])
  assert.equal(block.headerBytes, 6 * 2_500 + 2)
})

test('Received fields are counted, in any case', () => {
  assert.equal(countReceived(readHeaderBlock(bytes('Received: a\r\nRECEIVED: b\r\nX-Received: c\r\nreceived : d\r\n\r\n'))), 3)
})

const line = fc.oneof(
  fc.string({ unit: 'binary-ascii', maxLength: 20 }),
  fc.constantFrom('From: a@b', 'Subject: x', ' folded', '\tfolded', '', ' ', ':', 'From :x', '\0', 'ü: ü'),
)
const content = fc
  .array(fc.tuple(line, fc.constantFrom('\r\n', '\r\n', '\n', '\r')), { maxLength: 20 })
  .map((lines) => Buffer.from(lines.flat().join('')))

test('never throws; fields follow each other and lie within the header', () => {
  fc.assert(
    fc.property(fc.oneof(content, fc.uint8Array({ maxLength: 200 })), (bytesRead) => {
      const block = readHeaderBlock(bytesRead)
      const end = findHeaderEnd(bytesRead)
      assert.equal(block.headerBytes, end === -1 ? bytesRead.length : end)
      assert.equal(block.faults.includes('no-end'), end === -1)
      let last = 0
      for (const field of block.fields) {
        assert.ok(field.start >= last && field.end > field.start && field.end <= block.headerBytes)
        assert.doesNotMatch(field.value, /\n/)
        last = field.end
      }
    }),
    { numRuns: 2_000 },
  )
})

test('what was written is read back', () => {
  const name = fc.string({ unit: fc.constantFrom(...'abcXYZ-09'), minLength: 1, maxLength: 20 })
  const value = fc.array(fc.string({ unit: fc.constantFrom(...'abc:;<>@"üß例'), minLength: 1, maxLength: 10 }), {
    minLength: 1,
    maxLength: 8,
  })
  fc.assert(
    fc.property(fc.array(fc.tuple(name, value), { maxLength: 10 }), (fields) => {
      const text = fields.map(([key, words]) => `${key}: ${words.join('\r\n ')}\r\n`).join('')
      const block = readHeaderBlock(Buffer.from(`${text}\r\nbody`))
      assert.deepEqual(
        block.fields.map((field) => [field.name, field.value]),
        fields.map(([key, words]) => [key, words.join(' ')]),
      )
      assert.deepEqual(block.faults, [])
    }),
  )
})
