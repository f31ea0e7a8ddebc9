import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Deadlines, type Timed } from './deadlines.ts'

test('every item is due once, never before its deadline, at most a tick after it, and by its last deadline only', () => {
  const step = fc.record({
    passMs: fc.integer({ min: 0, max: 60 }),
    item: fc.nat(7),
    inMs: fc.integer({ min: -20, max: 200 }),
    remove: fc.boolean(),
  })
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 25 }), fc.array(step, { maxLength: 60 }), (tickMs, steps) => {
      let nowMs = 1_000.5
      const deadlines = new Deadlines<Timed>(tickMs, nowMs)
      const items = Array.from({ length: 8 }, (): Timed => ({ deadlineMs: 0 }))
      const expected = new Map<Timed, { readonly atMs: number; readonly latestMs: number }>()
      const pass = (ms: number): void => {
        nowMs += ms
        for (const item of deadlines.due(nowMs)) {
          const { atMs } = expected.get(item) ?? assert.fail('due, but not set')
          assert.ok(atMs <= nowMs)
          expected.delete(item)
        }
        for (const { latestMs } of expected.values()) assert.ok(nowMs < latestMs)
      }
      for (const { passMs, item: index, inMs, remove } of steps) {
        const item = items[index]
        if (!item) continue
        if (remove) {
          deadlines.remove(item)
          expected.delete(item)
        } else {
          deadlines.set(item, nowMs + inMs)
          expected.set(item, { atMs: nowMs + inMs, latestMs: nowMs + Math.max(0, inMs) + tickMs })
        }
        pass(passMs)
      }
      pass(500)
      assert.equal(expected.size, 0)
    }),
  )
})
