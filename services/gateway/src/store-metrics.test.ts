import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openEnvironment } from '@sallyport/lmdb'
import { temporaryFolder } from '@sallyport/testkit'
import { Registry } from 'prom-client'
import { storeMetrics } from './store-metrics.ts'

async function figures(metrics: Registry): Promise<Readonly<Record<string, number>>> {
  const text = await metrics.metrics()
  const lines = text.matchAll(/^sallyport_store_(\w+) (\S+)$/gm)
  return Object.fromEntries(Array.from(lines, ([, name = '', value]) => [name, Number(value)]))
}

test('file size, used bytes, free space and oldest reader are metrics, and follow the store', async () => {
  using folder = temporaryFolder()
  const environment = await openEnvironment({ path: folder.path })
  const metrics = new Registry()
  const stop = storeMetrics(environment, metrics)
  const table = environment.table('t')
  const before = await figures(metrics)
  assert.deepEqual(Object.keys(before), ['file_bytes', 'used_bytes', 'free_disk_bytes', 'oldest_reader_transactions'])
  assert.ok((before.file_bytes ?? 0) > 0 && (before.free_disk_bytes ?? 0) > 0)
  const megabyte = new Uint8Array(1_000_000)
  await environment.write((transaction) => transaction.put(table, Buffer.from('k'), megabyte), { durable: true })
  const behind = await figures(metrics)
  assert.ok((behind.used_bytes ?? 0) >= (before.used_bytes ?? 0) + megabyte.length)
  stop()
  await environment.close()
  assert.equal((await figures(metrics)).used_bytes, behind.used_bytes)
})
