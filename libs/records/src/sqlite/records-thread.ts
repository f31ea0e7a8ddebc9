/** The thread of `openThreadedRecords`: the store on SQLite, asked over a port. */
import { parentPort, workerData } from 'node:worker_threads'
import { SallyportError } from '@sallyport/contracts/basics'
import { openSqliteRecords } from './sqlite-records.ts'
import { type EndedQuery, eventsOf, type FromThread, type ToThread } from './thread-protocol.ts'

const say = (message: FromThread): void => parentPort?.postMessage(message)
const failure = (error: unknown) => ({
  code: error instanceof SallyportError ? error.code : undefined,
  message: error instanceof Error ? error.message : String(error),
})

const ended: EndedQuery[] = []

try {
  const records = await openSqliteRecords({ path: String(workerData), onQuery: (...query) => void ended.push(query) })
  parentPort?.on('message', ({ ask, request }: ToThread) => {
    const answer = async () => {
      switch (request.do) {
        case 'append':
          return records.append(eventsOf(request))
        case 'close':
          await records.close()
          parentPort?.unref()
          return undefined
        case 'ask': {
          // The argument is of the type that this method has: the other end has the same interface.
          const ask: (argument: never) => Promise<unknown> = records[request.name]
          return ask(request.argument as never)
        }
      }
    }
    answer().then(
      (result) => say({ answer: ask, result, queries: ended.splice(0) }),
      (error: unknown) => say({ answer: ask, failure: failure(error), queries: ended.splice(0) }),
    )
  })
  say({ generation: records.generation })
} catch (error) {
  say({ generation: '', failure: failure(error) })
}
