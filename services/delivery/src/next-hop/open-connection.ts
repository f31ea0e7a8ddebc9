/**
 * Opens a connection to a next hop: greeting, EHLO, STARTTLS and AUTH are nodemailer's; then its socket is taken over, as
 * transactions are ours (docs/decisions/0003-outgoing-smtp.md says why).
 */
import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import { type Capabilities, parseCapabilities } from './capabilities.ts'
import { type Hop, hopName, type TlsMode } from './next-hop.ts'
import { printable } from './reply-reader.ts'

export interface OpenOptions {
  readonly hop: Hop
  readonly tls: TlsMode
  /** The name in EHLO. */
  readonly hostname: string
  readonly credentials?: { readonly user: string; readonly password: string }
  /** To connect, and then for each of greeting, EHLO, STARTTLS and AUTH. */
  readonly connectMs: number
  readonly greetingMs: number
  /** PEM of a certification authority that next hops are verified against; default those of Node. */
  readonly ca?: string
}

export interface OpenConnection {
  readonly hop: Hop
  readonly socket: Socket
  readonly offered: Capabilities
  /** Protocol and cipher; undefined in plain text. */
  readonly tls: string | undefined
}

/** The next hop cannot be used now. The message is what an operator reads. */
export class HopUnavailable extends Error {
  override readonly name = 'HopUnavailable'
  /** It failed at STARTTLS or in the handshake. */
  readonly duringTls: boolean
  constructor(message: string, options: ErrorOptions & { readonly duringTls?: boolean } = {}) {
    super(message, options)
    this.duringTls = options.duringTls ?? false
  }
}

/**
 * `opportunistic` takes any certificate, and goes on in plain text where STARTTLS is not offered or fails (RFC 7435);
 * `required` and `implicit` verify. Credentials never go in plain text unless the route says `tls: off`. Fails with
 * HopUnavailable.
 */
export async function openConnection(options: OpenOptions): Promise<OpenConnection> {
  if (options.tls !== 'opportunistic') return await dial(options, options.tls)
  try {
    return await dial(options, 'opportunistic')
  } catch (error) {
    if (!(error instanceof HopUnavailable && error.duringTls) || options.credentials) throw error
    return await dial(options, 'off')
  }
}

function dial(options: OpenOptions, tls: TlsMode): Promise<OpenConnection> {
  const { hop, credentials } = options
  const verify = tls === 'required' || tls === 'implicit'
  const connection = new SMTPConnection({
    host: hop.host,
    port: hop.port,
    secure: tls === 'implicit',
    ignoreTLS: tls === 'off',
    requireTLS: tls === 'required',
    name: options.hostname,
    connectionTimeout: options.connectMs,
    greetingTimeout: options.greetingMs,
    socketTimeout: options.greetingMs,
    socketCloseTimeout: 0,
    allowInternalNetworkInterfaces: true,
    tls: { rejectUnauthorized: verify, minVersion: 'TLSv1.2', ...(options.ca === undefined ? {} : { ca: options.ca }) },
  })
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => {
      connection.removeAllListeners('error').on('error', () => {})
      const duringTls = connection.upgrading === true || Reflect.get(error, 'code') === 'ETLS'
      connection.close()
      reject(unavailable(hop, error, duringTls))
    }
    const ready = (greeted: string): void => {
      const socket = takeSocket(connection)
      if (socket) resolve({ hop, socket, offered: parseCapabilities(greeted), tls: describeTls(socket) })
      else fail(new Error('the connection was closed'))
    }
    connection.once('error', fail)
    connection.connect((error) => {
      if (error) return fail(error)
      const greeted = connection.lastServerResponse || ''
      if (!credentials) return ready(greeted)
      if (!connection.secure && tls !== 'off')
        return fail(new Error('STARTTLS is not offered, and credentials do not go in plain text'))
      connection.login({ user: credentials.user, pass: credentials.password }, (loginError) =>
        loginError ? fail(loginError) : ready(greeted),
      )
    })
  })
}

function unavailable(hop: Hop, cause: Error, duringTls: boolean): HopUnavailable {
  const response: unknown = Reflect.get(cause, 'response')
  const text = typeof response === 'string' ? `it answered ${printable(response)}` : printable(cause.message)
  return new HopUnavailable(`${hopName(hop)}: ${text}`, { cause, duringTls })
}

function describeTls(socket: Socket): string | undefined {
  if (!(socket instanceof TLSSocket)) return undefined
  return `${socket.getProtocol() ?? 'TLS'} ${socket.getCipher().name}`
}

/** nodemailer's listeners on its socket: without them it is out of the way. A test says when a new version differs. */
const listenerFields = [
  ['data', '_onSocketData'],
  ['timeout', '_onSocketTimeout'],
  ['close', '_onSocketClose'],
  ['end', '_onSocketEnd'],
  ['error', '_onSocketError'],
] as const

const isListener = (value: unknown): value is (...words: unknown[]) => void => typeof value === 'function'

/** The socket without nodemailer's listeners and timeout, or undefined where it is closed already. */
export function takeSocket(connection: SMTPConnection): Socket | undefined {
  const socket = connection._socket
  if (!socket || socket.destroyed) return undefined
  for (const [event, field] of listenerFields) {
    const listener: unknown = Reflect.get(connection, field)
    if (!isListener(listener)) throw new Error(`nodemailer's SMTPConnection has no ${field}: its version is not the pinned one`)
    socket.removeListener(event, listener)
  }
  socket.setTimeout(0)
  return socket
}
