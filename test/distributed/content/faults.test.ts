/** The content store while the object store fails: calls end with STORE_UNAVAILABLE and never hang, and it recovers by itself. */
import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { after, afterEach, before, beforeEach, suite, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type ContentStore, openS3Content, type S3ContentOptions, type StoredContent } from '@sallyport/content'
import { newMessageId } from '@sallyport/contracts'
import { eventually, temporaryFolder } from '@sallyport/testkit'
import { goMissing } from '../../infra/go-program.ts'
import { type S3, startS3 } from '../../infra/s3.ts'
import { startToxiproxy, type Toxiproxy } from '../../infra/toxiproxy.ts'

const mib = 1024 * 1024
const deadlineMs = 15_000
const unavailable = { code: 'STORE_UNAVAILABLE', retriable: true }

suite('content on S3 while it fails', { skip: goMissing }, () => {
  const folder = temporaryFolder('sallyport-s3-')
  let s3: S3
  let toxiproxy: Toxiproxy
  let proxy: Awaited<ReturnType<Toxiproxy['proxy']>>
  let store: ContentStore
  before(async () => {
    s3 = await startS3({ folder: folder.path })
    toxiproxy = await startToxiproxy()
  })
  beforeEach(async () => {
    proxy = await toxiproxy.proxy(s3.port)
    store = await open()
  })
  afterEach(() => store.close())
  after(async () => {
    await toxiproxy.stop()
    await s3.stop()
    folder.remove()
  })

  const open = (changes: Partial<S3ContentOptions> = {}): Promise<ContentStore> =>
    openS3Content({
      endpoint: `http://127.0.0.1:${proxy.port}`,
      bucket: s3.bucket,
      accessKeyId: s3.accessKey,
      secretAccessKey: s3.secretKey,
      partBytes: 5 * mib,
      answerTimeoutMs: 1_500,
      callTimeoutMs: 4_000,
      ...changes,
    })

  /** What is in the bucket, and parts of uploads that have not ended. */
  const left = (): readonly string[] =>
    readdirSync(`${folder.path}/${s3.bucket}`, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => `${entry.parentPath}/${entry.name}`.slice(folder.path.length))

  async function write(bytes: Uint8Array, chunkBytes = 64 * 1024): Promise<StoredContent> {
    const writer = await store.create(newMessageId())
    for (let at = 0; at < bytes.byteLength; at += chunkBytes) await writer.write(bytes.subarray(at, at + chunkBytes))
    return await writer.finish()
  }

  async function sha256Of(content: StoredContent): Promise<string> {
    const hash = createHash('sha256')
    for await (const chunk of store.read(content)) hash.update(chunk)
    return hash.digest('hex')
  }

  const works = () => eventually(() => store.put(newMessageId(), Buffer.from('well')), { deadlineMs })

  test('contents of several parts come back as they were, whatever the chunks', async () => {
    for (const [contentBytes, chunkBytes] of [
      [5 * mib, 64 * 1024],
      [5 * mib + 1, 64 * 1024],
      [11 * mib + 77, 1_000_003],
      [16 * mib, 16 * mib],
    ] as const) {
      const bytes = randomBytes(contentBytes)
      const stored = await write(bytes, chunkBytes)
      assert.equal(stored.contentBytes, contentBytes)
      assert.equal(stored.sha256, createHash('sha256').update(bytes).digest('hex'))
      assert.equal(await sha256Of(stored), stored.sha256)
      await store.delete(stored.key)
    }
    assert.deepEqual(left(), [])
  })

  test('an upload that is given up leaves no parts', async () => {
    const writer = await store.create(newMessageId())
    for (let part = 0; part < 3; part++) await writer.write(randomBytes(5 * mib))
    assert.ok(left().length > 0)
    await writer.abort()
    await assert.rejects(writer.write(randomBytes(10)), unavailable)
    assert.deepEqual(left(), [])
  })

  test('a signal ends an upload in the middle of a part', async () => {
    const remove = await proxy.add({ type: 'bandwidth', stream: 'upstream', attributes: { rate: 500 } })
    const abort = new AbortController()
    const writer = await store.create(newMessageId(), { signal: abort.signal })
    const failing = assert.rejects(writer.write(randomBytes(5 * mib)), /the client is gone/)
    await sleep(200)
    abort.abort(new Error('the client is gone'))
    await failing
    await remove()
    await eventually(() => left().length === 0, { deadlineMs })
  })

  test('down and back', async () => {
    const stored = await store.put(newMessageId(), randomBytes(1_000))
    await s3.kill()
    await assert.rejects(store.put(newMessageId(), randomBytes(1_000)), unavailable)
    await assert.rejects(write(randomBytes(1_000)), unavailable)
    await assert.rejects(write(randomBytes(6 * mib)), unavailable)
    await assert.rejects(sha256Of(stored), unavailable)
    await assert.rejects(store.delete(stored.key), unavailable)
    await assert.rejects(store.deleteOlderThan(0), unavailable)
    s3 = await startS3({ folder: folder.path, port: s3.port })
    await works()
    assert.equal(await sha256Of(stored), stored.sha256)
  })

  test('cut in the middle of an upload: it fails, and its parts go with their age', async () => {
    const writer = await store.create(newMessageId())
    await writer.write(randomBytes(6 * mib))
    const slow = await proxy.add({ type: 'bandwidth', stream: 'upstream', attributes: { rate: 2_000 } })
    const failing = assert.rejects(writer.write(randomBytes(6 * mib)), unavailable)
    await sleep(300)
    await proxy.cut()
    await failing
    await assert.rejects(writer.finish(), unavailable)
    await proxy.mend()
    await slow()
    await works()
    assert.ok(left().length > 1, 'parts are left')
    await store.deleteOlderThan(-1_000)
    assert.deepEqual(left(), [])
  })

  test('cut for a moment: the upload goes on', async () => {
    const bytes = randomBytes(12 * mib)
    const writer = await store.create(newMessageId())
    await writer.write(bytes.subarray(0, 6 * mib))
    await proxy.cut()
    const writing = writer.write(bytes.subarray(6 * mib))
    await sleep(20)
    await proxy.mend()
    await writing
    assert.equal(await sha256Of(await writer.finish()), createHash('sha256').update(bytes).digest('hex'))
  })

  test('cut in the middle of a reading: it ends with an error, not with what came', async () => {
    const stored = await store.put(newMessageId(), randomBytes(8 * mib))
    const slow = await proxy.add({ type: 'bandwidth', stream: 'downstream', attributes: { rate: 1_000 } })
    const failing = assert.rejects(sha256Of(stored), unavailable)
    await sleep(300)
    await proxy.cut()
    await failing
    await Promise.all([slow(), proxy.mend()])
    await works()
    assert.equal(await sha256Of(stored), stored.sha256)
  })

  test('200 ms of latency', async () => {
    const remove = await proxy.add({ type: 'latency', stream: 'downstream', attributes: { latency: 200 } })
    const all = Array.from({ length: 20 }, (_, index) => randomBytes(70_000 + index))
    const stored = await Promise.all(all.map((bytes) => write(bytes)))
    for (const content of stored) assert.equal(await sha256Of(content), content.sha256)
    assert.equal((await write(randomBytes(6 * mib))).contentBytes, 6 * mib)
    await remove()
  })

  test('nobody answers who takes the connection', async () => {
    const silent = createServer(() => {})
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    const address = silent.address()
    const port = typeof address === 'object' ? address?.port : undefined
    const other = await open({ endpoint: `http://127.0.0.1:${port}` })
    const key = '20260101/0000/a.012345678a'
    const calls = [
      other.put(newMessageId(), randomBytes(10)),
      other.read({ key, sha256: '' })[Symbol.asyncIterator]().next(),
      other.delete(key),
      other.deleteOlderThan(0),
    ]
    await Promise.all(calls.map((call) => assert.rejects(call, unavailable)))
    await other.close()
    silent.close()
  })

  test('frozen: calls fail while it is, also in the middle of a reading, and work when it no longer is', async () => {
    const stored = await store.put(newMessageId(), randomBytes(30 * mib))
    const reading = store.read(stored)[Symbol.asyncIterator]()
    await reading.next()
    s3.freeze()
    const rest = async (): Promise<void> => {
      while (!(await reading.next()).done);
    }
    await Promise.all([rest(), store.put(newMessageId(), randomBytes(10))].map((call) => assert.rejects(call, unavailable)))
    s3.thaw()
    await works()
    assert.equal(await sha256Of(stored), stored.sha256)
  })

  test('who reads slowly is waited for', async () => {
    const stored = await store.put(newMessageId(), randomBytes(4 * mib))
    const hash = createHash('sha256')
    let chunks = 0
    for await (const chunk of store.read(stored)) {
      if (++chunks === 3) await sleep(3_000)
      hash.update(chunk)
    }
    assert.equal(hash.digest('hex'), stored.sha256)
  })

  test('a bucket that is missing and a key that is wrong are said to be, and no secret is told', async () => {
    for (const [changes, said] of [
      [{ bucket: 'nowhere' }, /nowhere.*NoSuchBucket/],
      [{ secretAccessKey: 'wrong-secret' }, /SignatureDoesNotMatch/],
      [{ accessKeyId: 'nobody' }, /UserNotFound|InvalidAccessKeyId/],
    ] as const) {
      const other = await open(changes)
      for (const call of [
        () => other.put(newMessageId(), Buffer.from('x')),
        () => other.read({ key: '20260101/0000/a.012345678a', sha256: '' })[Symbol.asyncIterator]().next(),
      ]) {
        const error = await call().then(
          () => assert.fail('it works'),
          (error: Error & { code: string }) => error,
        )
        assert.equal(error.code, 'STORE_UNAVAILABLE')
        assert.match(error.message, said)
        assert.doesNotMatch(JSON.stringify({ ...error, message: error.message, cause: error.cause }), /wrong-secret|testsecret/)
      }
      await other.close()
    }
  })

  test('memory: thirty uploads of 50 MB at once take what all uploads may take', { timeout: 300_000 }, async (t) => {
    const uploadBytes = 48 * mib
    // A busy machine takes its time for 1.5 GB.
    const bounded = await open({ uploadBytes, uploadWaitMs: 240_000, answerTimeoutMs: 120_000, callTimeoutMs: 240_000 })
    const chunk = randomBytes(64 * 1024)
    const expected = createHash('sha256')
    for (let written = 0; written < 50_000_000; written += chunk.byteLength) expected.update(chunk)
    const sha256 = expected.digest('hex')
    const before = process.memoryUsage()
    let [most, mostBuffers] = [0, 0]
    const timer = setInterval(() => {
      const { rss, arrayBuffers } = process.memoryUsage()
      most = Math.max(most, rss - before.rss)
      mostBuffers = Math.max(mostBuffers, arrayBuffers - before.arrayBuffers)
    }, 5)
    t.after(() => clearInterval(timer))
    const one = async (): Promise<void> => {
      const writer = await bounded.create(newMessageId())
      for (let written = 0; written < 50_000_000; written += chunk.byteLength) await writer.write(Buffer.from(chunk))
      const stored = await writer.finish()
      assert.equal(stored.sha256, sha256)
      await bounded.delete(stored.key)
    }
    await Promise.all(Array.from({ length: 30 }, one)).finally(() => bounded.close())
    t.diagnostic(`at most ${Math.round(most / mib)} MiB more than before, ${Math.round(mostBuffers / mib)} MiB of buffers`)
    assert.ok(most < uploadBytes + 100 * mib, `${Math.round(most / mib)} MiB for 1.5 GB of content`)
  })

  test('memory: many large contents at once take what their parts take', async () => {
    const chunk = randomBytes(256 * 1024)
    const before = process.memoryUsage().rss
    let most = 0
    const timer = setInterval(() => {
      most = Math.max(most, process.memoryUsage().rss - before)
    }, 5)
    const one = async (): Promise<void> => {
      const writer = await store.create(newMessageId())
      for (let written = 0; written < 60 * mib; written += chunk.byteLength) await writer.write(Buffer.from(chunk))
      const { key } = await writer.finish()
      await store.delete(key)
    }
    await Promise.all([one(), one(), one()])
    clearInterval(timer)
    assert.ok(most < 150 * mib, `${Math.round(most / mib)} MiB for 180 MiB of content`)
  })
})
