/** What every content store promises: call it with a way to open one, in a test file of the adapter. */
import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { after, before, suite, test } from 'node:test'
import { newMessageId } from '@sallyport/contracts'
import type { ContentStore, StoredContent } from './port.ts'

export interface ContentContract {
  readonly name: string
  /** Opens a store with nothing in it. */
  open(): Promise<ContentStore>
  /** Opens what `open` opened last once more, as after a restart. Leave it out where a store does not outlive its process. */
  reopen?(): Promise<ContentStore>
  /** Changes a byte of what is stored, behind the store's back. */
  damage(content: StoredContent): Promise<void>
}

export function contentContract(contract: ContentContract): void {
  suite(`content store: ${contract.name}`, () => {
    let store: ContentStore
    before(async () => {
      store = await contract.open()
    })
    after(() => store.close())

    const sizes = [0, 1, 1_000, 65_536, 262_144, 262_145, 3_000_000]
    for (const contentBytes of sizes) {
      test(`${contentBytes} bytes come back as they were, by create and by put`, async () => {
        const bytes = randomBytes(contentBytes)
        for (const stored of [await write(store, bytes, 10_000), await store.put(newMessageId(), bytes)]) {
          assert.deepEqual({ ...stored, key: '' }, { key: '', sha256: sha256(bytes), contentBytes })
          assert.ok(bytes.equals(await readAll(store, stored)))
        }
      })
    }

    test('one id may be stored several times: each has its own key', async () => {
      const id = newMessageId()
      const stored = await Promise.all(['a', 'b', 'c'].map((text) => store.put(id, Buffer.from(text))))
      assert.equal(new Set(stored.map(({ key }) => key)).size, 3)
      const texts = await Promise.all(stored.map(async (content) => (await readAll(store, content)).toString()))
      assert.deepEqual(texts, ['a', 'b', 'c'])
    })

    test('thousands of tiny chunks', async () => {
      const bytes = randomBytes(5_000)
      assert.ok(bytes.equals(await readAll(store, await write(store, bytes, 1))))
    })

    test('many at once', async () => {
      const all = Array.from({ length: 60 }, (_, index) => Buffer.from(`message ${index}`))
      const stored = await Promise.all(
        all.map((bytes, index) => (index % 2 ? store.put(newMessageId(), bytes) : write(store, bytes, 3))),
      )
      assert.deepEqual(await Promise.all(stored.map((content) => readAll(store, content))), all)
    })

    test('damage is found at the end of reading', async () => {
      const stored = await store.put(newMessageId(), randomBytes(300_000))
      await contract.damage(stored)
      await assert.rejects(readAll(store, stored), { code: 'CONTENT_DAMAGED' })
    })

    test('what is not there: CONTENT_MISSING when read, nothing when deleted', async () => {
      const stored = await store.put(newMessageId(), Buffer.from('x'))
      await store.delete(stored.key)
      await store.delete(stored.key)
      await assert.rejects(readAll(store, stored), { code: 'CONTENT_MISSING' })
      for (const key of ['', '..', '../../etc/passwd', stored.key.replace(/[0-9a-f]+$/, '../x')]) {
        await assert.rejects(readAll(store, { key, sha256: '' }), { code: 'CONTENT_MISSING' }, key)
        await store.delete(key)
      }
    })

    test('reading may end early', async () => {
      const stored = await store.put(newMessageId(), randomBytes(1_000_000))
      for await (const chunk of store.read(stored)) {
        assert.ok(chunk.byteLength > 0)
        break
      }
      assert.equal((await readAll(store, stored)).byteLength, 1_000_000)
    })

    test('an aborted writer leaves nothing, takes nothing more, and may be aborted again', async () => {
      const writer = await store.create(newMessageId())
      await writer.write(randomBytes(400_000))
      await writer.abort()
      await writer.abort()
      await assert.rejects(writer.finish(), { code: 'STORE_UNAVAILABLE' })
      const finished = await store.create(newMessageId())
      const stored = await finished.finish()
      await finished.abort()
      await assert.rejects(finished.finish(), { code: 'STORE_UNAVAILABLE' })
      assert.equal((await readAll(store, stored)).byteLength, 0)
    })

    test('a signal ends a writer and a reading', async () => {
      const abort = new AbortController()
      const writer = await store.create(newMessageId(), { signal: abort.signal })
      await writer.write(randomBytes(400_000))
      const stored = await store.put(newMessageId(), randomBytes(1_000_000))
      const reading = store.read(stored, { signal: abort.signal })[Symbol.asyncIterator]()
      assert.equal((await reading.next()).done, false)
      abort.abort(new Error('enough'))
      await assert.rejects(writer.finish(), /enough|finished or aborted/)
      await assert.rejects(async () => {
        while (!(await reading.next()).done);
      }, /enough/)
      await assert.rejects(store.create(newMessageId(), { signal: abort.signal }), /enough/)
    })

    test('what is old goes, what is young stays', async () => {
      const old = await Promise.all(['1', '2'].map((text) => store.put(newMessageId(), Buffer.from(text))))
      await new Promise((resolve) => setTimeout(resolve, 1_100))
      const young = await store.put(newMessageId(), Buffer.from('young'))
      assert.ok((await store.deleteOlderThan(550)) >= 2)
      for (const content of old) await assert.rejects(readAll(store, content), { code: 'CONTENT_MISSING' })
      assert.equal((await readAll(store, young)).toString(), 'young')
      assert.equal(await store.deleteOlderThan(3_600_000), 0)
    })

    test('free bytes are known, or said not to be', async () => {
      const free = await store.freeBytes()
      assert.ok(free === null || free > 0)
    })

    const { reopen } = contract
    if (reopen) {
      test('what was stored is there after a restart', async () => {
        const stored = await store.put(newMessageId(), Buffer.from('kept'))
        await store.close()
        store = await reopen()
        assert.equal((await readAll(store, stored)).toString(), 'kept')
      })
    }
  })
}

async function write(store: ContentStore, bytes: Uint8Array, chunkBytes: number): Promise<StoredContent> {
  const writer = await store.create(newMessageId())
  for (let at = 0; at < bytes.byteLength; at += chunkBytes) await writer.write(bytes.subarray(at, at + chunkBytes))
  return await writer.finish()
}

async function readAll(store: ContentStore, content: { readonly key: string; readonly sha256: string }): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of store.read(content)) chunks.push(chunk)
  return Buffer.concat(chunks)
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
