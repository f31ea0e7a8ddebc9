import assert from 'node:assert/strict'
import { test } from 'node:test'
import { auditChanges } from './audit-changes.ts'

test('a change of the policy tells its own differences', () => {
  const changes = [
    { path: '/applications/billing/checks/domain/mode', kind: 'changed', before: 'monitor', after: 'enforce' },
  ] as const
  assert.deepEqual(auditChanges({ before: { revision: 1 }, after: { revision: 2, changes } }), changes)
})

test('what is given, ended and changed, each value by its path; times are written out, what stays is left out', () => {
  const order = { kind: 'pause', destination: 'default', application: null, expiresAt: 0 }
  assert.deepEqual(auditChanges({ before: null, after: order }), [
    { path: '/kind', kind: 'added', after: 'pause' },
    { path: '/destination', kind: 'added', after: 'default' },
    { path: '/expiresAt', kind: 'added', after: '1970-01-01T00:00:00.000Z' },
  ])
  assert.deepEqual(auditChanges({ before: [{ kind: 'pause' }], after: null }), [
    { path: '/0/kind', kind: 'removed', before: 'pause' },
  ])
  assert.deepEqual(auditChanges({ before: { rate: 1, burst: 5 }, after: { rate: 2, burst: 5 } }), [
    { path: '/rate', kind: 'changed', before: 1, after: 2 },
  ])
  assert.deepEqual(auditChanges({ before: null, after: null }), [])
})

test('what only looks like differences is compared as it is', () => {
  assert.deepEqual(auditChanges({ before: null, after: { changes: ['<b>'] } }), [
    { path: '/changes/0', kind: 'added', after: '<b>' },
  ])
})
