/** A raw SMTP client for dialogues, byte by byte where a test wants it. */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from 'node:tls'
import { stuffed } from './dot-stuffing.ts'
import { type SmtpReply, SmtpReplyReader } from './smtp-reply-reader.ts'

export type { SmtpReply } from './smtp-reply-reader.ts'

export interface SmtpClientOptions {
  readonly port: number
  /** Default 127.0.0.1. */
  readonly host?: string
  /** The address to come from, where the system's choice does not do. */
  readonly localAddress?: string
  /** TLS from the first byte. */
  readonly implicitTls?: ConnectionOptions
  /** How long `read` waits for a reply before it rejects. Default 10,000. */
  readonly timeoutMs?: number
  /** Sent before the greeting is awaited, e.g. a PROXY header. */
  readonly preamble?: string | Uint8Array
}

export interface SmtpClient {
  readonly greeting: SmtpReply
  /** Sends a line (CRLF is added) and reads one reply. */
  say(line: string): Promise<SmtpReply>
  /** Sends the lines in one write and reads a reply for each: PIPELINING (RFC 2920). */
  sayAll(lines: readonly string[]): Promise<readonly SmtpReply[]>
  /** Sends bytes as they are; resolves when they are handed to the system. */
  write(bytes: string | Uint8Array): Promise<void>
  /** The next reply. Rejects when the connection ends before. */
  read(): Promise<SmtpReply>
  /** EHLO; resolves with the extension lines, e.g. `SIZE 1000`, without the first line. */
  ehlo(name?: string): Promise<readonly string[]>
  /** STARTTLS and the handshake. Rejects when the reply is not 220 or the handshake fails. Say EHLO again after it. */
  startTls(options?: ConnectionOptions): Promise<void>
  authPlain(user: string, password: string): Promise<SmtpReply>
  authLogin(user: string, password: string): Promise<SmtpReply>
  /** DATA, the content dot-stuffed (CRLF added where its end lacks it), and the end. Resolves with the last reply: of DATA when that is not 354. */
  data(content: string | Uint8Array): Promise<SmtpReply>
  /** MAIL, RCPT for each, DATA. Resolves with the first reply that refuses the whole, else with that to the end of DATA. */
  send(message: {
    readonly from: string
    readonly to: string | readonly string[]
    readonly content: string | Uint8Array
    /** After MAIL FROM, e.g. `SIZE=100`. */
    readonly parameters?: string
  }): Promise<SmtpReply>
  /** QUIT and wait for the end. */
  quit(): Promise<SmtpReply>
  /** Resolves when the connection has ended, whoever ended it. */
  readonly closed: Promise<void>
  readonly isClosed: boolean
  /** Half-closes: no more from us. */
  end(): void
  /** Resets the connection: gone without a word. */
  destroy(): void
}

/** Connects and reads the greeting. */
export async function smtpClient(options: SmtpClientOptions): Promise<SmtpClient> {
  const host = options.host ?? '127.0.0.1'
  const reader = new SmtpReplyReader(options.timeoutMs ?? 10_000)
  const to = { host, port: options.port, ...(options.localAddress === undefined ? {} : { localAddress: options.localAddress }) }
  let socket: Socket = options.implicitTls ? connectTls({ ...to, ...options.implicitTls }) : connect(to)
  socket.setNoDelay(true)
  const first = socket
  const closed = new Promise<void>((resolve) => first.once('close', () => resolve()))
  reader.attach(socket)
  await once(socket, options.implicitTls ? 'secureConnect' : 'connect')

  const write = (bytes: string | Uint8Array): Promise<void> =>
    new Promise((resolve, reject) => {
      socket.write(bytes, (error) => (error ? reject(error) : resolve()))
    })
  const send = (bytes: string | Uint8Array): Promise<SmtpReply> => {
    // The reply tells what became of it; a server may close before it has read everything.
    write(bytes).catch(() => {})
    return reader.next()
  }
  const say = (line: string): Promise<SmtpReply> => send(`${line}\r\n`)
  const base64 = (text: string): string => Buffer.from(text).toString('base64')

  if (options.preamble !== undefined) await write(options.preamble)
  const greeting = await reader.next()

  const client: SmtpClient = {
    greeting,
    closed,
    get isClosed() {
      return first.destroyed || socket.destroyed
    },
    say,
    write,
    read: () => reader.next(),
    async sayAll(lines) {
      write(lines.map((line) => `${line}\r\n`).join('')).catch(() => {})
      const replies: SmtpReply[] = []
      for (const _ of lines) replies.push(await reader.next())
      return replies
    },
    async ehlo(name = 'client.test') {
      const reply = await say(`EHLO ${name}`)
      if (reply.code !== 250) throw new Error(`EHLO was answered ${reply.text}`)
      return reply.lines.slice(1)
    },
    async startTls(tlsOptions = {}) {
      const reply = await say('STARTTLS')
      if (reply.code !== 220) throw new Error(`STARTTLS was answered ${reply.text}`)
      reader.detach(socket)
      const secure: TLSSocket = connectTls({ socket, servername: 'localhost', ...tlsOptions })
      socket = secure
      reader.attach(secure)
      await once(secure, 'secureConnect')
    },
    authPlain: (user, password) => say(`AUTH PLAIN ${base64(`\0${user}\0${password}`)}`),
    async authLogin(user, password) {
      for (const line of ['AUTH LOGIN', base64(user)]) {
        const reply = await say(line)
        if (reply.code !== 334) return reply
      }
      return await say(base64(password))
    },
    async data(content) {
      const reply = await say('DATA')
      return reply.code === 354 ? await send(stuffed(typeof content === 'string' ? Buffer.from(content) : content)) : reply
    },
    async send({ from, to, content, parameters }) {
      const mail = await say(`MAIL FROM:<${from}>${parameters ? ` ${parameters}` : ''}`)
      if (mail.code >= 300) return mail
      let accepted = 0
      let last = mail
      for (const address of typeof to === 'string' ? [to] : to) {
        last = await say(`RCPT TO:<${address}>`)
        if (last.code < 300) accepted++
      }
      return accepted > 0 ? await client.data(content) : last
    },
    async quit() {
      const reply = await say('QUIT')
      socket.end()
      await closed
      return reply
    },
    end: () => void socket.end(),
    destroy: () => void first.resetAndDestroy(),
  }
  return client
}
