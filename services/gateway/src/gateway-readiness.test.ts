import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compilePolicy, type PolicyDocument } from '@sallyport/policy'
import type { SeenProcess } from '@sallyport/runtime'
import { fixedPolicyView } from '@sallyport/testkit'
import { GatewayReadiness } from './gateway-readiness.ts'

const ready = { ready: true, waitingFor: [] }

type Application = PolicyDocument['applications'][number]
const application = (over: Partial<Application>): Application => ({
  name: 'billing',
  owner: 'owner@example.com',
  from: { networks: ['127.0.0.0/8'] },
  checks: { domain: { mode: 'enforce' }, address: { mode: 'off' } },
  ...over,
})

function stage(elsewhere: readonly string[], applications?: readonly Application[]) {
  const own: string[] = []
  const compiled =
    applications &&
    compilePolicy(
      {
        organization: { name: 'Example', domains: ['example.com'] },
        applications: [...applications],
        routes: { default: { capture: true } },
      },
      1,
    )
  const seen = (roles: readonly string[]): SeenProcess => ({ instance: 'x', roles, startedAt: 0, lastSeenAt: 0, isAlive: true })
  return {
    presence: { running: (role: string) => void own.push(role), processes: () => [seen(own), seen(elsewhere)] },
    policy: fixedPolicyView(compiled),
  }
}

test('a role is not ready before it has started, nor while the gateway stops', () => {
  const readiness = new GatewayReadiness(['console', 'ingress'], stage([]))
  assert.deepEqual(readiness.byRole(), {
    console: { ready: false, waitingFor: ['its start'] },
    ingress: { ready: false, waitingFor: ['its start'] },
  })
  readiness.started('console', { readiness: () => ready })
  assert.deepEqual(readiness.byRole(), { console: ready, ingress: { ready: false, waitingFor: ['its start'] } })
  readiness.started('ingress', { readiness: () => ready })
  assert.deepEqual(readiness.byRole(), { console: ready, ingress: ready })
  readiness.stopping()
  assert.deepEqual(
    Object.values(readiness.byRole()).map((role) => role.ready),
    [false, false],
  )
})

const noDomain = 'no process runs domain-check: domain is enforced by billing: their mail gets what whenUnavailable says'
const noVerdict = 'no process runs verdict: mail of billing waits for its verdict, and gets what whenUndecided says'
const shut = 'a process that runs verdict: no application accepts mail without'

for (const [what, elsewhere, over, expected] of [
  ['nothing is missing', ['domain-check', 'verdict', 'delivery'], {}, ready],
  ['a checker is missing that is enforced', ['verdict', 'delivery'], {}, { ...ready, warnings: [noDomain] }],
  [
    'a checker is missing that is watched',
    ['verdict', 'delivery'],
    { checks: { domain: { mode: 'monitor' }, address: { mode: 'off' } } },
    ready,
  ],
  ['verdict is missing, and the mail is accepted', ['domain-check', 'delivery'], {}, { ...ready, warnings: [noVerdict] }],
  [
    'verdict is missing, and nobody accepts mail without',
    ['domain-check', 'delivery'],
    { whenUndecided: 'defer' },
    { ready: false, waitingFor: [shut], warnings: [noVerdict] },
  ],
  [
    'delivery is missing',
    ['domain-check', 'verdict'],
    {},
    { ...ready, warnings: ['no process runs delivery: what is accepted waits'] },
  ],
] as const) {
  test(`what ingress says where ${what}`, () => {
    const readiness = new GatewayReadiness(['ingress'], stage(elsewhere, [application(over)]))
    readiness.started('ingress', { readiness: () => ready })
    assert.deepEqual(readiness.byRole(), { ingress: expected })
  })
}
