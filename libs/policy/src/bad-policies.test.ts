/**
 * Policies that must be refused, each with exactly the faults it is there for: `bad-policies/NN-name.{yaml,expected.txt}`.
 * After a change of the words: `node --test --test-update-snapshots libs/policy/src/bad-policies.test.ts`, and read the diff.
 */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { formatFault } from './fault.ts'
import { parsePolicy } from './parse.ts'

const folder = join(import.meta.dirname, 'bad-policies')
const names = readdirSync(folder).filter((name) => name.endsWith('.yaml'))

test('there are enough of them', () => assert.ok(names.length >= 15))

for (const name of names) {
  test(`${name} is refused with its faults`, (context) => {
    const checked = parsePolicy(readFileSync(join(folder, name), 'utf8'))
    assert.equal(checked.ok, false)
    const faults = checked.ok ? [] : checked.faults.map(formatFault)
    const warnings = checked.warnings.map((warning) => `warning: ${formatFault(warning)}`)
    const expected = join(folder, name.replace('.yaml', '.expected.txt'))
    context.assert.fileSnapshot([...faults, ...warnings, ''].join('\n'), expected, { serializers: [String] })
  })
}

test('ten faults are told at once', () => {
  const checked = parsePolicy(readFileSync(join(folder, '16-ten-faults.yaml'), 'utf8'))
  assert.equal(checked.ok ? 0 : checked.faults.length, 10)
})
