/** Failures that a disk does not make at will, on an engine that does. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SallyportError } from '@sallyport/contracts'
import type { RootDatabase } from 'lmdb'
import { DiskRoom } from './disk-room.ts'
import { GroupCommit } from './group-commit.ts'

/** The engine as `GroupCommit` sees it. */
function engine() {
  const state = { transactions: 0, failure: undefined as undefined | 'commit' | 'flush' }
  const root = {
    flushed: Promise.resolve(true),
    resetReadTxn() {},
    getStats: () => ({ lastTxnId: state.transactions }),
    async batch(change: () => void) {
      change()
      if (state.failure !== 'commit') state.transactions++
      if (state.failure)
        throw Object.assign(new Error('Commit failed'), { commitError: Promise.reject(new Error('Input/output error')) })
    },
  }
  const room = new DiskRoom(() => 2 ** 40)
  const commits = new GroupCommit(
    root as unknown as RootDatabase<Buffer, Buffer>,
    room,
    () => new SallyportError('STORE_FULL', 'full'),
  )
  return { state, commits }
}

const durable = { durable: true }

test('a commit that fails is told to its callers, and the next one goes on', async () => {
  const { state, commits } = engine()
  state.failure = 'commit'
  await assert.rejects(
    commits.write(() => 1, durable),
    { code: 'STORE_FULL' },
  )
  state.failure = undefined
  assert.equal(await commits.write(() => 2, durable), 2)
  assert.equal(commits.isBroken, false)
})

test('after a flush that failed nothing is taken any more, since a later flush that succeeds would prove nothing', async () => {
  const { state, commits } = engine()
  state.failure = 'flush'
  const ended: string[] = []
  const broken = { code: 'BUS_UNAVAILABLE', message: /Input\/output error.*until the disk is sound/ }
  const onEnd = { ...durable, onEnd: () => ended.push('end'), onCommit: () => ended.push('commit') }
  await assert.rejects(
    commits.write(() => 1, onEnd),
    broken,
  )
  state.failure = undefined
  await assert.rejects(
    commits.write(() => 2, durable),
    broken,
  )
  assert.deepEqual(ended, ['end'])
  assert.equal(commits.isBroken, true)
  await commits.close()
})

test('an onCommit that throws keeps nobody else from the commit, and is heard of', async (t) => {
  const { commits } = engine()
  const mine = new Error('mine')
  const thrown: (() => void)[] = []
  t.mock.method(globalThis, 'queueMicrotask', (run: () => void) => thrown.push(run))
  const throwing = {
    ...durable,
    onCommit() {
      throw mine
    },
  }
  const told: string[] = []
  const results = await Promise.all([
    commits.write(() => 1, throwing),
    commits.write(() => 2, { ...durable, onCommit: () => told.push('other') }),
  ])
  assert.deepEqual([results, told], [[1, 2], ['other']])
  assert.equal(thrown.length, 1)
  assert.throws(() => thrown[0]?.(), mine)
  assert.equal(await commits.write(() => 3, durable), 3)
})
