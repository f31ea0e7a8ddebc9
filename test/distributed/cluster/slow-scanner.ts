/** A spam scanner that answers as rspamd does and finds nothing, but takes its time: what one checker process can do is then known. */
import { createServer } from 'node:http'

export interface SlowScanner {
  /** host:port */
  readonly address: string
  stop(): Promise<void>
}

export async function startSlowScanner(answerAfterMs: number): Promise<SlowScanner> {
  const answer = JSON.stringify({ score: 0, required_score: 15, action: 'no action', symbols: {} })
  const server = createServer((request, response) => {
    request.resume()
    request.on('end', () => {
      setTimeout(() => response.writeHead(200, { 'content-type': 'application/json' }).end(answer), answerAfterMs)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    address: `127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
