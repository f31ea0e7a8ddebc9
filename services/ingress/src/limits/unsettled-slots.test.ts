import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { UnsettledSlots } from './unsettled-slots.ts'

type Release = () => void

const applications = ['a', 'b', 'c'] as const

/** Takes and notes who was granted a place, in their order. */
function slots(maxInAll: number) {
  let now = 0
  const made = new UnsettledSlots({ maxInAll, waitMs: 100, elapsed: () => now })
  const granted: string[] = []
  const held: { readonly application: string; readonly release: Release }[] = []
  const sentAway: string[] = []
  const note = (who: string, application: string, release: Release | undefined): void => {
    if (release === undefined) sentAway.push(who)
    else {
      granted.push(who)
      held.push({ application, release })
    }
  }
  return {
    made,
    granted,
    held,
    sentAway,
    take(who: string, application: string, max: number): void {
      const slot = made.take(application, max)
      if (typeof slot === 'function') note(who, application, slot)
      else void slot.then((release) => note(who, application, release))
    },
    async release(index = 0): Promise<void> {
      held.splice(index, 1)[0]?.release()
      await Promise.resolve()
    },
    async pass(ms: number): Promise<void> {
      now += ms
      made.tick()
      await Promise.resolve()
    },
  }
}

test('applications are served in turn, and within one who came first', async () => {
  const s = slots(1)
  for (const who of ['a1', 'a2', 'a3', 'b1', 'b2', 'c1']) s.take(who, who.slice(0, 1), 10)
  while (s.held.length > 0) await s.release()
  assert.deepEqual(s.granted, ['a1', 'a2', 'b1', 'c1', 'a3', 'b2'])
})

test('nobody overtakes who waits for the same application, and a full one stops no other', async () => {
  const s = slots(10)
  s.take('a1', 'a', 1)
  s.take('a2', 'a', 1)
  s.take('b1', 'b', 1)
  assert.deepEqual(s.granted, ['a1', 'b1'])
  await s.release()
  assert.deepEqual(s.granted, ['a1', 'b1', 'a2'])
})

test('who waits too long is sent away, and who is left is served', async () => {
  const s = slots(1)
  s.take('a1', 'a', 1)
  s.take('a2', 'a', 1)
  await s.pass(60)
  s.take('a3', 'a', 1)
  await s.pass(40)
  assert.deepEqual(s.sentAway, ['a2'])
  await s.release()
  assert.deepEqual(s.granted, ['a1', 'a3'])
  s.take('a4', 'a', 1)
  s.made.drain()
  await Promise.resolve()
  assert.deepEqual(s.sentAway, ['a2', 'a4'])
})

test('never more than the limits, and never a free place that somebody waits for', async () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('take' as const), application: fc.constantFrom(...applications) }),
    fc.record({ kind: fc.constant('release' as const), index: fc.nat(5) }),
    fc.record({ kind: fc.constant('pass' as const), ms: fc.nat(60) }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const s = slots(4)
      const asked = { a: 0, b: 0, c: 0 }
      for (const one of steps) {
        if (one.kind === 'take') s.take(`${one.application}${asked[one.application]++}`, one.application, 2)
        else if (one.kind === 'release') await s.release(Math.min(one.index, s.held.length - 1))
        else await s.pass(one.ms)
        assert.equal(s.made.inAll, s.held.length)
        assert.ok(s.held.length <= 4)
        for (const application of applications) {
          const isOf = (who: string): boolean => who.startsWith(application)
          const taken = s.held.filter((place) => place.application === application).length
          const waits = asked[application] - s.granted.filter(isOf).length - s.sentAway.filter(isOf).length
          assert.ok(taken <= 2)
          assert.ok(waits === 0 || taken === 2 || s.held.length === 4)
        }
      }
    }),
    { numRuns: 200 },
  )
})
