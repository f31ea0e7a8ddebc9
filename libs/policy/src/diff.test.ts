import assert from 'node:assert/strict'
import { test } from 'node:test'
import { diffPolicy } from './diff.ts'
import type { Application, PolicyDocument } from './document.ts'

const billing: Application = {
  name: 'billing',
  owner: 'billing@example.com',
  from: { networks: ['10.1.0.0/24', '10.2.0.0/24'], auth: [{ user: 'billing', secret: 'one' }] },
  checks: {
    domain: { mode: 'monitor' },
    throttle: { mode: 'enforce', limits: [{ per: 'application', count: 'messages', rate: '1/s', burst: 5 }] },
  },
}
const crm: Application = { name: 'crm', owner: 'crm@example.com', from: { networks: ['10.3.0.0/24'] } }
const document: PolicyDocument = {
  organization: { name: 'Example', domains: ['example.com'] },
  applications: [billing, crm],
  routes: { default: { smarthost: ['a.example:25', 'b.example:25'] } },
}
const withBilling = (change: Partial<Application>): PolicyDocument => ({
  ...document,
  applications: [{ ...billing, ...change }, crm],
})

const cases: readonly (readonly [string, PolicyDocument, readonly string[]])[] = [
  ['nothing', structuredClone(document), []],
  ['the order of applications', { ...document, applications: [crm, billing] }, []],
  [
    'the order of networks and keys',
    withBilling({ from: { auth: billing.from.auth ?? [], networks: ['10.2.0.0/24', '10.1.0.0/24'] } }),
    [],
  ],
  [
    'the order of smarthosts',
    { ...document, routes: { default: { smarthost: ['b.example:25', 'a.example:25'] } } },
    ['changed /routes/default/smarthost'],
  ],
  [
    'a mode',
    withBilling({ checks: { ...billing.checks, domain: { mode: 'enforce' } } }),
    ['changed /applications/billing/checks/domain/mode'],
  ],
  ['a check', withBilling({ checks: { domain: { mode: 'monitor' } } }), ['removed /applications/billing/checks/throttle']],
  [
    'a network',
    withBilling({ from: { ...billing.from, networks: ['10.1.0.0/24', '10.9.0.0/24'] } }),
    ['removed /applications/billing/from/networks/10.2.0.0~124', 'added /applications/billing/from/networks/10.9.0.0~124'],
  ],
  [
    'a secret',
    withBilling({ from: { ...billing.from, auth: [{ user: 'billing', secret: 'two' }] } }),
    ['changed /applications/billing/from/auth/billing/secret'],
  ],
  [
    'a limit',
    withBilling({
      checks: {
        ...billing.checks,
        throttle: { mode: 'enforce', limits: [{ per: 'application', count: 'messages', rate: '1/s', burst: 6 }] },
      },
    }),
    ['changed /applications/billing/checks/throttle/limits'],
  ],
  ['an application that is gone', { ...document, applications: [billing] }, ['removed /applications/crm']],
  ['a part that is new', { ...document, unregistered: { mode: 'monitor' } }, ['added /unregistered']],
  [
    'the kind of a route',
    { ...document, routes: { default: { capture: true } } },
    ['removed /routes/default/smarthost', 'added /routes/default/capture'],
  ],
]

for (const [what, changed, expected] of cases) {
  test(`${what} is told as ${expected.join(', ') || 'no change'}`, () => {
    assert.deepEqual(
      diffPolicy(document, changed).map(({ kind, path }) => `${kind} ${path}`),
      expected,
    )
  })
}

test('a change carries what was and what is', () => {
  assert.deepEqual(diffPolicy(document, withBilling({ retries: true, owner: 'new@example.com' })), [
    { path: '/applications/billing/owner', kind: 'changed', before: 'billing@example.com', after: 'new@example.com' },
    { path: '/applications/billing/retries', kind: 'added', after: true },
  ])
})
