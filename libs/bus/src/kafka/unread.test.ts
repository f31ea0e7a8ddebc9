import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PartitionOffset } from './client-port.ts'
import { unreadOf } from './unread.ts'

const perFetch = 3

/** A partition of offsets that are there, from `low` to `high`; `onFetch` may change it. */
function world(options: { readonly offsets: readonly number[]; readonly committed?: number; readonly high?: number }) {
  const log = { offsets: [...options.offsets], low: 0, high: options.high ?? (options.offsets.at(-1) ?? -1) + 1 }
  const hooks = { onAsked(_at: PartitionOffset): void {}, onFetch(_at: PartitionOffset): void {} }
  const client = {
    committed: async () => (options.committed === undefined ? [] : [{ topic: 't', partition: 0, offset: options.committed }]),
    bounds: async () => [{ partition: 0, low: log.low, high: log.high }],
    async recordsFrom(at: PartitionOffset) {
      hooks.onAsked(at)
      if (at.offset < log.low) throw new Error('OFFSET_OUT_OF_RANGE')
      hooks.onFetch(at)
      return log.offsets
        .filter((offset) => offset >= at.offset)
        .slice(0, perFetch)
        .map((offset) => ({ offset, key: `${offset}`, value: null, headers: {}, timestampMs: 1_000 + offset }))
    },
  }
  const look = async (): Promise<number[]> => {
    const offsets: number[] = []
    for await (const { offset, publishedAt } of unreadOf(client, 'g', ['t'])) {
      assert.equal(publishedAt, 1_000 + offset)
      offsets.push(offset)
    }
    return offsets
  }
  return { log, hooks, look }
}

const to = (end: number, from = 0): number[] => Array.from({ length: end - from }, (_, index) => from + index)

test('all of a group that never committed, fetch by fetch', async () => {
  assert.deepEqual(await world({ offsets: to(10) }).look(), to(10))
})

test('from what it committed, and nothing where it committed all', async () => {
  assert.deepEqual(await world({ offsets: to(10), committed: 4 }).look(), to(10, 4))
  assert.deepEqual(await world({ offsets: to(10), committed: 10 }).look(), [])
})

test('offsets that are missing are passed over, also at the end', async () => {
  assert.deepEqual(await world({ offsets: [1, 5, 6, 9], high: 12 }).look(), [1, 5, 6, 9])
})

for (const moment of ['onFetch', 'onAsked'] as const) {
  test(`what is deleted while it is looked at is passed over (${moment})`, async () => {
    const { log, hooks, look } = world({ offsets: to(12) })
    hooks[moment] = ({ offset }) => {
      if (offset === 3 || moment === 'onFetch') log.low = 8
    }
    assert.deepEqual(await look(), [...to(3), ...to(12, 8)])
  })
}

test('a failure that is none of these is told', async () => {
  const { hooks, look } = world({ offsets: to(3) })
  hooks.onAsked = () => {
    throw new Error('gone')
  }
  await assert.rejects(look(), /gone/)
})

test('what comes meanwhile does not keep it from ending', async () => {
  const { log, hooks, look } = world({ offsets: to(4) })
  hooks.onFetch = () => {
    log.offsets.push(log.high, log.high + 1)
    log.high += 2
  }
  assert.deepEqual(await look(), to(4))
})
