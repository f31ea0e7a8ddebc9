import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Action, Annotation } from '@sallyport/contracts'
import { compilePolicy } from './compile.ts'
import type { CompiledPolicy } from './compiled.ts'
import { decide, isOnlyAWait } from './decide.ts'
import type { CheckSettings } from './document.ts'

type Found = Partial<Annotation> & Pick<Annotation, 'check' | 'outcome'>

const annotation = (found: Found): Annotation => ({
  v: 1,
  kind: 'annotation',
  id: '019abcde-0000-7000-8000-000000000000',
  reasons: found.outcome === 'pass' ? [] : [{ rule: `${found.check}.found`, text: `${found.check} found something` }],
  policyRevision: 3,
  tookMs: 1,
  application: 'billing',
  ...found,
})

function policyWith(checks: Record<string, CheckSettings>): CompiledPolicy {
  const off = { domain: { mode: 'off' }, address: { mode: 'off' } } as const
  const billing = { name: 'billing', owner: 'billing@example.com', from: {}, checks: { ...off, ...checks } }
  const organization = { name: 'Example', domains: ['example.com'] }
  return compilePolicy({ organization, applications: [billing], routes: { default: { capture: true } } }, 3)
}

function verdictOn(checks: Record<string, CheckSettings>, found: readonly Found[], application = 'billing') {
  return decide(policyWith(checks), { application, checks: Object.keys(checks), annotations: found.map(annotation) })
}

const enforce = { mode: 'enforce' } as const
const monitor = { mode: 'monitor' } as const
const spam = { mode: 'enforce', holdAt: 8, rejectAt: 15 } as const
const pass = (check: string, more: Partial<Annotation> = {}): Found => ({ check, outcome: 'pass', ...more })
const fail = (check: string, more: Partial<Annotation> = {}): Found => ({ check, outcome: 'fail', ...more })
const unavailable = (check: string): Found => ({ check, outcome: 'unavailable' })

/** What, settings, annotations, action, decided by, action with the monitored enforced, by. */
const cases: readonly (readonly [string, Record<string, CheckSettings>, Found[], Action, string[], Action, string[]])[] = [
  ['no check', {}, [], 'relay', [], 'relay', []],
  ['a pass', { domain: enforce }, [pass('domain')], 'relay', [], 'relay', []],
  ['a fail', { domain: enforce }, [fail('domain')], 'reject', ['domain'], 'reject', ['domain']],
  ['a fail that is held', { domain: { ...enforce, onFail: 'hold' } }, [fail('domain')], 'hold', ['domain'], 'hold', ['domain']],
  ['a monitored fail', { domain: monitor }, [fail('domain')], 'relay', [], 'reject', ['domain']],
  ['a fail of a check that is off', { domain: { mode: 'off' } }, [fail('domain')], 'relay', [], 'relay', []],
  ['a fail of an unknown check', { domain: enforce }, [pass('domain'), fail('virus')], 'relay', [], 'relay', []],
  ['no answer', { domain: enforce }, [], 'defer', ['domain'], 'defer', ['domain']],
  ['unavailable', { domain: enforce }, [unavailable('domain')], 'defer', ['domain'], 'defer', ['domain']],
  ['unavailable may pass', { domain: { ...enforce, whenUnavailable: 'relay' } }, [unavailable('domain')], 'relay', [], 'relay', []],
  ['unavailable is held', { domain: { ...enforce, whenUnavailable: 'hold' } }, [], 'hold', ['domain'], 'hold', ['domain']],
  ['unavailable, then a pass', { domain: enforce }, [unavailable('domain'), pass('domain')], 'relay', [], 'relay', []],
  [
    'a fail, then unavailable',
    { domain: enforce },
    [fail('domain'), unavailable('domain')],
    'reject',
    ['domain'],
    'reject',
    ['domain'],
  ],
  ['the first that could judge counts', { domain: enforce }, [pass('domain'), fail('domain')], 'relay', [], 'relay', []],
  ['a monitored check without answer', { domain: enforce, spam: monitor }, [pass('domain')], 'relay', [], 'defer', ['spam']],
  ['a low score', { spam }, [fail('spam', { score: 7.9 })], 'relay', [], 'relay', []],
  ['a score to hold', { spam }, [pass('spam', { score: 8 })], 'hold', ['spam'], 'hold', ['spam']],
  ['a score to reject', { spam }, [pass('spam', { score: 15 })], 'reject', ['spam'], 'reject', ['spam']],
  ['only a score to reject', { spam: { mode: 'enforce', rejectAt: 15 } }, [fail('spam', { score: 14 })], 'relay', [], 'relay', []],
  ['a score without thresholds', { spam: enforce }, [fail('spam', { score: 1 })], 'reject', ['spam'], 'reject', ['spam']],
  ['a fail without score', { spam }, [fail('spam')], 'reject', ['spam'], 'reject', ['spam']],
  ['a wait', { throttle: enforce }, [fail('throttle', { waitMs: 900 })], 'defer', ['throttle'], 'defer', ['throttle']],
  ['no wait', { throttle: enforce }, [pass('throttle', { waitMs: 0 })], 'relay', [], 'relay', []],
  [
    'more than the burst',
    { throttle: enforce },
    [fail('throttle', { waitMs: 9, costAboveBurst: true })],
    'reject',
    ['throttle'],
    'reject',
    ['throttle'],
  ],
  [
    'hold before defer',
    { spam, throttle: enforce },
    [fail('throttle', { waitMs: 9 }), fail('spam', { score: 9 })],
    'hold',
    ['spam'],
    'hold',
    ['spam'],
  ],
  [
    'reject before hold',
    { spam, domain: enforce },
    [fail('spam', { score: 9 }), fail('domain')],
    'reject',
    ['domain'],
    'reject',
    ['domain'],
  ],
  [
    'two that reject',
    { domain: enforce, address: enforce },
    [fail('domain'), fail('address')],
    'reject',
    ['address', 'domain'],
    'reject',
    ['address', 'domain'],
  ],
  [
    'one enforced, one monitored',
    { domain: enforce, address: monitor },
    [fail('domain'), fail('address')],
    'reject',
    ['domain'],
    'reject',
    ['address', 'domain'],
  ],
]

