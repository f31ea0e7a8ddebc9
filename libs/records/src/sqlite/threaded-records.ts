/** The records on SQLite in a thread of their own: its transactions are synchronous, and mail does not wait for them. */
import { Worker } from 'node:worker_threads'
import type { CallEnded, ErrorCode } from '@sallyport/contracts'
import { errorTable, RenewedMap, SallyportError } from '@sallyport/contracts/basics'
import type { Records } from '../port.ts'
import { type Asked, type Failure, type FromThread, packEvents, type Request, type ToThread } from './thread-protocol.ts'

/** As `openSqliteRecords`, and fails as it does. Where the thread dies, what is asked then and later fails with STORE_UNAVAILABLE. */
export async function openThreadedRecords(options: {
  readonly path: string
  readonly onQuery?: CallEnded | undefined
}): Promise<Records> {
  const worker = new Worker(new URL('./records-thread.ts', import.meta.url), { workerData: options.path })
  const waiting = new RenewedMap<number, PromiseWithResolvers<unknown>>()
  const opened = Promise.withResolvers<string>()
  let next = 0
  let death: Error | undefined

  worker.on('message', (message: FromThread) => {
    if ('generation' in message) {
      if (message.failure) opened.reject(errorOf(message.failure))
      else opened.resolve(message.generation)
      return
    }
    const asked = waiting.get(message.answer)
    waiting.delete(message.answer)
    if (options.onQuery) for (const query of message.queries) options.onQuery(...query)
    if (message.failure) asked?.reject(errorOf(message.failure))
    else asked?.resolve(message.result)
  })
  const died = (cause: unknown): void => {
    death ??= new SallyportError('STORE_UNAVAILABLE', `the thread of the records ended (${String(cause)}): start again`, { cause })
    opened.reject(death)
    for (const { reject } of waiting.values()) reject(death)
    waiting.clear()
  }
  worker.on('error', died)
  worker.on('exit', (code) => died(`exit code ${code}`))

  function ask<T>(request: Request, transfer: readonly ArrayBuffer[] = []): Promise<T> {
    if (death) return Promise.reject(death)
    const asked = Promise.withResolvers<unknown>()
    const message: ToThread = { ask: next++, request }
    waiting.set(message.ask, asked)
    worker.postMessage(message, [...transfer])
    return asked.promise as Promise<T>
  }

  /** The answer is of the type that the method has: the other end is a `Records`. */
  const method = <N extends Asked>(name: N): Records[N] =>
    ((argument?: unknown) => ask({ do: 'ask', name, argument })) as unknown as Records[N]

  const generation = await opened.promise.catch(async (error: unknown) => {
    await worker.terminate()
    throw error
  })
  return {
    generation,
    system: 'sqlite',
    append(events) {
      const packed = packEvents(events)
      return ask<void>({ do: 'append', ...packed }, [packed.bytes.buffer])
    },
    positions: method('positions'),
    message: method('message'),
    messages: method('messages'),
    statistics: method('statistics'),
    applications: method('applications'),
    identities: method('identities'),
    readiness: method('readiness'),
    violations: method('violations'),
    state: method('state'),
    events: method('events'),
    prune: method('prune'),
    async close() {
      if (!death) await ask<void>({ do: 'close' })
      await worker.terminate()
    },
  }
}

function errorOf({ code, message }: Failure): Error {
  return code !== undefined && code in errorTable ? new SallyportError(code as ErrorCode, message) : new Error(message)
}
