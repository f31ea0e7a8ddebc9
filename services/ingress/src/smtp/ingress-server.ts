/** One listener: smtp-server with our connections, and the PROXY header read by us. */
import type { Socket } from 'node:net'
import { isRenewalDue } from '@sallyport/contracts'
import type { SmtpReply } from '@sallyport/policy'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import type { SMTPConnectionOptions } from 'smtp-server/lib/smtp-connection.js'
import type { IngressRoom } from '../ingress-room.ts'
import { readProxyHeader } from '../proxy/read-proxy-header.ts'
import { replies } from '../replies.ts'
import type { ListenerSettings } from '../settings.ts'
import { authenticate } from './authenticate.ts'
import { boundHandshake } from './bound-handshake.ts'
import { IngressConnection } from './ingress-connection.ts'

const commandsOfNobody = ['XCLIENT', 'XFORWARD', 'WIZ', 'SHELL', 'KILL', 'LHLO']

export class IngressServer extends SMTPServer {
  readonly room: IngressRoom
  readonly listener: ListenerSettings
  #sinceRenewal = 0

  constructor(room: IngressRoom, listener: ListenerSettings) {
    super(serverOptions(room, listener))
    this.room = room
    this.listener = listener
  }

  get offersStartTls(): boolean {
    return this.listener.tls === 'starttls'
  }

  /** Why a connection that came just now is not served. */
  refusal({
    remoteAddress,
  }: Pick<IngressConnection, 'remoteAddress'>): { readonly reply: SmtpReply; readonly reason: string } | undefined {
    if (this.room.isDraining) return { reply: replies.shuttingDown(), reason: 'shutting-down' }
    if (this.room.backpressure.isFull) return { reply: replies.queueFullClosing(), reason: 'queue' }
    if (this.room.connections.size > this.room.settings.maxConnections) {
      return { reply: replies.tooManyConnections(), reason: 'too-many' }
    }
    if (this.room.perClient.of(remoteAddress) > this.room.settings.maxConnectionsPerClient) {
      return { reply: replies.tooManyOfClient(), reason: 'too-many-of-client' }
    }
    return undefined
  }

  override connect(socket: Socket, socketOptions?: SMTPConnectionOptions | null): void {
    const connection = new IngressConnection(this, socket, socketOptions)
    this.#renewConnections()
    this.connections.add(connection)
    this.room.connections.add(connection)
    this.room.perClient.enter(connection.remoteAddress)
    connection.on('error', (error: Error) => this.#onConnectionError(error))
    connection.init()
  }

  /** As `RenewedSet` does, where smtp-server wants a Set. */
  #renewConnections(): void {
    if (!isRenewalDue(++this.#sinceRenewal, this.connections.size)) return
    this.#sinceRenewal = 0
    this.connections = new Set(this.connections)
  }

  /** A client that resets its connection in a transaction, say: its affair. */
  #onConnectionError(error: Error): void {
    this.room.ports.log.debug({ err: error }, 'connection error')
  }

  override _onError(error: Error): void {
    // Before it listens the error is for whoever starts it.
    if (!this.server.listening) super._onError(error)
    else this.#onConnectionError(error)
  }

  override _upgrade(socket: Socket, callback: Parameters<SMTPServer['_upgrade']>[1]): void {
    super._upgrade(socket, callback)
    boundHandshake(this._pendingSockets.get(socket) ?? socket, this.room.settings.tlsHandshakeMs)
  }

  override _expectsProxyHeader(): boolean {
    return this.listener.proxy
  }

  override _handleProxy(
    socket: Socket,
    callback: (error: Error | null, options?: SMTPConnectionOptions & { id: string }) => void,
  ): void {
    const { room, listener } = this
    const id = String(++connections)
    if (!listener.proxy) {
      // Nobody asks which of the machine's addresses it came to: a system call less.
      callback(null, { id, localAddress: listener.host, localPort: listener.port })
      return
    }
    const refuse = (why: string): void => {
      room.metrics.refusedConnections.inc({ reason: 'proxy' })
      room.ports.log.warn({ client: socket.remoteAddress, why }, 'PROXY header refused')
      callback(new Error(why))
    }
    if (!room.proxyNetworks.includes(socket.remoteAddress ?? '')) {
      socket.on('error', () => {})
      socket.destroy()
      refuse('the client is not in smtp.proxy.networks')
      return
    }
    readProxyHeader(socket, room.settings.proxyHeaderMs, (header) => {
      if (header.state === 'failed') refuse(header.why)
      else callback(null, header.source ? { id, remoteAddress: header.source.address, remotePort: header.source.port } : { id })
    })
  }
}

let connections = 0

function serverOptions(room: IngressRoom, { tls, proxy }: ListenerSettings): SMTPServerOptions {
  const { settings } = room
  const texts = settings.tls
  return {
    name: settings.hostname,
    logger: false,
    disableReverseLookup: true,
    hideENHANCEDSTATUSCODES: false,
    hideDSN: false,
    authOptional: true,
    authMethods: ['PLAIN', 'LOGIN'],
    disabledCommands: commandsOfNobody,
    secure: tls === 'implicit',
    useProxy: proxy,
    // For sockets whose handshake or PROXY header has not come; sessions are counted over all listeners.
    maxClients: settings.maxConnections,
    socketTimeout: settings.idleMs,
    minVersion: 'TLSv1.2',
    ...(texts === undefined ? {} : { key: texts.key, cert: texts.certificate }),
    ...(texts?.clientCa === undefined ? {} : { ca: texts.clientCa, requestCert: true, rejectUnauthorized: false }),
    onConnect: (_session, callback) => callback(),
    onSecure: (_socket, _session, callback) => callback(),
    onAuth: (auth, session, callback) => void authenticate(room, auth, session, callback),
  }
}
