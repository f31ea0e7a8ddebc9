/** A server that does what a test says, and a message to ask it about. */
import { createServer, type Socket } from 'node:net'
import type { EngineAddress } from './address.ts'
import type { EngineMessage } from './port.ts'

export interface ScriptedServer {
  readonly address: EngineAddress
  /** Everything heard, one entry a connection. */
  readonly heard: Buffer[]
  /** Connections that are open now, by half or whole. */
  readonly open: ReadonlySet<Socket>
  /** Whether the other side has left all of them: what is said to it then resets the connection. */
  isLeft(): boolean
  close(): Promise<void>
}

export interface Heard {
  readonly socket: Socket
  /** All of this connection so far. */
  readonly text: string
  readonly bytes: number
}

/**
 * Calls `act` once a connection, when what was heard matches `when` (default at once). Half-open connections stay so until
 * either end closes.
 */
export async function scriptedServer(
  act: (heard: Heard) => void,
  when: (heard: Heard) => boolean = () => true,
): Promise<ScriptedServer> {
  const heard: Buffer[] = []
  const open = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    open.add(socket)
    const index = heard.push(Buffer.alloc(0)) - 1
    let hasActed = false
    const look = (): void => {
      const all = heard[index] ?? Buffer.alloc(0)
      const now = { socket, text: all.toString('latin1'), bytes: all.byteLength }
      if (hasActed || !when(now)) return
      hasActed = true
      act(now)
    }
    socket.on('data', (chunk: Buffer) => {
      heard[index] = Buffer.concat([heard[index] ?? Buffer.alloc(0), chunk])
      look()
    })
    socket.on('error', () => undefined)
    socket.on('close', () => open.delete(socket))
    look()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const listening = server.address()
  if (listening === null || typeof listening === 'string') throw new Error('the server has no port')
  return {
    address: { host: '127.0.0.1', port: listening.port },
    heard,
    open,
    isLeft() {
      for (const socket of open) socket.write('?')
      return open.size === 0
    },
    close() {
      for (const socket of open) socket.destroy()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

export const text = (address: EngineAddress): string => `${address.host}:${address.port}`

/** Chunks of `chunkBytes`, each made when it is asked for; `read` counts them. */
export function testMessage(
  content: string | Uint8Array = 'Subject: hello\r\n\r\nHello\r\n',
  overrides: Partial<EngineMessage> = {},
  chunkBytes = 16_384,
): EngineMessage & { readonly readBytes: () => number } {
  const bytes = typeof content === 'string' ? Buffer.from(content, 'latin1') : content
  let readBytes = 0
  return {
    id: '0190a1b2-0000-7000-8000-000000000001',
    application: 'billing',
    sender: 'a@example.com',
    recipients: ['b@example.net'],
    clientAddress: '192.0.2.1',
    helo: 'client.example.com',
    contentBytes: bytes.byteLength,
    readBytes: () => readBytes,
    async *content() {
      for (let at = 0; at < bytes.byteLength; at += chunkBytes) {
        const chunk = bytes.subarray(at, at + chunkBytes)
        readBytes += chunk.byteLength
        yield chunk
      }
    },
    ...overrides,
  }
}

/** Never comes. */
export const never = (): AbortSignal => new AbortController().signal
