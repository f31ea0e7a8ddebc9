/** Reads a file in chunks and holds it to its SHA-256. */
import { createHash } from 'node:crypto'
import { SallyportError } from '@sallyport/contracts'
import { type FileOperations, systemCode } from './file-operations.ts'
import { storeError } from './store-error.ts'

const chunkBytes = 128 * 1024

interface Wanted {
  readonly folder: string
  readonly key: string
  /** Undefined where the key is none of this store. */
  readonly path: string | undefined
  readonly sha256: string
  readonly signal: AbortSignal | undefined
}

/** Chunks are the reader's own. Ends with CONTENT_DAMAGED after the last chunk when the bytes are not those that were stored. */
export async function* readVerified(files: FileOperations, wanted: Wanted): AsyncGenerator<Uint8Array, void, void> {
  wanted.signal?.throwIfAborted()
  const fd = await openFor(files, wanted)
  try {
    const hash = createHash('sha256')
    for (;;) {
      const chunk = Buffer.allocUnsafeSlow(chunkBytes)
      const bytesRead = await files.read(fd, chunk)
      wanted.signal?.throwIfAborted()
      if (bytesRead === 0) break
      const bytes = chunk.subarray(0, bytesRead)
      hash.update(bytes)
      yield bytes
    }
    const sha256 = hash.digest('hex')
    if (sha256 !== wanted.sha256) {
      const message = `content ${wanted.key} has SHA-256 ${sha256}, not ${wanted.sha256}: the file was changed or the disk is unsound`
      throw new SallyportError('CONTENT_DAMAGED', message)
    }
  } catch (error) {
    throw storeError(error, 'reading content', wanted.folder)
  } finally {
    await files.close(fd)
  }
}

async function openFor(files: FileOperations, { folder, key, path }: Wanted): Promise<number> {
  try {
    if (path !== undefined) return await files.open(path, 'r')
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw storeError(error, 'reading content', folder)
  }
  throw new SallyportError('CONTENT_MISSING', `there is no content ${key} in ${folder}`)
}
