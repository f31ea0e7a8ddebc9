import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { PartitionOffset } from './client-port.ts'
import { KafkaLane } from './kafka-lane.ts'
import { LaneCommits } from './lane-commits.ts'

/** A partition of which all below 5 is committed, and a broker that the test takes away and gives back. */
class World {
  readonly lane = new KafkaLane({ topic: 't', partition: 0 }, 5, () => {})
  readonly committed: number[] = []
  readonly failures: unknown[] = []
  isConnected = true
  commitFails = false
  answers: Promise<void> = Promise.resolve()
  readonly commits: LaneCommits

  constructor(t: TestContext) {
    t.mock.timers.enable({ apis: ['setTimeout'] })
    this.commits = new LaneCommits({
      lanes: () => [this.lane],
      session: () => (this.isConnected ? { commit: (offsets) => this.#commit(offsets) } : undefined),
      onFailed: (error) => this.failures.push(error),
    })
    t.after(() => this.commits.stop())
    this.#tick = (ms) => t.mock.timers.tick(ms)
  }

  readonly #tick: (ms: number) => void

  async #commit(offsets: readonly PartitionOffset[]): Promise<void> {
    await this.answers
    if (this.commitFails) throw new Error('rebalance in progress')
    this.committed.push(...offsets.map(({ offset }) => offset))
    this.commits.committed(offsets)
  }

  /** The next record is delivered and settled. */
  settle(): void {
    this.settleUnasked()
    this.commits.soon()
  }

  settleUnasked(): void {
    this.lane.unsettled.add(this.lane.unsettled.watermark)()
  }

  /** Half a second goes by, and what it begins comes to its end. */
  async pass(): Promise<void> {
    this.#tick(500)
    await new Promise(setImmediate)
  }
}

test('what moves within half a second is committed at once', async (t) => {
  const world = new World(t)
  world.settle()
  world.settle()
  assert.deepEqual(world.committed, [])
  await world.pass()
  await world.pass()
  assert.deepEqual(world.committed, [7])
})

test('where there is no session it is committed when there is one, though nothing more is settled', async (t) => {
  const world = new World(t)
  world.isConnected = false
  world.settle()
  await world.pass()
  await world.pass()
  assert.deepEqual(world.committed, [])
  world.isConnected = true
  await world.pass()
  assert.deepEqual(world.committed, [6])
})

test('what fails is told, and tried again', async (t) => {
  const world = new World(t)
  world.commitFails = true
  world.settle()
  await world.pass()
  await world.pass()
  assert.equal(world.failures.length, 2)
  world.commitFails = false
  await world.pass()
  assert.deepEqual(world.committed, [6])
})

test('what is settled while the broker is asked is committed after it', async (t) => {
  const world = new World(t)
  const { promise, resolve } = Promise.withResolvers<void>()
  world.answers = promise
  world.settle()
  await world.pass()
  world.settle()
  const now = world.commits.now()
  resolve()
  await now
  assert.deepEqual(world.committed, [6, 7])
})

test('after a stop nothing begins anew, also where a commit was on its way', async (t) => {
  const world = new World(t)
  const { promise, resolve } = Promise.withResolvers<void>()
  world.answers = promise
  world.settle()
  await world.pass()
  world.settleUnasked()
  world.commits.stop()
  resolve()
  await world.pass()
  await world.pass()
  assert.deepEqual(world.committed, [6])
})
