import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { parse } from 'yaml'
import { maxDocumentBytes } from './document.ts'
import { parsePolicy } from './parse.ts'
import { type CheckedPolicy, validatePolicy } from './validate.ts'

const sample = readFileSync(join(import.meta.dirname, '../../../deploy/sample/policy.yaml'), 'utf8')
const document: unknown = parse(sample)
const faultsOf = (checked: CheckedPolicy) => (checked.ok ? [] : checked.faults)

test('YAML, JSON and JSON with tabs are the same policy', () => {
  const forms = [
    sample,
    JSON.stringify(document),
    JSON.stringify(document, null, '\t'),
    sample.replaceAll('\n', '\r\n'),
    `\ufeff${sample}`,
  ]
  for (const text of forms) {
    const checked = parsePolicy(text)
    assert.deepEqual(faultsOf(checked), [])
    assert.deepEqual(checked.ok && checked.document, document)
  }
})

test('faults come in the order of the lines, and point at the key', () => {
  const faults = faultsOf(parsePolicy(sample.replace('owner: postmaster@', 'owner: ').replace('capture: true', 'capture: ..')))
  assert.deepEqual(
    faults.map(({ path, line }) => [path, line]),
    [
      ['/applications/0/owner', sample.split('\n').findIndex((text) => text.includes('owner:')) + 1],
      ['/routes/default/capture', sample.split('\n').findIndex((text) => text.includes('capture:')) + 1],
    ],
  )
})

test('a fault below an alias points at what the alias stands for', () => {
  const text = `
organization: { name: Example, domains: [example.com] }
defaults: { checks: { domain: &strict { mode: enforced } } }
applications:
  - { name: a, owner: a@example.com, from: { networks: [10.0.0.1] }, checks: { domain: *strict } }
routes: { default: { capture: true } }
`
  assert.deepEqual(
    faultsOf(parsePolicy(text)).map(({ path, line }) => [path, line]),
    [
      ['/defaults/checks/domain/mode', 3],
      ['/applications/0/checks/domain/mode', 3],
    ],
  )
})

test('the size is counted in bytes', () => {
  const room = maxDocumentBytes - Buffer.byteLength(sample)
  const filled = (text: string, bytes: number): string => `${sample}#${text.repeat((bytes - 1) / Buffer.byteLength(text))}`
  assert.equal(parsePolicy(filled('x', room)).ok, true)
  assert.match(faultsOf(parsePolicy(filled('x', room + 1)))[0]?.message ?? '', /has 524289 bytes, more than 524288/)
  const wide = filled('ü', room + (room % 2 === 0 ? 3 : 2) - 1 + (room % 2))
  assert.ok(wide.length < maxDocumentBytes && Buffer.byteLength(wide) > maxDocumentBytes)
  assert.equal(parsePolicy(wide).ok, false)
})

test('hostile text is refused, and nothing throws', () => {
  const hostile = [
    '['.repeat(200_000),
    `${'a: {'.repeat(20_000)}${'}'.repeat(20_000)}`,
    `${'- '.repeat(100_000)}x`,
    'a: &a *a',
    '&a [*a]',
    '? {a: 1}\n: 2',
    '__proto__: { polluted: 1 }',
    'constructor: 1\ntoString: 2',
    '\0',
    '%YAML 1.1\n---\na: 1',
    '<<: { organization: 1 }',
  ]
  for (const text of hostile) assert.equal(parsePolicy(text).ok, false, text.slice(0, 40))
  assert.equal('polluted' in {}, false)
})

test('validatePolicy takes any value', () => {
  for (const value of [undefined, null, 1, 'x', [], {}, () => 1, Symbol('x'), 1n, new Map()])
    assert.equal(validatePolicy(value).ok, false)
  assert.equal(validatePolicy(document).ok, true)
  fc.assert(fc.property(fc.anything(), (value) => assert.equal(validatePolicy(value).ok, false)))
})

test('a policy with any one value replaced by nonsense is refused or still a policy, and says where', () => {
  const paths = leafPaths(document)
  fc.assert(
    fc.property(fc.constantFrom(...paths), fc.anything(), (path, nonsense) => {
      const checked = validatePolicy(replaced(document, path, nonsense))
      for (const { path: pointer, message, hint } of faultsOf(checked)) {
        assert.ok(pointer.startsWith('/'), pointer)
        assert.ok(message.length > 0 && hint.length > 0)
      }
    }),
  )
})

function leafPaths(value: unknown, path: readonly string[] = []): string[][] {
  const below = typeof value === 'object' && value !== null ? Object.entries(value) : []
  return [[...path], ...below.flatMap(([key, item]) => leafPaths(item, [...path, key]))]
}

function replaced(value: unknown, path: readonly string[], nonsense: unknown): unknown {
  const [key, ...rest] = path
  if (key === undefined) return nonsense
  if (Array.isArray(value))
    return value.map((item: unknown, index) => (String(index) === key ? replaced(item, rest, nonsense) : item))
  if (typeof value !== 'object' || value === null) return nonsense
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, name === key ? replaced(item, rest, nonsense) : item]),
  )
}
