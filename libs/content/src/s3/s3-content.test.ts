import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import { newMessageId } from '@sallyport/contracts'
import { contentContract } from '../content.contract.ts'
import { openS3ContentOn } from './s3-content.ts'
import type { PartOfUpload, S3Operations } from './s3-operations.ts'

/** An object store in memory. A fault is thrown once, by the operation of its name. */
function fakeS3() {
  const objects = new Map<string, Buffer>()
  const uploads = new Map<string, { readonly key: string; readonly parts: Map<number, Buffer> }>()
  const faults = new Map<string, Error>()
  const calls: string[] = []
  let begun = 0
  const step = async (name: string, signal?: AbortSignal): Promise<void> => {
    calls.push(name)
    await new Promise((resolve) => setImmediate(resolve))
    signal?.throwIfAborted()
    const fault = faults.get(name)
    faults.delete(name)
    if (fault) throw fault
  }
  const uploadOf = ({ uploadId }: PartOfUpload) => {
    const upload = uploads.get(uploadId)
    if (!upload) throw Object.assign(new Error('gone'), { name: 'NoSuchUpload' })
    return upload
  }
  const operations: S3Operations = {
    async put(key, body, sha256, signal) {
      await step('put', signal)
      assert.equal(createHash('sha256').update(body).digest('hex'), sha256)
      objects.set(key, Buffer.from(body))
    },
    async beginUpload(key, signal) {
      await step('beginUpload', signal)
      const uploadId = String(begun++)
      uploads.set(uploadId, { key, parts: new Map() })
      return uploadId
    },
    async uploadPart(upload, part, body, signal) {
      await step(`uploadPart ${body.byteLength}`, signal)
      uploadOf(upload).parts.set(part, Buffer.from(body))
      return `tag${part}`
    },
    async completeUpload(upload, tags, signal) {
      const { key, parts } = uploadOf(upload)
      assert.deepEqual(
        tags,
        [...parts.keys()].map((part) => `tag${part}`),
      )
      objects.set(key, Buffer.concat([...parts.values()]))
      uploads.delete(upload.uploadId)
      await step('completeUpload', signal)
    },
    async abortUpload({ uploadId }) {
      await step('abortUpload')
      uploads.delete(uploadId)
    },
    size: async (key) => objects.get(key)?.byteLength,
    async get(key, signal) {
      await step('get', signal)
      const object = objects.get(key)
      if (!object) return undefined
      const chunks = Array.from({ length: Math.ceil(object.byteLength / 65_536) }, (_, index) =>
        object.subarray(index * 65_536, (index + 1) * 65_536),
      )
      return Readable.from(chunks)
    },
    async remove(key) {
      await step('remove')
      objects.delete(key)
    },
    async list(after = '') {
      await step('list')
      return [...objects.keys()]
        .sort()
        .filter((key) => key > after)
        .slice(0, 10)
    },
    uploads: async () => Array.from(uploads, ([uploadId, { key }]) => ({ key, uploadId })),
    close() {},
  }
  return { operations, objects, uploads, faults, calls }
}

const options = { endpoint: 'https://s3.test:9000', bucket: 'b' }

{
  let s3 = fakeS3()
  contentContract({
    name: 'S3 operations in memory',
    async open() {
      s3 = fakeS3()
      return openS3ContentOn(s3.operations, { ...options, partBytes: 200_000 })
    },
    async damage({ key }) {
      const object = s3.objects.get(key) ?? assert.fail()
      object[1_000] = (object[1_000] ?? 0) ^ 1
    },
  })
}

test('parts are of one size but for the last, however the content is cut, and what fills none is put whole', async () => {
  const cases = [
    [99, 10, ['put']],
    [100, 100, ['beginUpload', 'uploadPart 100', 'completeUpload']],
    [101, 10, ['beginUpload', 'uploadPart 100', 'uploadPart 1', 'completeUpload']],
    [250, 7, ['beginUpload', 'uploadPart 100', 'uploadPart 100', 'uploadPart 50', 'completeUpload']],
    [320, 320, ['beginUpload', 'uploadPart 100', 'uploadPart 100', 'uploadPart 100', 'uploadPart 20', 'completeUpload']],
  ] as const
  for (const [contentBytes, chunkBytes, expected] of cases) {
    const { operations, objects, calls } = fakeS3()
    const store = openS3ContentOn(operations, { ...options, partBytes: 100 })
    const bytes = randomBytes(contentBytes)
    const writer = await store.create(newMessageId())
    for (let at = 0; at < contentBytes; at += chunkBytes) await writer.write(bytes.subarray(at, at + chunkBytes))
    const { key, sha256 } = await writer.finish()
    assert.deepEqual(calls, expected)
    assert.ok(objects.get(key)?.equals(bytes))
    assert.equal(sha256, createHash('sha256').update(bytes).digest('hex'))
  }
})

test('an upload that fails is given up with its parts, and takes nothing more', async () => {
  for (const operation of ['beginUpload', 'uploadPart 100', 'completeUpload']) {
    const { operations, uploads, faults } = fakeS3()
    faults.set(operation, Object.assign(new Error('gone'), { code: 'ECONNRESET' }))
    const store = openS3ContentOn(operations, { ...options, partBytes: 100 })
    const writer = await store.create(newMessageId())
    const writeAll = async (): Promise<unknown> => {
      await writer.write(randomBytes(150))
      return await writer.finish()
    }
    await assert.rejects(writeAll(), { code: 'STORE_UNAVAILABLE', message: /ECONNRESET: gone/ })
    await assert.rejects(writer.write(randomBytes(1)), { code: 'STORE_UNAVAILABLE' })
    assert.equal(uploads.size, 0)
  }
})

