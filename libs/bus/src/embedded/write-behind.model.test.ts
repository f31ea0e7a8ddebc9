/** Any interleaving of publishing, settling, coming and going and restarts: nothing unsettled is lost, and keys keep their order. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Retention } from '@sallyport/contracts'
import { eventually } from '@sallyport/testkit'
import fc from 'fast-check'
import type { Consumer, DeliveredRecord, Durability } from '../port.ts'
import { embeddedWorld, type World } from './embedded-world.cases.ts'

type Group = 'a' | 'b'
type Step =
  | { readonly do: 'publish'; readonly key: string; readonly durable: Durability }
  | { readonly do: 'settle'; readonly group: Group; readonly which: number }
  | { readonly do: 'start' | 'stop'; readonly group: Group }
  | { readonly do: 'turn' | 'pass' | 'longPass' | 'reopen' }

const group = fc.constantFrom<Group>('a', 'b')
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('publish' as const),
      key: fc.constantFrom('x', 'y', 'z'),
      durable: fc.constantFrom<Durability>(false, false, true, 'or-settled'),
    }),
  },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('settle' as const), group, which: fc.nat(20) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('start' as const, 'stop' as const), group }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constantFrom('turn' as const, 'turn' as const, 'turn' as const, 'pass' as const, 'pass' as const, 'longPass' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reopen' as const) }) },
)

const retentions: Readonly<Record<string, Retention>> = {
  'until-read': { kind: 'until-read', readers: ['a', 'b'] },
  orWhenRead: { kind: 'age', ms: 86_400_000, orWhenRead: true },
}

/** One group: what it was given since it came, and what it ever settled. */
class Reader {
  readonly settled = new Set<number>()
  readonly #name: Group
  readonly #keyOf: ReadonlyMap<number, string>
  #consumer: Consumer | undefined
  /** By number of the message, in the order of delivery. */
  open = new Map<number, DeliveredRecord>()
  #lastOfKey = new Map<string, number>()
  failure: string | undefined

  constructor(name: Group, keyOf: ReadonlyMap<number, string>) {
    this.#name = name
    this.#keyOf = keyOf
  }

  async start(world: World): Promise<void> {
    if (this.#consumer) return
    this.open = new Map()
    this.#lastOfKey = new Map()
    this.#consumer = await world.bus.consume({
      group: this.#name,
      topics: ['t'],
      settle: 'manual',
      drainMs: 0,
      maxUnsettled: 5,
      handle: (record) => this.#handle(record),
    })
  }

  async stop(): Promise<void> {
    const consumer = this.#consumer
    this.#consumer = undefined
    await consumer?.stop()
    this.open = new Map()
  }

  settle(which: number): void {
    const [message, record] = [...this.open][which % Math.max(1, this.open.size)] ?? []
    if (message === undefined || !record) return
    this.open.delete(message)
    this.settled.add(message)
    record.settle()
  }

  #handle(record: DeliveredRecord): void {
    const message = Number(Buffer.from(record.value ?? []).toString())
    const last = this.#lastOfKey.get(record.key) ?? -1
    if (message <= last) this.failure = `${this.#name}: ${message} came after ${last} of the key ${record.key}`
    if (this.#keyOf.get(message) !== record.key) this.failure = `${this.#name}: ${message} came under the key ${record.key}`
    this.#lastOfKey.set(record.key, message)
    this.open.set(message, record)
  }
}

async function play(retention: Retention, steps: readonly Step[]): Promise<void> {
  const world = await embeddedWorld(retention)
  const keys = new Map<number, string>()
  const readers = { a: new Reader('a', keys), b: new Reader('b', keys) }
  const both = Object.values(readers)
  // Both groups are known from the start: one that comes later need not find what the others have read.
  for (const reader of both) await reader.start(world)
  const publishing: Promise<unknown>[] = []
  const reopen = async (): Promise<void> => {
    for (const reader of both) await reader.stop()
    await world.reopen()
    await Promise.all(publishing.splice(0))
  }
  const publish = (key: string, durable: Durability): void => {
    const message = keys.size
    keys.set(message, key)
    publishing.push(world.bus.publish({ topic: 't', key, value: Buffer.from(String(message)) }, { durable }))
  }
  for (const each of steps) {
    if (each.do === 'publish') publish(each.key, each.durable)
    else if (each.do === 'settle') readers[each.group].settle(each.which)
    else if (each.do === 'start') await readers[each.group].start(world)
    else if (each.do === 'stop') await readers[each.group].stop()
    else if (each.do === 'reopen') await reopen()
    else if (each.do === 'turn') await new Promise((resolve) => setImmediate(resolve))
    else await new Promise((resolve) => setTimeout(resolve, each.do === 'pass' ? 11 : 51))
  }
  await reopen()
  for (const reader of both) await reader.start(world)
  const all = Array.from(keys.keys())
  const isComplete = (): boolean => {
    for (const reader of both) while (reader.open.size > 0) reader.settle(0)
    return both.every(({ settled }) => all.every((message) => settled.has(message)))
  }
  await eventually(isComplete, { what: 'every message of every group' })
  for (const { failure } of both) assert.equal(failure, undefined)
  await eventually(() => isComplete() && world.rows().length === 0, { what: 'deletion of all' })
  await world.bus.close()
}

for (const [name, retention] of Object.entries(retentions)) {
  test(`${name}: every message comes to every group until it is settled, in order of its key`, { timeout: 60_000 }, () =>
    fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), (steps) => play(retention, steps)),
      { numRuns: 15 },
    ),
  )
}
