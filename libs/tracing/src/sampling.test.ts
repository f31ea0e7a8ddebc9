import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startRootSpan, traceparentOf } from './spans.ts'
import { withTracing } from './tracing.cases.ts'

const shareAt = async (ratio: number): Promise<number> => {
  let sampled = 0
  await withTracing({ ratio, maxHeld: 0 }, () => {
    for (let index = 0; index < 4_000; index++) {
      const span = startRootSpan('message')
      if (traceparentOf(span)?.endsWith('-01')) sampled++
      span.end()
    }
  })
  return sampled / 4_000
}

test('the share of traces that are sampled is the ratio', async () => {
  assert.equal(await shareAt(0), 0)
  assert.equal(await shareAt(1), 1)
  const share = await shareAt(0.25)
  // Six standard deviations.
  assert.ok(Math.abs(share - 0.25) < 0.042, String(share))
})

test('every service decides alike: by the id of the trace, or as it is told', () =>
  withTracing({ ratio: 0.5 }, async () => {
    for (let index = 0; index < 100; index++) {
      const first = traceparentOf(startRootSpan('in one service')) ?? ''
      const unflagged = first.replace(/01$/, '00')
      assert.equal(traceparentOf(startRootSpan('in another', { parent: unflagged }))?.slice(-2), first.slice(-2))
      const flagged = first.replace(/00$/, '01')
      assert.equal(traceparentOf(startRootSpan('in another', { parent: flagged }))?.slice(-2), '01')
    }
  }))
