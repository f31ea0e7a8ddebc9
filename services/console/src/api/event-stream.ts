/** One reader of server-sent events (WHATWG HTML §9.2): what it cannot take in time it misses, and is told how much that was. */
import type { ServerResponse } from 'node:http'

export interface EventStream {
  send(event: string, data: object): void
  end(): void
}

/** A comment as often as this keeps proxies from closing the connection. */
const heartbeatMs = 15_000
/** What may wait in memory for a reader, in bytes. */
const maxBufferedBytes = 256 * 1024

/** Answers with the stream. `onClose` is called once, whoever ended it. */
export function eventStream(response: ServerResponse, onClose: () => void): EventStream {
  let lost = 0
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'x-accel-buffering': 'no',
  })
  response.write('retry: 3000\n\n')

  const line = (event: string, data: object): string => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`
  function send(event: string, data: object): void {
    if (response.writableLength > maxBufferedBytes) {
      lost++
      return
    }
    if (lost > 0) {
      const count = lost
      lost = 0
      response.write(line('lost', { count }))
    }
    response.write(line(event, data))
  }
  const heart = setInterval(() => {
    if (response.writableLength === 0) response.write(': still here\n\n')
  }, heartbeatMs)
  heart.unref()
  response.once('close', () => {
    clearInterval(heart)
    onClose()
  })
  response.once('error', () => response.destroy())
  return { send, end: () => void response.end() }
}
