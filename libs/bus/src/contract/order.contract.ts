/** Contract: the records of a key in order, other keys beside it, failures in the way of their key alone. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { DeliveredRecord } from '../port.ts'
import { gate, type OpenBus, publishAll, seen, soon, text, withBus } from './fixture.contract.ts'

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index)
const keyOf = (value: string): string => value.slice(0, 1)

export function orderContract(open: OpenBus): void {
  test('records of one key in order, whatever the others do', () =>
    withBus(open, async ({ bus, topic, group }) => {
      const keys = ['a', 'b', 'c', 'd', 'e']
      const byKey = new Map(keys.map((key) => [key, [] as string[]]))
      const running = new Set<string>()
      await bus.consume({
        group,
        topics: [topic],
        handle: async (record) => {
          assert.ok(!running.has(record.key), `two records of ${record.key} at once`)
          running.add(record.key)
          for (let turns = record.offset % 4; turns > 0; turns--) await new Promise((resolve) => setImmediate(resolve))
          byKey.get(record.key)?.push(text(record))
          running.delete(record.key)
        },
      })
      const values = numbers(40).flatMap((n) => keys.map((key) => ({ topic, key, value: Buffer.from(`${key}${n}`) })))
      await Promise.all(values.map((record) => bus.publish(record)))
      await soon(() => [...byKey.values()].every((of) => of.length >= 40), 'all records')
      for (const key of keys)
        assert.deepEqual(
          byKey.get(key),
          numbers(40).map((n) => `${key}${n}`),
        )
    }))

  test('a handler that has not returned holds up its key alone', () =>
    withBus(open, async ({ bus, topic, group }) => {
      const slow = gate()
      const done: string[] = []
      await publishAll(bus, topic, ['a1', 'a2', 'b1', 'c1', 'b2'], keyOf)
      await bus.consume({
        group,
        topics: [topic],
        handle: async (record) => {
          if (text(record) === 'a1') await slow.opened
          done.push(text(record))
        },
      })
      await soon(() => done.length === 3, 'the other keys')
      assert.deepEqual([...done].sort(), ['b1', 'b2', 'c1'])
      assert.ok(done.indexOf('b1') < done.indexOf('b2'))
      slow.open()
      await soon(() => done.length === 5, 'the slow key')
      assert.deepEqual(done.slice(3), ['a1', 'a2'])
    }))

  test('a handler that fails is tried again until it does not, before the next of its key; others go on', () =>
    withBus(open, async ({ bus, topic, group }) => {
      const done: string[] = []
      let failures = 0
      let mayPass = false
      await publishAll(bus, topic, ['a1', 'a2', 'b1', 'b2'], keyOf)
      await bus.consume({
        group,
        topics: [topic],
        handle: (record) => {
          if (text(record) === 'a1' && !mayPass) {
            if (failures++ % 2 === 0) throw new Error('not yet')
            return Promise.reject(new Error('not yet'))
          }
          done.push(text(record))
        },
      })
      await soon(() => failures >= 3 && done.length === 2, 'three failures and the other key')
      assert.deepEqual(done, ['b1', 'b2'])
      mayPass = true
      await soon(() => done.length === 4, 'the key that failed')
      assert.deepEqual(done, ['b1', 'b2', 'a1', 'a2'])
    }))

  test('failing keys do not take the room of others, even with concurrency 1', () =>
    withBus(open, async ({ bus, topic, group }) => {
      const done = seen()
      let mayPass = false
      await publishAll(bus, topic, ['a', 'b', 'c'])
      await bus.consume({
        group,
        topics: [topic],
        concurrency: 1,
        handle: (record) => {
          if (text(record) === 'a' && !mayPass) throw new Error('not yet')
          done.handle(record)
        },
      })
      await soon(() => done.texts.length === 2, 'the others')
      assert.deepEqual(done.texts, ['b', 'c'])
      mayPass = true
      await soon(() => done.texts.length === 3, 'the one that failed')
    }))

  test('at most `concurrency` handlers at once', () =>
    withBus(open, async ({ bus, topic, group }) => {
      let running = 0
      let most = 0
      let done = 0
      await bus.consume({
        group,
        topics: [topic],
        concurrency: 3,
        handle: async () => {
          most = Math.max(most, ++running)
          for (let turns = 0; turns < 3; turns++) await new Promise((resolve) => setImmediate(resolve))
          running--
          done++
        },
      })
      await publishAll(bus, topic, numbers(60).map(String))
      await soon(() => done === 60, 'all records')
      assert.ok(most >= 2 && most <= 3, `${most} at once`)
    }))

  test('at most `maxUnsettled` records of a partition are out, and settling any lets the next come', () =>
    withBus(open, async ({ bus, topic, group }) => {
      const out = new Map<string, DeliveredRecord>()
      let most = 0
      let settled = 0
      await bus.consume({
        group,
        topics: [topic],
        settle: 'manual',
        maxUnsettled: 3,
        handle: (record) => {
          out.set(text(record), record)
          most = Math.max(most, out.size)
        },
      })
      await publishAll(bus, topic, numbers(12).map(String))
      while (settled < 12) {
        const size = Math.min(3, 12 - settled)
        await soon(() => out.size >= size, `${size} records out`)
        const [last] = [...out].slice(-1)
        if (!last) continue
        out.delete(last[0])
        last[1].settle()
        settled++
      }
      assert.equal(most, 3)
    }))
}
