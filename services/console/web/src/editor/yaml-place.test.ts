import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseDocument } from 'yaml'
import { faultMarks } from './fault-marks.ts'
import { pathAt, placeOf, rangeOfPointer } from './yaml-place.ts'

const places: readonly [string, string, unknown][] = [
  ['a key of the root', 'organization: x\nappl|', { path: [], kind: 'key', present: ['organization'] }],
  ['a value', 'checks:\n  spam:\n    mode: mon|', { path: ['checks', 'spam', 'mode'], kind: 'value', present: [] }],
  ['a value in a flow map', 'checks: { spam: { mode: | } }', { path: ['checks', 'spam', 'mode'], kind: 'value', present: [] }],
  ['a key in a flow map', 'checks: { spam: { mode: off, h| } }', { path: ['checks', 'spam'], kind: 'key', present: ['mode'] }],
  [
    'a key of an item',
    'applications:\n  - name: billing\n    own|\n    retries: true\n',
    { path: ['applications', 0], kind: 'key', present: ['name', 'retries'] },
  ],
  ['the first of a new map', 'checks:\n  |', { path: ['checks'], kind: 'value', present: [] }],
  ['an item', 'domains:\n  - example.com\n  - ex|', { path: ['domains', 1], kind: 'value', present: [] }],
  ['within a comment', 'a: 1 # mo|', undefined],
  ['within a quoted text', 'a: "mo|re"', undefined],
  ['an empty document', '|', { path: [], kind: 'value', present: [] }],
]
for (const [name, marked, expected] of places) {
  test(`the place of ${name}`, () => {
    const to = marked.indexOf('|')
    const from = /[\w.]*$/.exec(marked.slice(0, to))?.index ?? to
    assert.deepEqual(placeOf(marked.replace('|', ''), from, to), expected)
  })
}

const text = 'organization:\n  name: Example\napplications:\n  - name: billing\n    checks:\n      domain: { mode: enforced }\n'

test('what is under the pointer is known by its path', () => {
  assert.deepEqual(pathAt(text, text.indexOf('enforced') + 2), ['applications', 0, 'checks', 'domain', 'mode'])
  assert.deepEqual(pathAt(text, text.indexOf('organization') + 3), ['organization'])
})

test('a JSON Pointer is found in the text: the value, else the key, else what is around it', () => {
  const document = parseDocument(text)
  const found = (pointer: string): string => text.slice(...rangeOfPointer(document, pointer, text.length))
  assert.equal(found('/applications/0/checks/domain/mode'), 'enforced')
  assert.equal(found('/applications/0/checks'), 'checks')
  assert.equal(found('/organization/domains'), 'organization')
  assert.equal(found(''), 'o')
})

test('faults and warnings become marks, in the order of the text; one without a path stands in its line', () => {
  const fault = {
    path: '/applications/0/checks/domain/mode',
    line: 6,
    message: 'must be one of off, monitor, enforce',
    hint: 'enforce?',
  }
  const marks = faultMarks(text, {
    faults: [fault, { path: '', line: 2, message: 'cannot be read', hint: '' }],
    warnings: [{ path: '/organization', message: 'w', hint: '' }],
  })
  assert.deepEqual(
    marks.map(({ from, to, severity, message }) => [text.slice(from, to), severity, message]),
    [
      ['organization', 'warning', 'w'],
      ['  name: Example', 'error', 'cannot be read'],
      ['enforced', 'error', 'must be one of off, monitor, enforce\nenforce?'],
    ],
  )
})
