import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, Socket } from 'node:net'
import { test } from 'node:test'
import { clientSocket } from './client-socket.ts'

test('a connection to a broker holds nothing back', async (t) => {
  const server = createServer((socket) => socket.on('error', () => {}).end('x')).listen(0, '127.0.0.1')
  t.after(() => server.close())
  await once(server, 'listening')
  const setting = t.mock.method(Socket.prototype, 'setNoDelay')
  const address = server.address()
  const connected = Promise.withResolvers<void>()
  const socket = clientSocket({
    host: '127.0.0.1',
    port: typeof address === 'object' && address ? address.port : 0,
    onConnect: connected.resolve,
  })
  t.after(() => socket.destroy())
  await connected.promise
  const ours = setting.mock.calls.filter((call) => call.this === socket)
  assert.deepEqual(
    ours.map((call) => call.arguments),
    [[true]],
  )
})
