import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RememberedVerdicts } from './remembered-verdicts.ts'

const remembered = (application: string) => ({
  application,
  traceparent: '',
  verdict: {
    action: 'relay' as const,
    decidedBy: [],
    wouldBe: { action: 'relay' as const, by: [] },
    contributions: [],
    policyRevision: 1,
  },
  incomplete: undefined,
  isActedUpon: false,
})

test('keeps at most `max`, at least the younger half, and the last of an id', () => {
  const verdicts = new RememberedVerdicts({ keepMs: 1_000_000, max: 100 })
  for (let index = 0; index < 1_000; index++) {
    verdicts.set(`id-${index}`, remembered(String(index)), index)
    assert.ok(verdicts.size <= 100)
    for (let back = 0; back < Math.min(50, index + 1); back++) {
      assert.equal(verdicts.get(`id-${index - back}`, index)?.application, String(index - back))
    }
  }
  assert.equal(verdicts.get('id-0', 1_000), undefined)
  verdicts.set('id-960', remembered('again'), 1_000)
  assert.equal(verdicts.get('id-960', 1_000)?.application, 'again')
})

test('forgets by age, and lets the memory go', () => {
  const verdicts = new RememberedVerdicts({ keepMs: 600, max: 100 })
  verdicts.set('id', remembered('a'), 0)
  assert.ok(verdicts.get('id', 599))
  assert.equal(verdicts.get('id', 600), undefined)
  for (const nowMs of [600, 1_200, 1_800]) verdicts.expire(nowMs)
  assert.equal(verdicts.size, 0)
})
