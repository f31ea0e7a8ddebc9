/** Contract: a table gives every follower the rows that stand, then every change. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Bus, Table } from '../port.ts'
import { bytes, type OpenBus, soon, withBus } from './fixture.contract.ts'

interface Followed {
  readonly table: Table
  /** Every call of `onRow`, as `key=value`. */
  readonly rows: string[]
  readonly offsets: Map<string, number>
}

async function follow(bus: Bus, topic: string): Promise<Followed> {
  const rows: string[] = []
  const offsets = new Map<string, number>()
  const onRow = (key: string, value: Uint8Array | null, position: { readonly offset: number }): void => {
    rows.push(`${key}=${value === null ? 'null' : Buffer.from(value).toString()}`)
    offsets.set(key, position.offset)
  }
  return { table: await bus.table({ topic, onRow }), rows, offsets }
}

const put = (bus: Bus, topic: string, key: string, value: string | null): Promise<{ readonly offset: number }> =>
  bus.publish({ topic, key, value: value === null ? null : bytes(value) }, { durable: true })

export function tableContract(open: OpenBus): void {
  test('a table loads the last row of each key, without what was deleted', () =>
    withBus(open, async ({ bus, tableTopic }) => {
      for (const n of ['1', '2', '3']) await put(bus, tableTopic, 'a', n)
      await put(bus, tableTopic, 'gone', '1')
      await put(bus, tableTopic, 'gone', null)
      await put(bus, tableTopic, 'b', '')
      const { offset } = await put(bus, tableTopic, 'a', '4')
      const { table, rows, offsets } = await follow(bus, tableTopic)
      await table.loaded
      assert.deepEqual(rows.sort(), ['a=4', 'b='])
      assert.equal(offsets.get('a'), offset)
    }))

  test('an empty table is loaded, too', () =>
    withBus(open, async ({ bus, tableTopic }) => {
      const { table, rows } = await follow(bus, tableTopic)
      await table.loaded
      assert.deepEqual(rows, [])
    }))

  test('every follower sees every change in order of its key, deletions too', () =>
    withBus(open, async ({ bus, tableTopic }) => {
      await put(bus, tableTopic, 'a', '0')
      const followers = [await follow(bus, tableTopic), await follow(bus, tableTopic)]
      for (const { table } of followers) await table.loaded
      for (const value of ['1', '2', null, '3']) await put(bus, tableTopic, 'a', value)
      await put(bus, tableTopic, 'b', '1')
      for (const { rows } of followers) {
        await soon(() => rows.length === 6, 'all changes')
        assert.deepEqual(
          rows.filter((row) => row.startsWith('a')),
          ['a=0', 'a=1', 'a=2', 'a=null', 'a=3'],
        )
        assert.ok(rows.includes('b=1'))
      }
    }))

  test('nothing is missed between loading and following', () =>
    withBus(open, async ({ bus, tableTopic }) => {
      const count = 70
      const publishing = (async () => {
        for (let n = 0; n < count; n++) await bus.publish({ topic: tableTopic, key: `k${n % 7}`, value: bytes(String(n)) })
      })()
      await put(bus, tableTopic, 'first', '1')
      const { table, rows } = await follow(bus, tableTopic)
      await table.loaded
      await publishing
      const last = new Map<string, string>()
      await soon(() => {
        for (const row of rows) {
          const [key = '', value = ''] = row.split('=')
          last.set(key, value)
        }
        return Array.from({ length: 7 }, (_, n) => last.get(`k${(count - 1 - n) % 7}`) === String(count - 1 - n)).every(Boolean)
      }, 'the last of every key')
      const highest = new Map<string, number>()
      for (const row of rows) {
        const [key = '', value = ''] = row.split('=')
        assert.ok(Number(value) > (highest.get(key) ?? -1), `${row} after ${highest.get(key)}`)
        highest.set(key, Number(value))
      }
    }))

  test('rows stand over a restart, deletions too', () =>
    withBus(open, async (fixture) => {
      const { tableTopic } = fixture
      await put(fixture.bus, tableTopic, 'a', '1')
      await put(fixture.bus, tableTopic, 'b', '1')
      await put(fixture.bus, tableTopic, 'b', null)
      await fixture.reopen()
      const { table, rows } = await follow(fixture.bus, tableTopic)
      await table.loaded
      assert.deepEqual(rows, ['a=1'])
      await put(fixture.bus, tableTopic, 'a', '2')
      await soon(() => rows.length === 2, 'the change')
      assert.deepEqual(rows, ['a=1', 'a=2'])
    }))

  test('a follower that stopped sees nothing more', () =>
    withBus(open, async ({ bus, tableTopic }) => {
      const [stopped, other] = [await follow(bus, tableTopic), await follow(bus, tableTopic)]
      await Promise.all([stopped.table.loaded, other.table.loaded])
      await stopped.table.stop()
      await put(bus, tableTopic, 'a', '1')
      await soon(() => other.rows.length === 1, 'the other follower')
      assert.deepEqual(stopped.rows, [])
    }))
}
