import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compilePolicy } from '@sallyport/policy'
import { roleReaders } from './readers.ts'
import { rolesOf } from './roles.ts'

const policy = compilePolicy(
  {
    organization: { name: 'Example', domains: ['example.com'] },
    applications: [
      {
        name: 'crm',
        owner: 'owner@example.com',
        from: { networks: ['10.0.0.0/8'] },
        checks: { virus: { mode: 'enforce' }, spam: { mode: 'off' } },
      },
    ],
    routes: { default: { capture: true } },
  },
  1,
)
const roles = ['ingress', 'delivery', 'console', 'verdict', 'domain-check', 'address-check']
const processes = [{ instance: 'one', roles, startedAt: 0, lastSeenAt: 0, isAlive: true }]

for (const [what, oldestAgeMs, missing] of [
  ['annotates', 59_999, []],
  [
    'has not annotated for a minute',
    60_000,
    [{ role: 'check-virus', why: 'nobody has annotated virus for 60 s', applications: ['crm'] }],
  ],
] as const) {
  test(`a checker of others that ${what}`, () => {
    const answer = rolesOf(policy, processes, roleReaders(policy, 'console-1'), (role) =>
      role === 'check-virus' ? { records: 3, oldestAgeMs } : { records: 0, oldestAgeMs: 0 },
    )
    assert.deepEqual(answer.missing, missing)
    const row = answer.roles.find(({ role }) => role === 'check-virus')
    assert.deepEqual([row?.records, row?.lastSeenAt], [3, null])
    assert.equal(answer.roles.find(({ role }) => role === 'spam-scoring')?.processes, 0)
  })
}