test('where the answer that all is complete was lost, the second says that the upload is gone: it is complete', async () => {
  const { operations, objects, faults } = fakeS3()
  faults.set('completeUpload', Object.assign(new Error('gone'), { name: 'NoSuchUpload' }))
  const store = openS3ContentOn(operations, { ...options, partBytes: 100 })
  const writer = await store.create(newMessageId())
  await writer.write(randomBytes(150))
  const { key } = await writer.finish()
  assert.equal(objects.get(key)?.byteLength, 150)
})

test('uploads share a bounded memory: who finds none waits, and all come through as they are', async () => {
  const { operations, objects } = fakeS3()
  let [now, most] = [0, 0]
  const counting: S3Operations = {
    ...operations,
    async uploadPart(upload, part, body, signal) {
      most = Math.max(most, ++now)
      await new Promise((resolve) => setImmediate(resolve))
      const tag = await operations.uploadPart(upload, part, body, signal)
      now--
      return tag
    },
  }
  // Two that have a part, and four that have a small share.
  const store = openS3ContentOn(counting, { ...options, partBytes: 1_000, uploadBytes: 6_000 })
  const one = async (size: number): Promise<void> => {
    const bytes = randomBytes(size)
    const writer = await store.create(newMessageId())
    for (let at = 0; at < size; at += 300) await writer.write(bytes.subarray(at, at + 300))
    const { key } = await writer.finish()
    assert.ok(objects.get(key)?.equals(bytes))
  }
  await Promise.all(Array.from({ length: 40 }, (_, index) => one(index % 4 === 0 ? 200 : 10_000 + index)))
  assert.ok(most <= 3, `${most} parts at once`)
  assert.equal(objects.size, 40)
})

test('what ends badly gives its memory back', async () => {
  const { operations, faults } = fakeS3()
  const store = openS3ContentOn(operations, { ...options, partBytes: 100, uploadBytes: 200, uploadWaitMs: 5_000 })
  for (let index = 0; index < 5; index++) {
    const aborted = await store.create(newMessageId())
    await aborted.write(randomBytes(90))
    await aborted.abort()
    faults.set('uploadPart 100', new Error('broken'))
    const failing = await store.create(newMessageId())
    await assert.rejects(failing.write(randomBytes(150)), { code: 'STORE_UNAVAILABLE' })
    const abort = new AbortController()
    const signalled = await store.create(newMessageId(), { signal: abort.signal })
    await signalled.write(randomBytes(80))
    abort.abort(new Error('the client is gone'))
  }
  const writer = await store.create(newMessageId())
  await writer.write(randomBytes(150))
  assert.equal((await writer.finish()).contentBytes, 150)
})

test('a full store is STORE_FULL', async () => {
  const errors = [
    Object.assign(new Error('no room'), { name: 'QuotaExceeded' }),
    Object.assign(new Error('no room'), { $metadata: { httpStatusCode: 507 } }),
  ]
  for (const error of errors) {
    const { operations, faults } = fakeS3()
    const store = openS3ContentOn(operations, options)
    faults.set('put', error)
    await assert.rejects(store.put(newMessageId(), randomBytes(1)), {
      code: 'STORE_FULL',
      message: /bucket b at s3.test:9000 is full/,
    })
  }
})

test('by age: pages of old contents go, young and foreign objects stay, and so do uploads that are young', async () => {
  const { operations, objects, uploads, calls } = fakeS3()
  let nowMs = Date.UTC(2026, 0, 1)
  const store = openS3ContentOn(operations, { ...options, partBytes: 10, now: () => nowMs })
  const begin = async (): Promise<void> => (await store.create(newMessageId())).write(randomBytes(10))
  for (let index = 0; index < 25; index++) {
    await store.put(newMessageId(), randomBytes(1))
    nowMs += 3_600_000
  }
  await begin()
  nowMs += 24 * 3_600_000
  const young = await store.put(newMessageId(), randomBytes(1))
  await begin()
  for (const foreign of ['0-other', '20200101/0000/other', 'zzz']) objects.set(foreign, Buffer.alloc(1))
  for (let index = 0; index < 30; index++) objects.set(`30000101/0000/far-${index}`, Buffer.alloc(1))
  calls.length = 0
  assert.equal(await store.deleteOlderThan(3_600_000), 25)
  assert.ok([...objects.keys()].includes(young.key))
  assert.equal(objects.size, 1 + 3 + 30)
  assert.equal(uploads.size, 1)
  assert.ok(calls.filter((call) => call === 'list').length <= 4, 'what is young is not listed to its end')
})

test('a reading that nothing comes of ends', async () => {
  const { operations } = fakeS3()
  const silent = { ...operations, get: async () => new Readable({ read() {} }) }
  const store = openS3ContentOn(silent, { ...options, answerTimeoutMs: 30 })
  const { key, sha256 } = await store.put(newMessageId(), randomBytes(1))
  await assert.rejects(
    async () => {
      for await (const _ of store.read({ key, sha256 }));
    },
    { code: 'STORE_UNAVAILABLE', message: /nothing for 30 ms/ },
  )
})
