import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { pagePath, renewedPage } from './configuration-page.ts'

test('the configuration reference is that of the schema (renew it with configuration-page.ts)', () => {
  assert.equal(readFileSync(pagePath, 'utf8'), renewedPage())
})
