import assert from 'node:assert/strict'
import { test } from 'node:test'
import { auditSearch } from './audit-search.ts'

test('the address is the search; what is no filter is passed over', () => {
  const search = new URLSearchParams('who=ann&action=policy.switch&subject=+&time=24h&page=3')
  assert.deepEqual(auditSearch(search, 100_000_000), {
    query: { who: 'ann', action: 'policy.switch', since: 13_600_000 },
    hasFilter: true,
  })
  assert.deepEqual(auditSearch(new URLSearchParams('action=toString&time=never'), 5), { query: {}, hasFilter: false })
})
