/** What must hold for `decide` whatever the policy says and whatever the checks find. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Action, Annotation } from '@sallyport/contracts'
import fc from 'fast-check'
import { compilePolicy } from './compile.ts'
import { decide } from './decide.ts'
import type { CheckSettings } from './document.ts'

const order: readonly Action[] = ['relay', 'defer', 'hold', 'reject']
const strictness = (action: Action): number => order.indexOf(action)

const checkNames = ['address', 'domain', 'spam', 'throttle', 'virus'] as const
const name = fc.constantFrom(...checkNames)
const settings = fc.record(
  {
    mode: fc.constantFrom('off', 'monitor', 'enforce'),
    whenUnavailable: fc.constantFrom('relay', 'defer', 'hold', 'reject'),
    onFail: fc.constantFrom('reject', 'hold'),
    holdAt: fc.integer({ min: -5, max: 20 }),
    rejectAt: fc.integer({ min: -5, max: 20 }),
  },
  { requiredKeys: ['mode'] },
) satisfies fc.Arbitrary<CheckSettings>
const checks = fc.dictionary(name, settings)

const measures = fc.record(
  {
    score: fc.integer({ min: -10, max: 25 }),
    waitMs: fc.integer({ min: 0, max: 5000 }),
    costAboveBurst: fc.boolean(),
    waits: fc.array(
      fc.record({ limit: fc.string(), cost: fc.nat(), intervalMs: fc.nat(), waitMs: fc.integer({ min: 0, max: 5000 }) }),
      { maxLength: 3 },
    ),
  },
  { requiredKeys: [] },
)
const outcome = fc.constantFrom('pass', 'fail', 'unavailable')
const annotationOf = (check: string, outcome: Annotation['outcome'], measured: Partial<Annotation> = {}): Annotation => ({
  v: 1,
  kind: 'annotation',
  id: '019abcde-0000-7000-8000-000000000000',
  check,
  outcome,
  reasons: [],
  policyRevision: 3,
  tookMs: 1,
  application: 'billing',
  ...measured,
})
const annotation = fc.tuple(fc.oneof(name, fc.constant('unknown')), outcome, measures).map((parts) => annotationOf(...parts))
/** At most one per check that is not `unavailable`, and any number that are. */
const annotations = fc
  .tuple(fc.uniqueArray(annotation, { selector: ({ check }) => check }), fc.array(name))
  .map(([judged, silent]) => [...judged, ...silent.map((check) => annotationOf(check, 'unavailable'))])

function judge(checks: Record<string, CheckSettings>, found: readonly Annotation[]) {
  const billing = { name: 'billing', owner: 'billing@example.com', from: {}, checks }
  const organization = { name: 'Example', domains: ['example.com'] }
  const policy = compilePolicy({ organization, applications: [billing], routes: { default: { capture: true } } }, 3)
  return decide(policy, { application: 'billing', checks: Object.keys(checks), annotations: found })
}

test('the order of the annotations cannot matter', () => {
  fc.assert(
    fc.property(
      checks,
      annotations.chain((found) => fc.tuple(fc.constant(found), fc.shuffledSubarray(found, { minLength: found.length }))),
      (checks, [found, shuffled]) => assert.deepEqual(judge(checks, shuffled), judge(checks, found)),
    ),
  )
})

test('duplicates cannot matter', () => {
  fc.assert(
    fc.property(
      checks,
      annotations.chain((found) => fc.tuple(fc.constant(found), fc.subarray(found))),
      (checks, [found, again]) => assert.deepEqual(judge(checks, [...found, ...again]), judge(checks, found)),
    ),
  )
})

test('a pass that turns into any finding never makes the verdict milder', () => {
  fc.assert(
    fc.property(checks, annotations, name, fc.constantFrom('pass', 'fail'), measures, (checks, found, check, outcome, measured) => {
      const others = found.filter((one) => one.check !== check)
      const before = judge(checks, [...others, annotationOf(check, 'pass')])
      const after = judge(checks, [...others, annotationOf(check, outcome, measured)])
      assert.ok(strictness(after.action) >= strictness(before.action))
      assert.ok(strictness(after.wouldBe.action) >= strictness(before.wouldBe.action))
    }),
  )
})

test('a fail instead of a pass with the same measures never makes the verdict milder', () => {
  fc.assert(
    fc.property(checks, annotations, name, measures, (checks, found, check, measured) => {
      const others = found.filter((one) => one.check !== check)
      const before = judge(checks, [...others, annotationOf(check, 'pass', measured)])
      const after = judge(checks, [...others, annotationOf(check, 'fail', measured)])
      assert.ok(strictness(after.action) >= strictness(before.action))
    }),
  )
})

test('one more enforced check never makes the verdict milder, whatever it finds', () => {
  fc.assert(
    fc.property(
      checks,
      annotations,
      fc.record({ mode: fc.constant('enforce' as const) }),
      outcome,
      (checks, found, more, outcome) => {
        const before = judge(checks, found)
        const after = judge({ ...checks, further: more }, [...found, annotationOf('further', outcome)])
        assert.ok(strictness(after.action) >= strictness(before.action))
      },
    ),
  )
})

test('monitored checks never change the outcome', () => {
  fc.assert(
    fc.property(checks, annotations, annotations, (checks, found, other) => {
      const isMonitored = ({ check }: Annotation): boolean => (checks[check]?.mode ?? 'monitor') !== 'enforce'
      const enforcedOnly = found.filter((one) => !isMonitored(one))
      const outcomeOf = ({ action, decidedBy, waitMs, waits }: ReturnType<typeof judge>) => ({ action, decidedBy, waitMs, waits })
      assert.deepEqual(outcomeOf(judge(checks, [...other.filter(isMonitored), ...enforcedOnly])), outcomeOf(judge(checks, found)))
    }),
  )
})

test('an enforced check that could not judge never passes silently', () => {
  fc.assert(
    fc.property(checks, annotations, (checks, found) => {
      const verdict = judge(checks, found)
      for (const [check, { mode, whenUnavailable = 'defer' }] of Object.entries(checks)) {
        const hasJudged = found.some((one) => one.check === check && one.outcome !== 'unavailable')
        if (mode === 'enforce' && !hasJudged) assert.ok(strictness(verdict.action) >= strictness(whenUnavailable))
      }
    }),
  )
})

test('who decided stands for the action, and nobody decided a relay', () => {
  fc.assert(
    fc.property(checks, annotations, (checks, found) => {
      const verdict = judge(checks, found)
      assert.equal(verdict.decidedBy.length === 0, verdict.action === 'relay')
      for (const check of verdict.decidedBy) {
        const contribution = verdict.contributions.find((one) => one.check === check)
        assert.deepEqual([contribution?.mode, contribution?.action], ['enforce', verdict.action])
      }
    }),
  )
})
