import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { openEnvironment } from './open-environment.ts'
import type { Environment } from './port.ts'

const path = mkdtempSync(join(tmpdir(), 'sallyport-readers-'))
after(() => rmSync(path, { recursive: true, force: true }))

/** A process that holds a snapshot of the store: an inspection tool, say. */
const script = `
  import { open } from 'lmdb'
  const root = open({ path: ${JSON.stringify(path)}, noSubdir: false, readOnly: true })
  const table = root.openDB({ name: 't', encoding: 'binary', keyEncoding: 'binary' })
  globalThis.snapshot = root.useReadTransaction()
  table.get(Buffer.from('k'), { transaction: globalThis.snapshot })
  console.log('reading')
  setInterval(() => {}, 1_000)`

async function write(environment: Environment, times: number): Promise<void> {
  for (let n = 0; n < times; n++) {
    const table = environment.table('t')
    await environment.write((transaction) => transaction.put(table, Buffer.from('k'), Buffer.from(`${n}`)), { durable: true })
  }
}

test('the oldest reader is a figure, and one that was killed holds no pages after a start', async () => {
  const environment = await openEnvironment({ path })
  await write(environment, 3)
  const reader = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
    cwd: import.meta.dirname,
  })
  await once(reader.stdout, 'data')
  await write(environment, 10)
  assert.ok(environment.statistics().oldestReaderTransactions >= 10)
  reader.kill('SIGKILL')
  await once(reader, 'exit')
  await environment.close()
  const again = await openEnvironment({ path })
  await write(again, 2)
  assert.ok(again.statistics().oldestReaderTransactions <= 2)
  await again.close()
})
