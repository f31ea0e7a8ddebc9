/** One connection of a sink: the server's side of RFC 5321. */
import type { Socket } from 'node:net'
import { type SecureContextOptions, TLSSocket } from 'node:tls'
import { type DataEnd, dataEnd, unstuffed } from './dot-stuffing.ts'
import type { SmtpSink } from './smtp-sink.ts'
import { type AuthStep, beginAuth } from './smtp-sink-auth.ts'
import { type SinkAction, type SinkSession, type SunkMessage, type SunkRecipient, scripted } from './smtp-sink-script.ts'

interface Surroundings {
  readonly tls: SecureContextOptions | undefined
  readonly users: Readonly<Record<string, string>> | undefined
  keep(message: SunkMessage): void
  note(line: string): void
}

/** `after` gets the reply that was sent, before anything else is read. */
interface Answer {
  readonly action: SinkAction
  readonly after?: ((sent: string) => void) | undefined
}

export class SinkConnection implements SinkSession {
  readonly connection: number
  helo = ''
  isTls: boolean
  user: string | undefined
  sender: string | undefined
  recipients: SunkRecipient[] = []
  transactions = 0
  #parameters: readonly string[] = []
  #socket: Socket
  readonly #sink: SmtpSink
  readonly #around: Surroundings
  #pending: Buffer = Buffer.alloc(0)
  #data: DataEnd | undefined
  /** Gets the next line instead of the command table: AUTH is a dialogue. */
  #onLine: ((line: string) => Answer) | undefined
  #isWaiting = false

  constructor(socket: Socket, connection: number, isTls: boolean, sink: SmtpSink, around: Surroundings) {
    this.connection = connection
    this.isTls = isTls
    this.#sink = sink
    this.#around = around
    this.#socket = socket
    this.#attach(socket)
  }

  greet(): void {
    this.#answer({ action: scripted(this.#sink.replies.greeting, this) ?? '220 sink.test ESMTP' })
  }

