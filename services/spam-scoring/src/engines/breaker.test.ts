import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SallyportError } from '@sallyport/contracts'
import { fakeClock } from '@sallyport/testkit'
import { breaker } from './breaker.ts'
import { EngineUnavailable } from './engine-unavailable.ts'

const options = { failures: 3, backOffMs: 100, maxBackOffMs: 350 }
const fails = () => Promise.reject(new EngineUnavailable('failed', 'refused'))
const succeeds = () => Promise.resolve('answer')
const resting = { code: 'ENGINE_UNAVAILABLE', why: 'resting', message: /3 times: refused|[4-9] times: refused/ }
const failing = { code: 'ENGINE_UNAVAILABLE', why: 'failed' }

function stage() {
  const clock = fakeClock()
  const changes: string[] = []
  const fuse = breaker('sa', options, clock, (state) => changes.push(state))
  return { clock, changes, fuse }
}

async function opened() {
  const world = stage()
  for (let count = 0; count < 3; count++) await assert.rejects(world.fuse.run(fails), failing)
  return world
}

test('failures that do not follow one another leave it closed', async () => {
  const { fuse } = stage()
  for (let round = 0; round < 5; round++) {
    await assert.rejects(fuse.run(fails), failing)
    await assert.rejects(fuse.run(fails), failing)
    assert.equal(await fuse.run(succeeds), 'answer')
  }
  assert.equal(fuse.state, 'closed')
})

test('it opens after so many failures in a row, asks nobody, and names the last failure', async () => {
  const { fuse, clock } = await opened()
  assert.equal(fuse.state, 'open')
  let asked = 0
  const count = () => {
    asked += 1
    return succeeds()
  }
  await assert.rejects(fuse.run(count), resting)
  clock.advance(99)
  await assert.rejects(fuse.run(count), resting)
  assert.equal(asked, 0)
})

test('behind the back-off one message is the probe; the others do not wait for it', async () => {
  const { fuse, clock, changes } = await opened()
  clock.advance(100)
  assert.equal(fuse.state, 'half-open')
  let answer: (text: string) => void = () => undefined
  const probe = fuse.run(() => new Promise<string>((resolve) => (answer = resolve)))
  assert.equal(fuse.state, 'half-open')
  await assert.rejects(fuse.run(succeeds), resting)
  answer('back')
  assert.equal(await probe, 'back')
  assert.equal(fuse.state, 'closed')
  assert.equal(await fuse.run(succeeds), 'answer')
  assert.deepEqual(changes, ['open', 'closed'])
})

test('each probe that fails doubles the back-off up to its limit; a success resets it', async () => {
  const { fuse, clock, changes } = await opened()
  for (const waitMs of [100, 200, 350, 350]) {
    clock.advance(waitMs - 1)
    await assert.rejects(fuse.run(succeeds), resting)
    clock.advance(1)
    await assert.rejects(fuse.run(fails), failing)
  }
  clock.advance(350)
  assert.equal(await fuse.run(succeeds), 'answer')
  for (let count = 0; count < 3; count++) await assert.rejects(fuse.run(fails), failing)
  clock.advance(100)
  assert.equal(await fuse.run(succeeds), 'answer')
  assert.deepEqual(changes, ['open', 'closed', 'open', 'closed'])
})

test('failures that were on their way when it opened do not prolong it', async () => {
  const { fuse, clock } = stage()
  const late: (() => void)[] = []
  const asked = Array.from({ length: 6 }, () =>
    fuse.run(() => new Promise((_, reject) => late.push(() => reject(new EngineUnavailable('timed-out', 'refused'))))),
  )
  const settled = Promise.allSettled(asked)
  for (const fail of late.slice(0, 3)) fail()
  await Promise.allSettled(asked.slice(0, 3))
  clock.advance(99)
  for (const fail of late.slice(3)) fail()
  await settled
  clock.advance(1)
  assert.equal(await fuse.run(succeeds), 'answer')
})

for (const [name, error] of [
  ['was called off', new EngineUnavailable('called-off', 'nobody waits')],
  ['failed on its content', new SallyportError('CONTENT_MISSING', 'gone')],
] as const) {
  test(`a question that ${name} says nothing about the engine`, async () => {
    const { fuse, clock } = await opened()
    clock.advance(100)
    await assert.rejects(
      fuse.run(() => Promise.reject(error)),
      error,
    )
    assert.equal(fuse.state, 'half-open')
    assert.equal(await fuse.run(succeeds), 'answer')
    for (let count = 0; count < 9; count++)
      await assert.rejects(
        fuse.run(() => Promise.reject(error)),
        error,
      )
    assert.equal(fuse.state, 'closed')
  })
}
