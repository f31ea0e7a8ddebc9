import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { ruleWords, ruleWordsPath } from './rule-words.ts'

test('who shows reasons has the words of the rules (renew them with `node services/spam-scoring/src/rule-words.ts`)', () => {
  assert.ok(
    readFileSync(ruleWordsPath, 'utf8') === ruleWords(),
    'libs/contracts/src/rules/lint-words.json is stale: run `node services/spam-scoring/src/rule-words.ts`',
  )
})