  #attach(socket: Socket): void {
    this.#socket = socket
    socket.setNoDelay(true)
    socket.on('error', () => socket.destroy())
    socket.on('data', (chunk: Buffer) => {
      this.#pending = this.#pending.length > 0 ? Buffer.concat([this.#pending, chunk]) : chunk
      this.#work()
    })
  }

  /** One thing after the other, also when commands are pipelined. */
  #work(): void {
    while (!this.#isWaiting && this.#pending.length > 0) {
      if (this.#data) {
        const chunk = this.#pending
        this.#pending = Buffer.alloc(0)
        const ended = this.#data.take(chunk)
        const dropAt = this.#sink.dropAtContentBytes
        if (dropAt !== undefined && this.#data.sentBytes() >= dropAt) {
          this.#drop()
          return
        }
        if (!ended) return
        this.#pending = ended.rest
        this.#data = undefined
        this.#answer(this.#endOfData(unstuffed(ended.content)))
        continue
      }
      const at = this.#pending.indexOf('\r\n')
      if (at < 0) return
      const line = this.#pending.toString('utf8', 0, at)
      this.#pending = this.#pending.subarray(at + 2)
      const onLine = this.#onLine
      this.#onLine = undefined
      if (!onLine) this.#around.note(line)
      this.#answer(onLine ? onLine(line) : this.#command(line))
    }
  }

  #command(line: string): Answer {
    const { replies } = this.#sink
    const verb = (/^[a-z]+/i.exec(line)?.[0] ?? '').toUpperCase()
    switch (verb) {
      case 'EHLO':
      case 'HELO':
        this.helo = line.slice(5).trim()
        this.#reset()
        return { action: scripted(replies.ehlo, this) ?? (verb === 'HELO' ? '250 sink.test' : this.#ehlo()) }
      case 'STARTTLS':
        return this.#startTls()
      case 'AUTH':
        return this.#auth(line)
      case 'MAIL':
        return this.#mail(line)
      case 'RCPT':
        return this.#rcpt(line)
      case 'DATA':
        return this.#dataCommand()
      case 'RSET':
        this.#reset()
        return { action: scripted(replies.rset, this) ?? '250 2.0.0 Ok' }
      case 'NOOP':
        return { action: '250 2.0.0 Ok' }
      case 'QUIT':
        return { action: scripted(replies.quit, this) ?? '221 2.0.0 Bye', after: () => void this.#socket.end() }
      default:
        return { action: '502 5.5.1 Command not implemented' }
    }
  }

  #ehlo(): string {
    const words = ['sink.test', ...this.#sink.extensions]
    if (this.#around.tls && !this.isTls) words.push('STARTTLS')
    if (this.#around.users) words.push('AUTH PLAIN LOGIN')
    return words.map((word, index) => `250${index === words.length - 1 ? ' ' : '-'}${word}`).join('\n')
  }

  #startTls(): Answer {
    const { tls } = this.#around
    if (!tls || this.isTls) return { action: '502 5.5.1 STARTTLS is not offered' }
    const secure = (sent: string): void => {
      if (!sent.startsWith('220')) return
      const plain = this.#socket
      plain.removeAllListeners('data')
      this.#pending = Buffer.alloc(0)
      this.isTls = true
      this.helo = ''
      this.#reset()
      this.#attach(new TLSSocket(plain, { isServer: true, ...tls }))
    }
    return { action: scripted(this.#sink.replies.starttls, this) ?? '220 2.0.0 Go ahead', after: secure }
  }

  #auth(line: string): Answer {
    const action = scripted(this.#sink.replies.auth, this)
    return action === undefined ? this.#authStep(beginAuth(line, this.#around.users ?? {})) : { action }
  }

  #authStep(step: AuthStep): Answer {
    if ('next' in step) this.#onLine = (line) => this.#authStep(step.next(line))
    else if (step.user !== undefined) this.user = step.user
    return { action: step.reply }
  }

  #mail(line: string): Answer {
    const path = /^MAIL FROM:\s*<([^>]*)>\s*(.*)$/i.exec(line)
    if (!path) return { action: '501 5.5.4 Syntax: MAIL FROM:<address>' }
    if (this.#around.users && this.user === undefined) return { action: '530 5.7.0 Authentication required' }
    if (this.sender !== undefined) return { action: '503 5.5.1 Nested MAIL' }
    const [, sender = '', parameters = ''] = path
    const begin = (sent: string): void => {
      if (!sent.startsWith('2')) return
      this.sender = sender
      this.#parameters = words(parameters)
    }
    return { action: scripted(this.#sink.replies.mail, sender, this) ?? '250 2.1.0 Ok', after: begin }
  }

  #rcpt(line: string): Answer {
    const path = /^RCPT TO:\s*<([^>]+)>\s*(.*)$/i.exec(line)
    if (!path) return { action: '501 5.5.4 Syntax: RCPT TO:<address>' }
    if (this.sender === undefined) return { action: '503 5.5.1 MAIL first' }
    const [, address = '', parameters = ''] = path
    const action = this.#sink.recipientReplies.get(address) ?? scripted(this.#sink.replies.rcpt, address, this)
    const add = (sent: string): void => {
      if (sent.startsWith('2')) this.recipients.push({ address, parameters: words(parameters) })
    }
    return { action: action ?? '250 2.1.5 Ok', after: add }
  }

  #dataCommand(): Answer {
    if (this.sender === undefined) return { action: '503 5.5.1 MAIL first' }
    if (this.recipients.length === 0) return { action: '554 5.5.1 No valid recipients' }
    const begin = (sent: string): void => {
      if (sent.startsWith('3')) this.#data = dataEnd()
    }
    return { action: scripted(this.#sink.replies.data, this) ?? '354 End data with <CR><LF>.<CR><LF>', after: begin }
  }

  #endOfData(content: Buffer): Answer {
    const { connection, helo, isTls, user, sender = '', recipients } = this
    const message: SunkMessage = { connection, helo, isTls, user, sender, parameters: this.#parameters, recipients, content }
    const end = (sent: string): void => {
      if (sent.startsWith('2')) this.#around.keep(message)
      this.transactions++
      this.#reset()
    }
    return { action: scripted(this.#sink.replies.content, content, this) ?? '250 2.0.0 Ok: kept', after: end }
  }

  #reset(): void {
    this.sender = undefined
    this.recipients = []
    this.#parameters = []
  }

  #answer({ action, after }: Answer): void {
    if (typeof action !== 'string') {
      this.#isWaiting = true
      setTimeout(() => {
        this.#isWaiting = false
        this.#answer({ action: action.reply, after })
        this.#work()
      }, action.afterMs)
    } else if (action === 'hang') this.#isWaiting = true
    else if (action === 'drop') this.#drop()
    else if (!this.#socket.destroyed) {
      const socket = this.#socket
      socket.write(`${action.replaceAll('\n', '\r\n')}\r\n`)
      after?.(action)
      if (action.startsWith('421')) socket.end()
    }
  }

  #drop(): void {
    this.#isWaiting = true
    this.#socket.destroy()
  }
}

const words = (text: string): readonly string[] => text.split(' ').filter((word) => word !== '')
