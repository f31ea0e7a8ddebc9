import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { QueueShares } from './queue-shares.ts'

const accept = (shares: QueueShares, application: string, count: number): void => {
  for (let index = 0; index < count; index++) shares.accepted(application)
}

test('what is accepted after a measure, or while it is under way, is added to it', () => {
  const shares = new QueueShares()
  assert.equal(shares.queued, undefined)
  accept(shares, 'a', 5)
  assert.equal(shares.queued, undefined)
  const found = shares.measure()
  accept(shares, 'a', 2)
  found(10)
  assert.equal(shares.queued, 12)
  accept(shares, 'b', 1)
  assert.equal(shares.queued, 13)
  assert.deepEqual([shares.of('a'), shares.of('b'), shares.of('c')], [7, 1, 0])
})

test('what has left leaves every share alike, and a share of nothing is forgotten', () => {
  const shares = new QueueShares()
  accept(shares, 'flood', 900)
  accept(shares, 'small', 100)
  shares.measure()(500)
  assert.deepEqual([shares.of('flood'), shares.of('small')], [450, 50])
  shares.measure()(4)
  assert.deepEqual([shares.of('flood'), shares.of('small')], [3.6, 0])
  shares.measure()(0)
  assert.equal(shares.of('flood'), 0)
})

test('what others put into the queue belongs to nobody here', () => {
  const shares = new QueueShares()
  accept(shares, 'a', 10)
  shares.measure()(100_000)
  assert.equal(shares.of('a'), 10)
})

test('shares are never more than what waits', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('accept' as const), application: fc.constantFrom('a', 'b', 'c') }),
    fc.record({ kind: fc.constant('measure' as const), queued: fc.nat(20) }),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const shares = new QueueShares()
      shares.measure()(0)
      for (const one of steps) {
        if (one.kind === 'accept') shares.accepted(one.application)
        else shares.measure()(one.queued)
        const sum = ['a', 'b', 'c'].reduce((all, application) => all + shares.of(application), 0)
        assert.ok(sum <= (shares.queued ?? 0) + 1e-9)
      }
    }),
  )
})
