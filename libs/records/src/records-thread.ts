/** The thread of `openThreadedRecords`: the store on SQLite, asked over a port. */
import { parentPort, workerData } from 'node:worker_threads'
import { SallyportError } from '@sallyport/contracts'
import { openSqliteRecords } from './sqlite-records.ts'
import { type FromThread, rowsOf, type ToThread } from './thread-protocol.ts'

const say = (message: FromThread): void => parentPort?.postMessage(message)
const failure = (error: unknown) => ({
  code: error instanceof SallyportError ? error.code : undefined,
  message: error instanceof Error ? error.message : String(error),
})

try {
  const records = await openSqliteRecords({ path: String(workerData) })
  parentPort?.on('message', ({ ask, request }: ToThread) => {
    const answer = async () => {
      switch (request.do) {
        case 'append':
          return records.appendRows(rowsOf(request))
        case 'positions':
          return records.positions()
        case 'message':
          return records.message(request.id)
        case 'messages':
          return records.messages(request.query)
        case 'prune':
          return records.prune(request.maxAgeMs)
        case 'close':
          await records.close()
          parentPort?.unref()
          return undefined
      }
    }
    answer().then(
      (result) => say({ answer: ask, result }),
      (error: unknown) => say({ answer: ask, failure: failure(error) }),
    )
  })
  say({ generation: records.generation })
} catch (error) {
  say({ generation: '', failure: failure(error) })
}
