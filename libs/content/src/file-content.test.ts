import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { after, test } from 'node:test'
import { newMessageId } from '@sallyport/contracts'
import { memoryContent, type TemporaryFolder, temporaryFolder } from '@sallyport/testkit'
import { contentContract } from './content.contract.ts'
import { openFileContent, openFileContentOn } from './file-content.ts'
import { type FileOperations, nodeFileOperations } from './file-operations.ts'
import type { ContentStore } from './port.ts'

const folders: TemporaryFolder[] = []
const newFolder = (): TemporaryFolder => {
  const folder = temporaryFolder()
  folders.push(folder)
  return folder
}
after(() => {
  for (const folder of folders) folder.remove()
})

const contractFolder = newFolder()
contentContract({
  name: 'files',
  open: () => openFileContent({ folder: contractFolder.join('content') }),
  reopen: () => openFileContent({ folder: contractFolder.join('content') }),
  async damage({ key }) {
    const path = contractFolder.join('content', key)
    const bytes = readFileSync(path)
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1
    writeFileSync(path, bytes)
  },
})

const inMemory = memoryContent()
contentContract({
  name: 'memory (testkit)',
  open: async () => inMemory,
  async damage({ key }) {
    const bytes = inMemory.stored.get(key)
    if (bytes) bytes[0] = (bytes[0] ?? 0) ^ 1
  },
})

/** The system calls, counted by name, each failing with `code` while `failing` names it. */
function scriptedFiles(): { files: FileOperations; calls: Map<string, number>; failing: { name: string; code: string } } {
  const calls = new Map<string, number>()
  const failing = { name: '', code: '' }
  const scripted = <Arguments extends unknown[], T>(name: string, call: (...given: Arguments) => Promise<T>) =>
    async function counted(...given: Arguments): Promise<T> {
      calls.set(name, (calls.get(name) ?? 0) + 1)
      if (failing.name === name) throw Object.assign(new Error(`${failing.code} in ${name}`), { code: failing.code })
      return await call(...given)
    }
  const { open, write, fdatasync, fsync, rename, mkdir } = nodeFileOperations
  const create = scripted('create', open)
  return {
    calls,
    failing,
    files: {
      ...nodeFileOperations,
      open: (path, flags, mode) => (flags === 'wx' ? create(path, flags, mode) : open(path, flags, mode)),
      write: scripted('write', write),
      fdatasync: scripted('fdatasync', fdatasync),
      fsync: scripted('fsync', fsync),
      rename: scripted('rename', rename),
      mkdir: scripted('mkdir', mkdir),
    },
  }
}

const filesOf = (folder: TemporaryFolder): string[] =>
  readdirSync(folder.path, { recursive: true, withFileTypes: true }).flatMap((entry) => (entry.isFile() ? [entry.name] : []))

for (const { name, code, expected } of [
  { name: 'create', code: 'ENOSPC', expected: 'STORE_FULL' },
  { name: 'write', code: 'ENOSPC', expected: 'STORE_FULL' },
  { name: 'write', code: 'EIO', expected: 'STORE_UNAVAILABLE' },
  { name: 'fdatasync', code: 'EDQUOT', expected: 'STORE_FULL' },
  { name: 'fdatasync', code: 'EIO', expected: 'STORE_UNAVAILABLE' },
  { name: 'rename', code: 'ENOSPC', expected: 'STORE_FULL' },
  { name: 'fsync', code: 'EIO', expected: 'STORE_UNAVAILABLE' },
  { name: 'mkdir', code: 'EROFS', expected: 'STORE_UNAVAILABLE' },
]) {
  test(`${code} of ${name} is ${expected}, and nothing half written stays`, async () => {
    const folder = newFolder()
    const { files, failing } = scriptedFiles()
    const store = await openFileContentOn(files, { folder: folder.path })
    Object.assign(failing, { name, code })
    await assert.rejects(store.put(newMessageId(), Buffer.from('x')), { code: expected, retriable: true })
    const writer = await store.create(newMessageId())
    await assert.rejects(
      async () => {
        await writer.write(Buffer.alloc(300_000))
        await writer.finish()
      },
      { code: expected },
    )
    await assert.rejects(writer.write(Buffer.alloc(300_000)), { code: 'STORE_UNAVAILABLE' })
    // After the folder's sync failed the file stands under its final name; nobody was told its key.
    if (name !== 'fsync') assert.deepEqual(filesOf(folder), [])
    failing.name = ''
    await store.put(newMessageId(), Buffer.from('works again'))
    await store.close()
  })
}

