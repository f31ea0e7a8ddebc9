import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hopHealth } from './hop-health.ts'

const hop = 'mx.example.com:25'

test('a failure avoids the hop, each further one in a row twice as long, up to the most; what works ends it', () => {
  const health = hopHealth(1_000, 4_000)
  let now = 0
  for (const avoidedMs of [1_000, 2_000, 4_000, 4_000]) {
    health.failed(hop, 'refused', now)
    // Those that were begun together count once.
    health.failed(hop, 'refused', now)
    assert.equal(health.avoided(hop, now + avoidedMs - 1), 'refused')
    now += avoidedMs
    assert.equal(health.avoided(hop, now), undefined)
  }
  health.worked(hop)
  health.failed(hop, 'refused', now)
  assert.equal(health.avoided(hop, now + 1_000), undefined)
})

test('a hop that goes within a transaction is avoided at the third in a row, if they are near each other', () => {
  const cases: readonly (readonly [why: string, steps: readonly ('lost' | 'worked' | 'pause')[], isAvoided: boolean])[] = [
    ['one', ['lost'], false],
    ['two', ['lost', 'lost'], false],
    ['three', ['lost', 'lost', 'lost'], true],
    ['one that worked between', ['lost', 'lost', 'worked', 'lost', 'lost'], false],
    ['a long time between', ['lost', 'lost', 'pause', 'lost', 'lost'], false],
  ]
  for (const [why, steps, isAvoided] of cases) {
    const health = hopHealth(1_000, 4_000)
    let now = 0
    for (const step of steps) {
      if (step === 'lost') health.lost(hop, 'gone', ++now)
      else if (step === 'worked') health.worked(hop)
      else now += 1_000
    }
    assert.equal(health.avoided(hop, now) !== undefined, isAvoided, why)
  }
})
