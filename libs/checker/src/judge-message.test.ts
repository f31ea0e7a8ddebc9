import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { SallyportError } from '@sallyport/contracts'
import { eventually } from '@sallyport/testkit'
import { defineChecker } from './definition.ts'
import { asking, policyRevision, stage } from './stage.cases.ts'

const finds = defineChecker({
  name: 'probe',
  check: () => ({ outcome: 'fail', reasons: [{ rule: 'probe.found', text: 'something was found' }] }),
})

const failures: readonly [string, RegExp, () => never | Promise<never>][] = [
  [
    'throws',
    /told/,
    () => {
      throw new Error('told')
    },
  ],
  ['rejects', /told/, () => Promise.reject(new Error('told'))],
  [
    'reads content that is gone',
    /there is no/,
    () => {
      throw new SallyportError('CONTENT_MISSING', 'there is no content')
    },
  ],
]

for (const [what, said, check] of failures) {
  test(`a check that ${what} is unavailable, never a pass, and is logged`, async () => {
    const { role, log, ask, annotationOf } = await stage(defineChecker({ name: 'probe', check }))
    const received = asking()
    await ask(received)
    const { outcome, reasons } = await annotationOf(received)
    assert.equal(outcome, 'unavailable')
    assert.equal(reasons[0]?.rule, 'probe.failed')
    assert.match(String(reasons[0]?.evidence?.error), said)
    const line = log.lines.find(({ level }) => level === 50)
    assert.equal(line?.id, received.message.id)
    await role.stop()
  })
}

test('what happens all the time is logged ten times in ten seconds, and then with how many were left out', async () => {
  const { ports, role, log, ask, annotations } = await stage(
    defineChecker({
      name: 'probe',
      check: () => {
        throw new Error('told')
      },
    }),
  )
  for (let index = 0; index < 25; index++) await ask(asking())
  await eventually(() => annotations().length === 25)
  assert.equal(log.lines.filter(({ level }) => level === 50).length, 10)
  ports.clock.advance(10_000)
  await ask(asking())
  await eventually(() => annotations().length === 26)
  assert.equal(log.lines.filter(({ level }) => level === 50).at(-1)?.leftOut, 15)
  await role.stop()
})

test('a check that takes too long is told by its signal and not waited for', async () => {
  const signals: AbortSignal[] = []
  const slow = defineChecker({
    name: 'probe',
    check: (_, { signal }) => {
      signals.push(signal)
      return new Promise(() => undefined)
    },
  })
  const { ports, role, ask, annotationOf } = await stage(slow)
  const received = asking()
  await ask(received)
  await eventually(() => signals.length === 1)
  ports.clock.advance(25_001)
  const { outcome, reasons } = await annotationOf(received)
  assert.equal(outcome, 'unavailable')
  assert.equal(reasons[0]?.rule, 'probe.timed-out')
  assert.equal(signals[0]?.aborted, true)
  await role.stop()
})

test('a message waits for its policy revision, and is unavailable where it does not come', async () => {
  const { ports, role, ask, annotationOf, annotations } = await stage(finds, { settings: { policyWaitMs: 300 } })
  const early = asking({}, { policyRevision: 2 })
  await ask(early)
  await sleep(20)
  assert.equal(annotations().length, 0)
  ports.policy.replace(policyRevision(2))
  assert.equal((await annotationOf(early)).outcome, 'fail')
  const lost = asking({}, { policyRevision: 9 })
  await ask(lost)
  const { outcome, reasons } = await annotationOf(lost)
  assert.equal(outcome, 'unavailable')
  assert.equal(reasons[0]?.rule, 'probe.policy-unknown')
  await role.stop()
})

test('an application that the pinned revision does not know cannot be judged', async () => {
  const { role, ask, annotationOf } = await stage(finds)
  const received = asking({}, { application: 'gone' })
  await ask(received)
  assert.equal((await annotationOf(received)).reasons[0]?.rule, 'probe.application-unknown')
  await role.stop()
})

test('a revision that did not come is not waited for again until the policy changes', async () => {
  const { ports, role, ask, annotationOf, annotations } = await stage(finds, { settings: { policyWaitMs: 50 } })
  const first = asking({}, { policyRevision: 9 })
  await ask(first)
  await annotationOf(first)
  for (let index = 0; index < 20; index++) await ask(asking({}, { policyRevision: 9 }))
  await ports.bus.idle()
  assert.equal(annotations().filter(({ outcome }) => outcome === 'unavailable').length, 21)
  ports.policy.replace(policyRevision(9))
  const last = asking({}, { policyRevision: 9 })
  await ask(last)
  assert.equal((await annotationOf(last)).outcome, 'fail')
  await role.stop()
})

test('a stop waits neither for a policy nor for a check that never ends', async () => {
  const { role, ask, annotations, ports } = await stage(
    defineChecker({ name: 'probe', check: () => new Promise(() => undefined) }),
    {
      settings: { policyWaitMs: 60_000 },
    },
  )
  await ask(asking({}, { policyRevision: 9 }))
  await ask(asking())
  await sleep(5)
  await role.stop()
  await ports.bus.idle()
  assert.ok(annotations().every(({ outcome }) => outcome === 'unavailable'))
})
