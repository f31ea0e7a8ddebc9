import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LiveEvent, Overview } from '@sallyport/contracts'
import { flowShape } from './flow-shape.ts'
import { emptyLive, withLiveEvent } from './live-state.ts'

const rates = { received: 4, accepted: 3, refused: 1, violations: 0, held: 0, delivered: 2, deferred: 0, failed: 0 }
const overview = (at: number): Overview => ({
  at,
  policyRevision: 1,
  rates,
  stages: [],
  queue: { messages: 0, oldestAgeMs: 0 },
  held: 0,
  problems: [],
})
const mail = (at: number): LiveEvent => ({ id: String(at), kind: 'settled', at, application: 'billing', text: '', violations: [] })

test('the newest event stands first, and no more are kept than are shown', () => {
  let live = emptyLive
  for (let at = 0; at < 50; at++) live = withLiveEvent(live, { kind: 'mail', mail: mail(at) })
  assert.equal(live.mails.length, 12)
  assert.equal(live.mails[0]?.at, 49)
  assert.equal(live.isConnected, true)
})

test('the history grows by one figure for each overview, keeps two minutes, and repeats nothing', () => {
  let live = emptyLive
  for (let at = 0; at < 100; at++) live = withLiveEvent(live, { kind: 'overview', overview: overview(at) })
  live = withLiveEvent(live, { kind: 'overview', overview: overview(99) })
  assert.equal(live.history.length, 60)
  assert.deepEqual(live.history.at(-1), { at: 99, received: 4, delivered: 2, refused: 1 })
  assert.equal(live.history.at(0)?.at, 40)
})

test('the picture tells who is missing and who is behind, and shows a checker of others among the checks', () => {
  const { checks, verdict, delivery, ingress } = flowShape([
    { role: 'domain-check', processes: 1, waiting: 0, oldestAgeMs: 0 },
    { role: 'attachment-scan', processes: 0, waiting: 0, oldestAgeMs: 0 },
    { role: 'verdict', processes: 1, waiting: 9, oldestAgeMs: 6000 },
    { role: 'delivery', processes: 1, waiting: 9, oldestAgeMs: 60_000 },
    { role: 'console', processes: 1, waiting: 0, oldestAgeMs: 0 },
  ])
  assert.deepEqual(
    checks.map(({ name, isMissing }) => [name, isMissing]),
    [
      ['Domain', false],
      ['attachment-scan', true],
    ],
  )
  assert.equal(verdict?.isBehind, true)
  assert.equal(delivery?.isBehind, false, 'what was put off waits by design')
  assert.equal(ingress, undefined)
})
