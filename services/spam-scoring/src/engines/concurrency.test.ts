import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import fc from 'fast-check'
import { places } from './concurrency.ts'
import { never } from './scripted-server.cases.ts'

function work() {
  const done: (() => void)[] = []
  const started: string[] = []
  const begin = (name: string) => () =>
    new Promise<string>((resolve) => {
      started.push(name)
      done.push(() => resolve(name))
    })
  return { done, started, begin }
}

test('no more than so many at once, the others in the order of their coming', async () => {
  const slots = places('sa', { concurrency: 2, waiting: 10 })
  const { done, started, begin } = work()
  const all = Promise.all(['a', 'b', 'c', 'd'].map((name) => slots.run(begin(name), never())))
  await turn()
  assert.deepEqual(started, ['a', 'b'])
  assert.deepEqual([slots.taken, slots.waiting], [2, 2])
  done[1]?.()
  await turn()
  assert.deepEqual(started, ['a', 'b', 'c'])
  for (let at = 0; at < 4; at++) {
    done[at]?.()
    await turn()
  }
  assert.deepEqual(await all, ['a', 'b', 'c', 'd'])
  assert.deepEqual([slots.taken, slots.waiting], [0, 0])
})

test('who finds the line full is told at once', async () => {
  const slots = places('sa', { concurrency: 1, waiting: 1 })
  const { done, begin } = work()
  const [first, second] = [slots.run(begin('a'), never()), slots.run(begin('b'), never())]
  await assert.rejects(slots.run(begin('c'), never()), { code: 'ENGINE_UNAVAILABLE', why: 'overloaded' })
  done[0]?.()
  await first
  await turn()
  done[1]?.()
  assert.equal(await second, 'b')
})

test('who is called off leaves the line, and his place goes to nobody', async () => {
  const slots = places('sa', { concurrency: 1, waiting: 5 })
  const { done, started, begin } = work()
  const first = slots.run(begin('a'), never())
  const controller = new AbortController()
  const gone = slots.run(begin('gone'), controller.signal)
  const third = slots.run(begin('c'), never())
  controller.abort(new Error('called off'))
  await assert.rejects(gone, /called off/)
  assert.equal(slots.waiting, 1)
  done[0]?.()
  await first
  await turn()
  done[1]?.()
  assert.equal(await third, 'c')
  assert.deepEqual(started, ['a', 'c'])
  assert.equal(slots.taken, 0)
  await assert.rejects(slots.run(begin('late'), controller.signal), /called off/)
})

test('work that fails gives its place back', async () => {
  const slots = places('sa', { concurrency: 1, waiting: 1 })
  await assert.rejects(
    slots.run(() => Promise.reject(new Error('broken')), never()),
    /broken/,
  )
  assert.equal(await slots.run(async () => 'next', never()), 'next')
})

test('whatever comes, fails and leaves: never more than the places, and none is lost', async () => {
  const step = fc.record({ fails: fc.boolean(), leaves: fc.boolean(), turns: fc.integer({ min: 0, max: 4 }) })
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 0, max: 6 }),
      fc.array(step, { maxLength: 30 }),
      async (concurrency, waiting, steps) => {
        const slots = places('sa', { concurrency, waiting })
        let running = 0
        const asked = steps.map(async ({ fails, leaves, turns }) => {
          const controller = new AbortController()
          if (leaves) setImmediate(() => controller.abort())
          await slots.run(async () => {
            running += 1
            assert.ok(running <= concurrency)
            for (let left = turns; left > 0; left--) await turn()
            running -= 1
            if (fails) throw new Error('broken')
          }, controller.signal)
        })
        await Promise.allSettled(asked)
        assert.deepEqual([slots.taken, slots.waiting, running], [0, 0, 0])
      },
    ),
    { numRuns: 50 },
  )
})
