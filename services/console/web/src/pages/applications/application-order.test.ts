import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Applications } from '@sallyport/contracts'
import { byViolations } from './application-order.ts'

type Row = Applications['applications'][number]
const row = (name: string, violations: Row['violations']): Row => ({
  name,
  owner: '',
  checks: {},
  volume: { messages: 0, refused: 0, held: 0, wouldRefuse: 0 },
  violations,
  lastSeenAt: null,
})

test('the most violations stand first, the others by name', () => {
  const rows = [row('shop', {}), row('crm', { address: 2, domain: 2 }), row('billing', {}), row('printer', { spam: 3 })]
  assert.deepEqual(
    rows.sort(byViolations).map(({ name }) => name),
    ['crm', 'printer', 'billing', 'shop'],
  )
})
