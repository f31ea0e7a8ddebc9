/**
 * What is published says what the schema says. After a change of the schema:
 * `node --test --test-update-snapshots libs/policy/src/documentation.test.ts`
 */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { parsePolicy } from './parse.ts'
import { referenceTables } from './reference-tables.ts'
import { schemaDocument } from './schema-document.ts'

const root = join(import.meta.dirname, '../../..')
const page = join(root, 'docs/policy.md')
const schema = schemaDocument()

test('docs/policy.schema.json is the schema', (context) => {
  context.assert.fileSnapshot(schema, join(root, 'docs/policy.schema.json'), { serializers: [String] })
})

test('docs/policy.md ends with the reference of every key', (context) => {
  const [begin, end] = ['<!-- reference: generated from the schema -->\n', '<!-- end of the reference -->\n']
  const [before, rest] = readFileSync(page, 'utf8').split(begin)
  const after = rest?.split(end)[1]
  assert.ok(before !== undefined && after !== undefined, 'docs/policy.md has lost the marks of its reference')
  const text = `${before}${begin}\n${referenceTables(JSON.parse(schema))}\n\n${end}${after}`
  context.assert.fileSnapshot(text, page, { serializers: [String] })
})

test('every policy on the page, and the sample, has no fault and no warning', () => {
  const examples = [...readFileSync(page, 'utf8').matchAll(/```yaml\n(organization:.*?)```/gs)].map(([, text]) => text ?? '')
  assert.ok(examples.length > 0)
  for (const text of [...examples, readFileSync(join(root, 'deploy/sample/policy.yaml'), 'utf8')]) {
    const checked = parsePolicy(text)
    assert.deepEqual(checked.ok ? [] : checked.faults, [])
    assert.deepEqual(checked.warnings, [])
  }
})
