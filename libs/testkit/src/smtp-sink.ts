/** A scripted next hop: an SMTP server that keeps what it gets and answers, hangs or drops as a test says. */
import { createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer, type SecureContextOptions } from 'node:tls'
import { SinkConnection } from './smtp-sink-connection.ts'
import type { SinkReplies, SunkMessage } from './smtp-sink-script.ts'

export type { SinkAction, SinkReplies, SinkSession, SunkMessage, SunkRecipient } from './smtp-sink-script.ts'

export interface SmtpSinkOptions {
  /** EHLO keywords; default PIPELINING, 8BITMIME, SMTPUTF8, DSN, ENHANCEDSTATUSCODES, SIZE. STARTTLS and AUTH come by `tls` and `users`. */
  readonly extensions?: readonly string[]
  readonly replies?: SinkReplies
  /** Offers STARTTLS with this key and certificate (testCertificates().server). */
  readonly tls?: SecureContextOptions
  /** TLS from the first byte instead of STARTTLS. */
  readonly implicitTls?: boolean
  /** Offers AUTH PLAIN and LOGIN, and wants it before MAIL. Password by user. */
  readonly users?: Readonly<Record<string, string>>
  /** Default 0: any. */
  readonly port?: number
  /** Default 127.0.0.1. */
  readonly host?: string
}

export interface SmtpSink {
  readonly host: string
  readonly port: number
  /** `host:port`. */
  readonly address: string
  /** May be changed at any time; takes effect with the next EHLO. */
  extensions: readonly string[]
  /** May be changed at any time. */
  readonly replies: SinkReplies
  /** Answers by recipient address, before `replies.rcpt` is asked. */
  readonly recipientReplies: Map<string, string>
  /** Drops the connection when this many bytes of DATA came. */
  dropAtContentBytes: number | undefined
  /** Those answered with 2xx, in order of their ends. */
  readonly messages: readonly SunkMessage[]
  /** Every command line received, by all connections, in order (content and AUTH responses left out). */
  readonly commands: readonly string[]
  /** How many connections were ever made, and how many are open now. */
  readonly connections: number
  readonly openConnections: number
  /** Closes the open connections without a word. */
  dropConnections(): void
  /** Forgets messages and commands. */
  clear(): void
  stop(): Promise<void>
}

const usualExtensions = ['PIPELINING', '8BITMIME', 'SMTPUTF8', 'DSN', 'ENHANCEDSTATUSCODES', 'SIZE']

export async function smtpSink(options: SmtpSinkOptions = {}): Promise<SmtpSink> {
  const host = options.host ?? '127.0.0.1'
  const messages: SunkMessage[] = []
  const commands: string[] = []
  const sockets = new Set<Socket>()
  let connections = 0
  let port = 0

  const sink: SmtpSink = {
    host,
    get port() {
      return port
    },
    get address() {
      return `${host}:${port}`
    },
    extensions: options.extensions ?? usualExtensions,
    replies: { ...options.replies },
    recipientReplies: new Map(),
    dropAtContentBytes: undefined,
    messages,
    commands,
    get connections() {
      return connections
    },
    get openConnections() {
      return sockets.size
    },
    dropConnections() {
      for (const socket of sockets) socket.destroy()
    },
    clear() {
      messages.length = 0
      commands.length = 0
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }

  const accept = (socket: Socket): void => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    const isTls = options.implicitTls === true
    const connection = new SinkConnection(socket, ++connections, isTls, sink, {
      tls: isTls ? undefined : options.tls,
      users: options.users,
      keep: (message) => void messages.push(message),
      note: (line) => void commands.push(line),
    })
    connection.greet()
  }
  const server: Server = options.implicitTls ? createTlsServer(options.tls ?? {}, accept) : createServer(accept)
  server.on('tlsClientError', () => {})
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(options.port ?? 0, host, resolve))
  const bound = server.address()
  if (bound === null || typeof bound === 'string') throw new Error('the sink has no port')
  port = bound.port
  return sink
}
