/** Reads an object in chunks and holds it to its SHA-256. */
import { createHash } from 'node:crypto'
import { SallyportError } from '@sallyport/contracts'
import { isContentKey } from './content-keys.ts'
import type { S3Operations } from './s3-operations.ts'
import { s3StoreError } from './s3-store-error.ts'

interface Wanted {
  readonly store: string
  readonly key: string
  readonly sha256: string
  readonly signal: AbortSignal | undefined
  /** How long the next bytes may take once they are asked for. */
  readonly silenceMs: number
}

/** Ends with CONTENT_DAMAGED after the last chunk when the bytes are not those that were stored. */
export async function* readObject(operations: S3Operations, wanted: Wanted): AsyncGenerator<Uint8Array, void, void> {
  const { store, key, sha256, signal, silenceMs } = wanted
  signal?.throwIfAborted()
  const hash = createHash('sha256')
  try {
    const body = isContentKey(key) ? await operations.get(key, signal) : undefined
    if (body === undefined) throw new SallyportError('CONTENT_MISSING', `there is no content ${key} in ${store}`)
    const stop = (): void => void body.destroy()
    signal?.addEventListener('abort', stop)
    const chunks: AsyncIterator<unknown> = body[Symbol.asyncIterator]()
    try {
      for (;;) {
        const timer = setTimeout(() => body.destroy(new Error(`it sent nothing for ${silenceMs} ms`)), silenceMs)
        const { value, done } = await chunks.next().finally(() => clearTimeout(timer))
        signal?.throwIfAborted()
        if (done) break
        if (!(value instanceof Uint8Array)) throw new Error('it sent no bytes')
        hash.update(value)
        yield value
      }
    } finally {
      signal?.removeEventListener('abort', stop)
      body.destroy()
    }
  } catch (error) {
    signal?.throwIfAborted()
    throw s3StoreError(error, 'reading content', store)
  }
  const found = hash.digest('hex')
  if (found !== sha256) {
    throw new SallyportError(
      'CONTENT_DAMAGED',
      `content ${key} in ${store} has SHA-256 ${found}, not ${sha256}: the object was changed`,
    )
  }
}