test('concurrent finishes share folder syncs, and each file is synced', async () => {
  const { files, calls } = scriptedFiles()
  const store = await openFileContentOn(files, { folder: newFolder().path })
  await store.put(newMessageId(), Buffer.from('first, makes the folder'))
  calls.clear()
  await Promise.all(Array.from({ length: 100 }, () => store.put(newMessageId(), Buffer.from('x'))))
  assert.equal(calls.get('fdatasync'), 100)
  assert.ok((calls.get('fsync') ?? 0) < 60, `${calls.get('fsync')} folder syncs`)
  await store.close()
})

test('a folder sync that a finish waits for began after its rename', async () => {
  const order: string[] = []
  const { fsync, rename } = nodeFileOperations
  const files: FileOperations = {
    ...nodeFileOperations,
    async rename(from, to) {
      await rename(from, to)
      order.push(to.slice(-1))
    },
    async fsync(fd) {
      order.push('[')
      await fsync(fd)
      order.push(']')
    },
  }
  const store = await openFileContentOn(files, { folder: newFolder().path })
  await store.put(newMessageId(), Buffer.from('0'))
  order.length = 0
  await Promise.all(
    Array.from({ length: 9 }, async () => {
      const { key } = await store.put(newMessageId(), Buffer.from('x'))
      const renamed = order.indexOf(key.slice(-1))
      assert.ok(order.indexOf(']', order.indexOf('[', renamed)) > renamed, order.join(''))
    }),
  )
  await store.close()
})

test('leftovers of a crash are removed at open, what this process writes is not', async () => {
  const folder = newFolder()
  mkdirSync(folder.join('incoming'))
  writeFileSync(folder.join('incoming', 'left'), 'half')
  utimesSync(folder.join('incoming', 'left'), 1_000, 1_000)
  const first = await openFileContent({ folder: folder.path })
  assert.deepEqual(filesOf(folder), [])
  const writer = await first.create(newMessageId())
  await writer.write(Buffer.alloc(300_000))
  const second = await openFileContent({ folder: folder.path })
  const { contentBytes } = await writer.finish()
  assert.equal(contentBytes, 300_000)
  await Promise.all([first.close(), second.close()])
})

test('below minFreeBytes: STORE_FULL that says how much is missing', async () => {
  const store = await openFileContent({ folder: newFolder().path, minFreeBytes: Number.MAX_SAFE_INTEGER })
  await assert.rejects(store.create(newMessageId()), { code: 'STORE_FULL', message: /bytes are free for .* make room/ })
  await assert.rejects(store.put(newMessageId(), Buffer.from('x')), { code: 'STORE_FULL' })
  await store.close()
})

test('a folder that cannot be used is said so at open', async () => {
  const folder = newFolder()
  writeFileSync(folder.join('file'), '')
  await assert.rejects(openFileContent({ folder: folder.join('file') }), {
    code: 'DATA_FOLDER_UNUSABLE',
    message: /make it writable/,
  })
})

test('every minute has its folder; old ones go with all they hold, and come back when needed', async () => {
  const folder = newFolder()
  let now = Math.floor(Date.now() / 60_000) * 60_000
  const store = await openFileContent({ folder: folder.path, now: () => now })
  const keys: string[] = []
  for (let minute = 0; minute < 4; minute++) {
    keys.push((await store.put(newMessageId(), Buffer.from('x'))).key.slice(0, 13))
    now += 60_000
  }
  assert.equal(new Set(keys).size, 4)
  assert.equal(await store.deleteOlderThan(180_000), 1)
  assert.equal(await store.deleteOlderThan(30_000), 3)
  assert.deepEqual(readdirSync(folder.path), ['incoming'])
  now -= 60_000
  assert.equal((await store.put(newMessageId(), Buffer.from('x'))).key.slice(0, 13), keys[3])
  await store.close()
})

test('a folder that is deleted under the store is made again', async () => {
  const folder = newFolder()
  const store: ContentStore = await openFileContent({ folder: folder.path })
  const { key } = await store.put(newMessageId(), Buffer.from('x'))
  await store.delete(key)
  await nodeFileOperations.rmdir(folder.join(key.slice(0, 13)))
  const again = await store.put(newMessageId(), Buffer.from('y'))
  assert.equal(readFileSync(folder.join(again.key), 'utf8'), 'y')
  await store.close()
})