for (const [what, checks, found, action, decidedBy, wouldBe, by] of cases) {
  test(`${what}: ${action}, would be ${wouldBe}`, () => {
    const verdict = verdictOn(checks, found)
    assert.deepEqual([verdict.action, verdict.decidedBy, verdict.wouldBe], [action, decidedBy, { action: wouldBe, by }])
    assert.equal(verdict.policyRevision, 3)
  })
}

test('contributions say what each check found and stands for, also the silent one', () => {
  const { contributions } = verdictOn({ address: monitor, domain: enforce, spam }, [fail('spam', { score: 9 }), fail('address')])
  assert.deepEqual(contributions, [
    {
      check: 'address',
      mode: 'monitor',
      outcome: 'fail',
      action: 'reject',
      rules: ['address.found'],
      text: 'address found something',
    },
    {
      check: 'domain',
      mode: 'enforce',
      outcome: 'unavailable',
      action: 'defer',
      rules: ['domain.no-answer'],
      text: 'the check "domain" did not answer in time',
    },
    {
      check: 'spam',
      mode: 'enforce',
      outcome: 'fail',
      action: 'hold',
      score: 9,
      rules: ['spam.found'],
      text: 'spam found something',
    },
  ])
})

test('a reason that travels by its rule is told in words where the check stands for something', () => {
  const reasons = [{ rule: 'spam.from-missing', evidence: { points: 3 } }]
  const told = (score: number) => verdictOn({ spam }, [{ ...fail('spam', { score }), reasons }]).contributions[0]
  assert.match(told(9)?.text ?? '', /From/)
  assert.deepEqual([told(0)?.action, told(0)?.text], ['relay', undefined])
})

test('the longest wait of the enforced checks counts, and only for a defer', () => {
  const throttled = { throttle: enforce, quota: enforce, shadow: monitor }
  const waits = [fail('throttle', { waitMs: 700 }), fail('quota', { waitMs: 900 }), fail('shadow', { waitMs: 5000 })]
  assert.equal(verdictOn(throttled, waits).waitMs, 900)
  assert.equal(verdictOn({ ...throttled, domain: enforce }, [...waits, fail('domain')]).waitMs, undefined)
  assert.equal(verdictOn({ domain: enforce }, []).waitMs, undefined)
})

test('the limits that were met are those of the checks that defer, and they are few and short', () => {
  const throttled = { throttle: enforce, quota: enforce, shadow: monitor, domain: enforce }
  const met = (limit: string, waitMs = 700) => ({ limit, cost: 1, intervalMs: 1_000, waitMs })
  const found = [
    fail('throttle', { waitMs: 700, waits: [met('a'), met('b'.repeat(1_001))] }),
    fail('quota', { waitMs: 900, waits: [met('c', 900)] }),
    fail('shadow', { waitMs: 5_000, waits: [met('d', 5_000)] }),
    { ...fail('domain', { waits: [met('e')] }), outcome: 'pass' as const },
  ]
  // In the order of the checks' names.
  assert.deepEqual(verdictOn(throttled, found).waits, [met('c', 900), met('a')])
  const many = Array.from({ length: 30 }, (_, index) => met(String(index)))
  assert.equal(
    verdictOn(throttled, [fail('throttle', { waitMs: 700, waits: many }), pass('quota'), pass('domain')]).waits?.length,
    10,
  )
  assert.equal(verdictOn(throttled, [...found.slice(0, 3), fail('domain')]).waits, undefined)
  assert.equal(verdictOn(throttled, [pass('throttle'), pass('quota'), pass('domain')]).waits, undefined)
})

test('only a wait is only a wait', () => {
  const throttled = { throttle: enforce, domain: enforce, spam: monitor }
  assert.equal(isOnlyAWait(verdictOn(throttled, [fail('throttle', { waitMs: 700 }), pass('domain')])), true)
  assert.equal(isOnlyAWait(verdictOn(throttled, [fail('throttle', { waitMs: 700 })])), false)
  assert.equal(isOnlyAWait(verdictOn(throttled, [fail('throttle', { waitMs: 700 }), fail('domain')])), false)
  assert.equal(isOnlyAWait(verdictOn(throttled, [pass('throttle'), pass('domain')])), false)
})

test('an application that the policy does not know is held, whatever was found', () => {
  for (const found of [[], [pass('domain')], [fail('domain')]]) {
    const verdict = verdictOn({ domain: enforce }, found, 'deleted')
    assert.deepEqual([verdict.action, verdict.decidedBy, verdict.wouldBe.action], ['hold', ['policy'], 'hold'])
    assert.deepEqual(verdict.contributions[0]?.rules, ['policy.unknown-application'])
  }
})
