/**
 * The content store on files of one machine.
 *
 * Written into `incoming/`, synced, moved to `yyyymmdd/hhmm/<message id>.<unique>`, and that folder synced: a file under
 * its final name is complete, and one that was acknowledged is still there after a crash. Each content takes a handful of
 * turns of libuv's thread pool, one of them a disk flush. Where a flush takes milliseconds, UV_THREADPOOL_SIZE bounds how
 * many run together (default 4; raise it to 16 there); where it takes microseconds, more threads only get in each other's way.
 */
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { SallyportError } from '@sallyport/contracts'
import { type FileOperations, nodeFileOperations, systemCode } from './file-operations.ts'
import { FileWriter } from './file-writer.ts'
import { MinuteFolders } from './minute-folders.ts'
import { deleteOlder } from './old-files.ts'
import type { ContentStore } from './port.ts'
import { readVerified } from './read-verified.ts'
import { storeError } from './store-error.ts'

export interface FileContentOptions {
  /** Made when missing. One process at a time; several threads of it may open it. */
  readonly folder: string
  /** `create` and `put` fail with STORE_FULL while less is free (looked up at most once a second). Default 0: never for that reason. */
  readonly minFreeBytes?: number
  /** Wall clock, for the age of content. Default the machine's. */
  readonly now?: () => number
}

const incomingName = 'incoming'
const keyForm = /^\d{8}\/\d{4}\/[A-Za-z0-9_-]+\.[a-z0-9]+$/
const nameForm = /^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/
const freeBytesKnownMs = 1_000

/** Opens the store and removes what a crash left half written. Fails with DATA_FOLDER_UNUSABLE. */
export function openFileContent(options: FileContentOptions): Promise<ContentStore> {
  return openFileContentOn(nodeFileOperations, options)
}

/** The same on given system calls, for tests. */
export async function openFileContentOn(files: FileOperations, options: FileContentOptions): Promise<ContentStore> {
  const { folder, minFreeBytes = 0, now = Date.now } = options
  const incoming = join(folder, incomingName)
  await prepare(files, folder, incoming)
  const folders = new MinuteFolders(folder, files, now)
  const unique = randomBytes(5).toString('hex')
  let made = 0
  let freeBytes = Number.POSITIVE_INFINITY
  let freeBytesKnownUntil = Number.NEGATIVE_INFINITY

  async function refuseWhenFull(): Promise<void> {
    if (performance.now() >= freeBytesKnownUntil) {
      freeBytesKnownUntil = performance.now() + freeBytesKnownMs
      freeBytes = await files.freeBytes(folder)
    }
    if (freeBytes < minFreeBytes) {
      throw new SallyportError('STORE_FULL', `${freeBytes} bytes are free for ${folder}, fewer than ${minFreeBytes}: make room`)
    }
  }

  function writer(messageId: string, signal?: AbortSignal): FileWriter {
    if (!nameForm.test(messageId)) throw new RangeError(`not a message id: ${messageId}`)
    const fileName = `${messageId}.${unique}${(made++).toString(36)}`
    const temporaryPath = join(incoming, fileName)
    const place = (): Promise<string> => folders.move(temporaryPath, fileName)
    return new FileWriter({ files, folder, temporaryPath, place }, signal)
  }

  const pathOf = (key: string): string | undefined => (keyForm.test(key) ? join(folder, key) : undefined)
  const guarded = async <T>(doing: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (error) {
      throw storeError(error, doing, folder)
    }
  }

  return {
    async create(messageId, { signal } = {}) {
      signal?.throwIfAborted()
      if (minFreeBytes > 0) await guarded('looking for free space', refuseWhenFull)
      return writer(messageId, signal)
    },
    async put(messageId, bytes) {
      if (minFreeBytes > 0) await guarded('looking for free space', refuseWhenFull)
      const whole = writer(messageId)
      whole.hold(bytes)
      return await whole.finish()
    },
    read: ({ key, sha256 }, { signal } = {}) => readVerified(files, { folder, key, path: pathOf(key), sha256, signal }),
    async delete(key) {
      const path = pathOf(key)
      if (path === undefined) return
      await guarded('deleting content', () =>
        files.unlink(path).catch((error: unknown) => {
          if (systemCode(error) !== 'ENOENT') throw error
        }),
      )
    },
    deleteOlderThan: (maxAgeMs) => guarded('deleting old content', () => deleteOlder(files, folder, maxAgeMs, now())),
    freeBytes: () => guarded('looking for free space', () => files.freeBytes(folder)),
    close: () => folders.close(),
  }
}

async function prepare(files: FileOperations, folder: string, incoming: string): Promise<void> {
  try {
    await files.mkdir(incoming)
    // Threads of this process may be writing already: only what is older than the process is a leftover.
    const processBegan = Date.now() - process.uptime() * 1_000
    for (const name of await files.list(incoming)) {
      const path = join(incoming, name)
      if ((await files.modifiedAt(path)) < processBegan) await files.unlink(path)
    }
  } catch (cause) {
    const message = `the content folder ${folder} cannot be used (${systemCode(cause) ?? cause}): make it writable for this user`
    throw new SallyportError('DATA_FOLDER_UNUSABLE', message, { cause })
  }
}
