/** Design, "Rules for the embedded bus": no read transaction lasts, since no page that was freed since it began can be used again. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { topics } from '@sallyport/contracts'
import { openEnvironment } from '@sallyport/lmdb'
import { eventually, temporaryFolder } from '@sallyport/testkit'
import type { DeliveredRecord } from '../port.ts'
import { openEmbeddedBus } from './embedded-bus.ts'

const durable = { durable: true } as const
/** Of a reader that ends with its turn, however many commits that turn sees. */
const fewTransactions = 5
const tableRows = 10_000

test('neither records in hand, nor a lag, nor a long table that is being loaded keep a snapshot', { timeout: 60_000 }, async () => {
  using folder = temporaryFolder()
  const environment = await openEnvironment({ path: folder.path })
  const bus = await openEmbeddedBus({ environment, topics: Object.values(topics), partitions: 2 })
  const row = (at: number) => ({ topic: topics.policy.name, key: `row ${at}`, value: Buffer.from(`${at}`) })
  await Promise.all(Array.from({ length: tableRows }, (_, at) => bus.publish(row(at))))

  const inHand: DeliveredRecord[] = []
  const consumer = await bus.consume({
    group: 'delivery-split',
    topics: [topics.decided.name],
    settle: 'manual',
    concurrency: 100,
    handle: (record) => void inHand.push(record),
  })
  let rows = 0
  let oldest = 0
  const table = await bus.table({ topic: topics.policy.name, onRow: () => void rows++ })
  for (let at = 0; at < 60; at++) {
    await bus.publish({ topic: topics.decided.name, key: `${at}`, value: Buffer.from('x') }, durable)
    await bus.lag('delivery-split', [topics.decided.name])
    oldest = Math.max(oldest, environment.statistics().oldestReaderTransactions)
  }
  await table.loaded
  await eventually(() => inHand.length === 60)
  assert.equal(rows, tableRows)
  assert.ok(oldest < fewTransactions, `a snapshot was held over ${oldest} transactions`)
  for (const record of inHand) record.settle()
  await consumer.stop()
  await table.stop()
  await bus.close()
  await environment.close()
})
