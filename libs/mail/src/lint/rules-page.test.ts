import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { lintRulesPage, rulesPagePath } from './rules-page.ts'

test('the reference of the lint is that of the rules (renew it with `node libs/mail/src/lint/rules-page.ts`)', () => {
  assert.ok(
    readFileSync(rulesPagePath, 'utf8') === lintRulesPage(),
    'docs/lint-rules.md is stale: run `node libs/mail/src/lint/rules-page.ts`',
  )
})
