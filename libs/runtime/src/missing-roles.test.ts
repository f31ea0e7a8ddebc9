import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compilePolicy, type PolicyDocument } from '@sallyport/policy'
import { missingRoles, needsVerdictToAccept } from './missing-roles.ts'

type Application = PolicyDocument['applications'][number]

const application = (name: string, over: Partial<Application> = {}): Application => ({
  name,
  owner: 'owner@example.com',
  from: { networks: ['127.0.0.0/8'] },
  checks: { domain: { mode: 'off' }, address: { mode: 'off' } },
  ...over,
})
const off = { domain: { mode: 'off' }, address: { mode: 'off' } } as const
const policy = (applications: readonly Application[], over: Partial<PolicyDocument> = {}) =>
  compilePolicy(
    {
      organization: { name: 'Example', domains: ['example.com'], networks: ['127.0.0.0/8'] },
      applications: [...applications],
      routes: { default: { capture: true } },
      ...over,
    },
    1,
  )
const process = (roles: readonly string[], isAlive = true) => ({ instance: 'one', roles, startedAt: 0, lastSeenAt: 0, isAlive })
const basic = ['ingress', 'delivery', 'console']

test('a role that an enforced check needs and nobody runs is missing, with those whose mail it concerns', () => {
  const spam = policy([
    application('billing', { checks: { ...off, spam: { mode: 'enforce' } } }),
    application('crm', { checks: { ...off, spam: { mode: 'monitor' } } }),
  ])
  assert.deepEqual(missingRoles(spam, [process([...basic, 'verdict'])]), [
    {
      role: 'spam-scoring',
      why: 'spam is enforced by billing: their mail gets what whenUnavailable says',
      applications: ['billing'],
    },
  ])
  assert.deepEqual(missingRoles(spam, [process([...basic, 'verdict']), process(['spam-scoring'])]), [])
  assert.deepEqual(
    missingRoles(spam, [process([...basic, 'verdict']), process(['spam-scoring'], false)]).map(({ role }) => role),
    ['spam-scoring'],
  )
})

test('verdict is missing where a check waits for it, and who only watches loses its counts', () => {
  const watched = policy([application('crm', { checks: { ...off, throttle: { mode: 'monitor' } } })])
  assert.deepEqual(missingRoles(watched, [process(basic)]), [
    { role: 'throttle', why: 'throttle is watched by crm: nothing is counted', applications: [] },
    { role: 'verdict', why: 'checks are watched: nothing is counted', applications: [] },
  ])
  const many = policy(['a', 'b', 'c', 'd', 'e'].map((name) => application(name, { checks: { domain: { mode: 'enforce' } } })))
  const missing = missingRoles(many, [process(basic)])
  assert.match(missing.find(({ role }) => role === 'verdict')?.why ?? '', /^mail of a, b and 3 others waits for its verdict/)
  assert.deepEqual(missing.find(({ role }) => role === 'domain-check')?.applications, ['a', 'b', 'c', 'd', 'e'])
})

test('what every gateway needs, and nothing for a check of others', () => {
  const foreign = policy([application('crm', { checks: { ...off, virus: { mode: 'monitor' } } })])
  assert.deepEqual(
    missingRoles(foreign, []).map(({ role }) => role),
    ['verdict', 'ingress', 'delivery', 'console'],
  )
  assert.deepEqual(
    missingRoles(policy([application('crm')]), []).map(({ role }) => role),
    ['ingress', 'delivery', 'console'],
  )
})

const enforced = { domain: { mode: 'enforce' } } as const
for (const [what, needs, applications, unregistered] of [
  ['all enforce and defer', true, [{ checks: enforced, whenUndecided: 'defer' }], undefined],
  ['one accepts what is undecided', false, [{ checks: enforced, whenUndecided: 'defer' }, { checks: enforced }], undefined],
  ['one only watches', false, [{ checks: enforced, whenUndecided: 'defer' }, { whenUndecided: 'defer' }], undefined],
  ['one is answered at once', false, [{ checks: enforced, whenUndecided: 'defer', reply: 'at-once' }], undefined],
  ['unregistered systems are watched', false, [{ checks: enforced, whenUndecided: 'defer' }], { mode: 'monitor' }],
] as const) {
  test(`without verdict ${needs ? 'nothing' : 'something'} is taken where ${what}`, () => {
    const compiled = policy(
      applications.map((over, index) => application(`a${index}`, over)),
      unregistered ? { unregistered } : {},
    )
    assert.equal(needsVerdictToAccept(compiled), needs)
  })
}
