/**
 * Connections to brokers as kafkajs makes them, but that nothing waits in them: it leaves Nagle's algorithm (RFC 896) on, and a
 * request, or the end of one that takes more than a segment, then waits until the other side has acknowledged what went before.
 */
import { connect, isIP, type Socket } from 'node:net'
import { type ConnectionOptions, connect as connectTls } from 'node:tls'

export interface SocketPlace {
  readonly host: string
  readonly port: number
  /** Without it there is no TLS, whatever the client's types say. */
  readonly ssl?: ConnectionOptions
  readonly onConnect: () => void
}

const keepAliveMs = 60_000

export function clientSocket({ host, port, ssl, onConnect }: SocketPlace): Socket {
  const servername = isIP(host) ? {} : { servername: host }
  const socket = ssl ? connectTls({ host, port, ...servername, ...ssl }, onConnect) : connect({ host, port }, onConnect)
  return socket.setKeepAlive(true, keepAliveMs).setNoDelay(true)
}
