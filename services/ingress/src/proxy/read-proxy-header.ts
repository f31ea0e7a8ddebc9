/** Reads the PROXY header of a connection before anything else does. */
import type { Socket } from 'node:net'
import { type ProxyHeader, parseProxyHeader } from './proxy-header.ts'

export type ProxyResult = Extract<ProxyHeader, { state: 'whole' }> | { readonly state: 'failed'; readonly why: string }

/**
 * Calls back once, with the header or with why there is none. What came behind it stays in the socket to be read. Where it
 * fails, also when it is not whole within `timeoutMs`, the connection is closed without a word.
 */
export function readProxyHeader(socket: Socket, timeoutMs: number, done: (result: ProxyResult) => void): void {
  let came: Buffer = Buffer.alloc(0)
  const timer = setTimeout(() => fail('it did not come in time'), timeoutMs)

  function finish(result: ProxyResult): void {
    clearTimeout(timer)
    socket.off('readable', onReadable)
    socket.off('close', onClose)
    socket.off('end', onClose)
    if (result.state === 'failed') socket.destroy()
    else socket.off('error', onError)
    done(result)
  }
  const fail = (why: string): void => finish({ state: 'failed', why })
  const onClose = (): void => fail('the connection ended before it')
  // Stays where the header fails: a late error of the closing socket has nobody else to go to.
  const onError = (): void => {}

  function onReadable(): void {
    for (let chunk: Buffer | null = socket.read(); chunk !== null; chunk = socket.read()) came = Buffer.concat([came, chunk])
    if (came.length === 0) return
    const header = parseProxyHeader(came)
    switch (header.state) {
      case 'incomplete':
        return
      case 'invalid':
        fail(header.why)
        return
      case 'whole':
        if (came.length > header.headerBytes) socket.unshift(came.subarray(header.headerBytes))
        finish(header)
        return
    }
  }

  socket.on('error', onError)
  socket.on('close', onClose)
  socket.on('end', onClose)
  socket.on('readable', onReadable)
}
