import assert from 'node:assert/strict'
import { test } from 'node:test'
import { topics } from '@sallyport/contracts'
import { eventually, memoryEnvironment } from '@sallyport/testkit'
import type { Bus } from '../port.ts'
import { openEmbeddedBus } from './embedded-bus.ts'

const partitions = 3

async function open(environment = memoryEnvironment()): Promise<Bus> {
  const t = { name: 't', retention: { kind: 'until-read', readers: ['g'] } } as const
  return openEmbeddedBus({ environment, topics: [t, topics.dead], partitions })
}

test('where handlers are few, partitions take turns: a backlog in one does not keep the others waiting', async () => {
  const bus = await open()
  for (let partition = 0; partition < partitions; partition++) {
    await Promise.all(
      Array.from({ length: 20 }, (_, n) => bus.publish({ topic: 't', key: `${partition}-${n}`, partition, value: null })),
    )
  }
  const handled: number[] = []
  await bus.consume({
    group: 'g',
    topics: ['t'],
    concurrency: 1,
    handle: async ({ partition }) => {
      handled.push(partition)
      await new Promise((resolve) => setImmediate(resolve))
    },
  })
  await eventually(() => handled.length >= 30)
  const counts = [0, 1, 2].map((partition) => handled.slice(0, 30).filter((each) => each === partition).length)
  assert.deepEqual(counts, [10, 10, 10])
  await bus.close()
})

test('a member that cannot take its partitions over leaves them to the others', async () => {
  const bus = await open()
  const handled: string[] = []
  const options = { group: 'g', topics: ['t'], handle: ({ key }: { readonly key: string }) => void handled.push(key) }
  const first = await bus.consume(options)
  const onAssigned = (): Promise<void> => Promise.reject(new Error('mine'))
  await assert.rejects(bus.consume({ ...options, onAssigned }), { message: 'mine' })
  assert.equal(first.assigned().length, partitions)
  for (let partition = 0; partition < partitions; partition++) {
    await bus.publish({ topic: 't', key: `${partition}`, partition, value: null })
  }
  await eventually(() => handled.length === partitions)
  await bus.close()
})

test('a start on a data folder that it knows writes nothing: it succeeds on a full disk', async () => {
  const environment = memoryEnvironment()
  await (await open(environment)).close()
  const puts: string[] = []
  const write: typeof environment.write = (change, options) =>
    environment.write(
      (transaction) =>
        change({
          get: (table, key) => transaction.get(table, key),
          put: (_, key) => void puts.push(Buffer.from(key).toString()),
          delete: (_, key) => void puts.push(Buffer.from(key).toString()),
        }),
      options,
    )
  await open({
    ...environment,
    write,
    table: (name, options) => environment.table(name, options),
    close: () => environment.close(),
  })
  assert.deepEqual(puts, [])
})
