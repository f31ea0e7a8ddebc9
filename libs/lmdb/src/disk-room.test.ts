import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { openEnvironment } from './open-environment.ts'

const disk = mkdtempSync(join(tmpdir(), 'sallyport-room-'))
const mount = (): boolean => spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', disk]).status === 0
const skip = mount() ? false : 'needs root and mount'
after(() => {
  if (!skip) execFileSync('umount', [disk])
  rmSync(disk, { recursive: true, force: true })
})

const bytes = (text: string): Buffer => Buffer.from(text)
const filler = join(disk, 'filler')
/** Leaves about so many bytes free. */
function fill(leaveBytes: number): void {
  rmSync(filler, { force: true })
  try {
    writeFileSync(filler, Buffer.alloc(16 * 2 ** 20))
  } catch {
    // Full, as it should be.
  }
  const size = Number(execFileSync('stat', ['-c', '%s', filler], { encoding: 'utf8' }))
  truncateSync(filler, Math.max(0, size - leaveBytes))
}

test('where room is scarce what does not fit fails alone; what fits, and what gives room, goes on', { skip }, async () => {
  const environment = await openEnvironment({ path: join(disk, 'scarce') })
  const table = environment.table('t')
  const put = (key: string, size: number): Promise<string> =>
    environment
      .write((transaction) => transaction.put(table, bytes(key), Buffer.alloc(size)), { durable: true })
      .then(
        () => 'done',
        ({ code }) => code,
      )
  await put('old', 1_000_000)
  fill(1_000_000)
  const results = await Promise.all([
    put('small', 100),
    put('large', 2_000_000),
    put('other', 100),
    environment.write((transaction) => transaction.delete(table, bytes('old')), { durable: true }).then(() => 'done'),
    environment.write((transaction) => String(transaction.get(table, bytes('large'))), { durable: true }),
    environment.write((transaction) => transaction.get(table, bytes('small'))?.byteLength, { durable: true }),
  ])
  assert.deepEqual(results, ['done', 'STORE_FULL', 'done', 'done', 'undefined', 100])
  assert.deepEqual(Array.from(table.keys({}), String), ['other', 'small'])
  rmSync(filler)
  assert.equal(await put('large', 2_000_000), 'done')
  await environment.close()
})

test('a store opens, is read and closes on a disk without any room, and its epoch is right', { skip }, async () => {
  const path = join(disk, 'full')
  rmSync(filler, { force: true })
  const first = await openEnvironment({ path })
  await first.write((transaction) => transaction.put(first.table('t'), bytes('k'), bytes('v')), { durable: true })
  fill(0)
  await assert.rejects(
    first.write((transaction) => transaction.put(first.table('t'), bytes('l'), bytes('v')), { durable: true }),
    { code: 'STORE_FULL' },
  )
  await first.close()
  const second = await openEnvironment({ path })
  assert.equal(second.epoch, 0)
  assert.equal(second.table('t').get(bytes('k'))?.toString(), 'v')
  await assert.rejects(
    second.write((transaction) => transaction.put(second.table('t'), bytes('l'), bytes('v'))),
    { code: 'STORE_FULL' },
  )
  rmSync(filler)
  await second.write((transaction) => transaction.put(second.table('t'), bytes('l'), bytes('v')), { durable: true })
  await second.close()
})
