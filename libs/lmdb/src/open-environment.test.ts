import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { openEnvironment } from './index.ts'

const base = mkdtempSync(join(tmpdir(), 'sallyport-lmdb-'))
after(() => rmSync(base, { recursive: true, force: true }))
let folders = 0
const newFolder = (): string => join(base, `f${folders++}`)
const bytes = (text: string): Buffer => Buffer.from(text)

test('what was written is there after closing and opening again, and the epoch stays', async () => {
  const path = newFolder()
  const first = await openEnvironment({ path })
  await first.write((transaction) => transaction.put(first.table('t'), bytes('k'), bytes('v')), { durable: true })
  await first.close()
  const second = await openEnvironment({ path })
  assert.equal(second.table('t').get(bytes('k'))?.toString(), 'v')
  assert.equal(second.epoch, first.epoch)
  await second.close()
})

test('writes run in call order, see what was written before them in the same commit, and return their result', async () => {
  const environment = await openEnvironment({ path: newFolder() })
  const table = environment.table('counter')
  const increment = (): Promise<number> =>
    environment.write((transaction) => {
      const next = Number(transaction.get(table, bytes('n'))?.toString() ?? 0) + 1
      transaction.put(table, bytes('n'), bytes(String(next)))
      return next
    })
  assert.deepEqual(
    await Promise.all(Array.from({ length: 300 }, increment)),
    Array.from({ length: 300 }, (_, index) => index + 1),
  )
  assert.equal(table.get(bytes('n'))?.toString(), '300')
  await environment.close()
})

test('a change that throws fails alone', async () => {
  const environment = await openEnvironment({ path: newFolder() })
  const table = environment.table('t')
  const results = await Promise.allSettled([
    environment.write((transaction) => transaction.put(table, bytes('a'), bytes('1'))),
    environment.write(() => {
      throw new Error('mine')
    }),
    environment.write((transaction) => transaction.put(table, bytes('b'), bytes('2')), { durable: true }),
  ])
  assert.deepEqual(
    results.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled'],
  )
  assert.equal(table.get(bytes('b'))?.toString(), '2')
  await environment.close()
})

test('ranges are sorted, inclusive at the start, exclusive at the end, in both directions', async () => {
  const environment = await openEnvironment({ path: newFolder() })
  const table = environment.table('t')
  await environment.write((transaction) => {
    for (const key of ['b', 'a', 'd', 'c']) transaction.put(table, bytes(key), bytes(key.toUpperCase()))
  })
  const keys = (options: object): string => Array.from(table.keys(options), (key) => key.toString()).join('')
  assert.equal(keys({}), 'abcd')
  assert.equal(keys({ from: bytes('b'), to: bytes('d') }), 'bc')
  assert.equal(keys({ from: bytes('b'), to: bytes('d'), reverse: true }), 'cb')
  assert.equal(keys({ reverse: true, limit: 1 }), 'd')
  assert.deepEqual(
    Array.from(table.range({ from: bytes('c') }), ({ value }) => value.toString()),
    ['C', 'D'],
  )
  await environment.close()
})

test('a second opener is refused with the pid that holds the folder', async () => {
  const path = newFolder()
  const environment = await openEnvironment({ path })
  await assert.rejects(
    openEnvironment({ path }),
    (error: Error & { code?: string }) => error.code === 'DATA_FOLDER_IN_USE' && error.message.includes(String(process.pid)),
  )
  await environment.close()
})

test('kill -9: the lock of a dead process is taken over, its flushed writes are there, and the epoch grows', async () => {
  const path = newFolder()
  const script = `
    import { openEnvironment } from ${JSON.stringify(join(import.meta.dirname, 'index.ts'))}
    const environment = await openEnvironment({ path: ${JSON.stringify(path)} })
    const table = environment.table('t')
    for (let n = 0; ; n++) {
      await environment.write((transaction) => transaction.put(table, Buffer.from(String(n)), Buffer.from('x')), { durable: true })
      process.stdout.write(n + '\\n')
    }`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  await new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk) => {
      said += chunk
      if (said.split('\n').length > 50) child.kill('SIGKILL')
    })
    child.once('exit', () => resolve())
  })
  const environment = await openEnvironment({ path })
  assert.equal(environment.epoch, 1)
  const acknowledged = said.split('\n').slice(0, -1)
  assert.ok(acknowledged.length >= 50)
  for (const n of acknowledged) assert.ok(environment.table('t').get(bytes(n)), n)
  await environment.close()
})

test('a damaged file is refused and left as it is', async () => {
  const path = newFolder()
  await (await openEnvironment({ path })).close()
  const file = join(path, 'data.mdb')
  writeSync(openSync(file, 'r+'), Buffer.alloc(64, 0x5a), 0, 64, 0)
  const before = readFileSync(file)
  await assert.rejects(openEnvironment({ path }), { code: 'DATA_FOLDER_CORRUPT' })
  assert.ok(readFileSync(file).equals(before))
})

test('a folder that cannot be made says what to do', async () => {
  const path = newFolder()
  writeFileSync(path, '')
  await assert.rejects(
    openEnvironment({ path: join(path, 'below') }),
    (error: Error & { code?: string }) => error.code === 'DATA_FOLDER_UNUSABLE' && /another folder/.test(error.message),
  )
})

test('the map is sparse: 256 GiB of room cost no disk', async () => {
  const path = newFolder()
  const environment = await openEnvironment({ path })
  await environment.write((transaction) => transaction.put(environment.table('t'), bytes('k'), bytes('v')), { durable: true })
  assert.ok(statSync(join(path, 'data.mdb')).size < 10 * 2 ** 20)
  const { fileBytes, usedBytes, freeDiskBytes, oldestReaderTransactions } = environment.statistics()
  assert.ok(fileBytes > 0 && usedBytes > 0 && freeDiskBytes > 0 && oldestReaderTransactions >= 0)
  await environment.close()
})

test('a full disk is STORE_FULL for what does not fit, and the store goes on when there is room again', {
  skip: mountable(),
}, async () => {
  const path = newFolder()
  mkdirSync(path)
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', path])
  try {
    const environment = await openEnvironment({ path })
    const table = environment.table('t')
    const filler = join(path, 'filler')
    writeFileSync(filler, Buffer.alloc(5 * 2 ** 20))
    const put = (n: number): Promise<void> =>
      environment.write((transaction) => transaction.put(table, bytes(`key-${n}`), Buffer.alloc(200_000)), { durable: true })
    let stored = 0
    await assert.rejects(
      async () => {
        for (; ; stored++) await put(stored)
      },
      { code: 'STORE_FULL' },
    )
    rmSync(filler)
    await put(1_000)
    for (const n of [...Array(stored).keys(), 1_000]) assert.ok(table.get(bytes(`key-${n}`)), String(n))
    await environment.close()
  } finally {
    execFileSync('umount', [path])
  }
})

function mountable(): string | false {
  const probe = mkdtempSync(join(tmpdir(), 'sallyport-mount-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', probe], { stdio: 'ignore' })
    execFileSync('umount', [probe], { stdio: 'ignore' })
    return false
  } catch {
    return 'needs root and mount'
  } finally {
    rmSync(probe, { recursive: true, force: true })
  }
}
