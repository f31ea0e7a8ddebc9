/**
 * One SMTP session. smtp-server gives the frame (command dispatch, STARTTLS, SASL, idle time); greeting, envelope and content are
 * ours (docs/decisions/0002-smtp-server-greeting.md says why).
 */
import { replyLine, type SmtpReply } from '@sallyport/policy'
import { SMTPConnection } from 'smtp-server/lib/smtp-connection.js'
import type { IngressRoom } from '../ingress-room.ts'
import { replies } from '../replies.ts'
import { ReceivedMessage } from '../settle/received-message.ts'
import type { Transaction } from '../transaction.ts'
import { CommandStream } from './command-stream.ts'
import { contentTaker } from './content-taker.ts'
import { addRecipient, openTransaction } from './envelope.ts'
import type { IngressServer } from './ingress-server.ts'

export class IngressConnection extends SMTPConnection {
  /** Read by smtp-server's constructor before fields of ours exist, so found by way of the server. */
  get room(): IngressRoom {
    return this.server.room
  }

  get server(): IngressServer {
    return this._server as IngressServer
  }

  #transaction: Transaction | undefined
  #message: ReceivedMessage | undefined
  #errors = 0

  /** The user that AUTH proved. */
  get user(): string | undefined {
    const { user } = this.session
    return typeof user === 'string' ? user : undefined
  }

  get isExtended(): boolean {
    return this.openingCommand === 'EHLO'
  }

  get isIdle(): boolean {
    return this.#transaction === undefined && !this._handlerPending
  }

  /**
   * Greets without smtp-server's 100 ms: the event loop looks at the socket once, so that what came before the greeting
   * is seen, and a client that waits is greeted at once.
   */
  override init(): void {
    this._setListeners(() => {
      const refusal = this.server.refusal()
      if (refusal) this.refuse(refusal.reply, refusal.reason)
      else setImmediate(() => setImmediate(() => this.#greet()))
    })
  }

  #greet(): void {
    if (this._closing || this._closed) return
    this.connectionReady()
  }

  override _createParser(): CommandStream {
    const parser = new CommandStream({
      beginTurn: () => this._socket.cork(),
      endTurn: () => this._socket.uncork(),
      mayTalk: () => this._ready,
      onEarlyTalk: () => this.refuse(replies.earlyTalker(), 'early-talker'),
      onLineTooLong: () => this.refuse(replies.lineTooLong(), 'line-too-long'),
      mayEndInBareLf: () => {
        if (this.room.settings.bareLineEnds === 'normalize') return true
        this.refuse(replies.bareLineEnd(), 'bare-line-end')
        return false
      },
    })
    parser.oncommand = (command, callback) => this._onCommand(command, callback)
    parser.on('error', () => this.close())
    return parser
  }

  /** The reply to STARTTLS leaves in clear, so before the handshake. */
  override upgrade(callback: () => void, secureCallback?: () => void): void {
    this._socket.uncork()
    super.upgrade(callback, secureCallback)
  }

  /** The reply line, whose enhanced code is its own. */
  reply(reply: SmtpReply): void {
    super.send(reply.code, reply.enhanced === '' ? reply.text : `${reply.enhanced} ${reply.text}`, false)
  }

  /** Replies and closes. */
  refuse(reply: SmtpReply, reason: string): void {
    if (this._closing || this._closed) return
    this.room.metrics.refusedConnections.inc({ reason })
    this.room.ports.log.info({ client: this.remoteAddress, reason, reply: replyLine(reply) }, 'connection refused or closed')
    this.reply(reply)
    this.close()
  }

  /** What smtp-server itself says. Its 421 are for what the client did; what it refuses counts as an error of the client's. */
  override send(code: number, data?: string | string[] | null, context?: string | false): void {
    if (code === 421) super.send(code, `4.7.0 ${Array.isArray(data) ? data.join(' ') : (data ?? '')}`, false)
    else super.send(code, data, context)
    // Its own count of unknown commands, which knows no settings.
    this._unrecognizedCommands = 0
    if (code >= 500) this.#countError()
  }

  /** Answers a command. */
  #answer(reply: SmtpReply, callback: () => void): void {
    this.reply(reply)
    if (reply.code >= 500) this.#countError()
    callback()
  }

  #countError(): void {
    if (++this.#errors >= this.room.settings.maxErrors) this.refuse(replies.tooManyErrors(), 'errors')
  }

  override _onTimeout(): void {
    if (this._closing || this._handlerPending) super._onTimeout()
    else this.refuse(replies.idle(), 'idle')
  }

  override _resetSession(): void {
    super._resetSession()
    this.#endTransaction()
  }

  override _onClose(): void {
    super._onClose()
    this.room.connections.delete(this)
    const message = this.#message
    if (this.#transaction) this.#transaction.isGone = true
    // While it is being settled the desk has it, and its place is still taken.
    message?.leave()
    if (!message?.isWhole) this.#endTransaction()
  }

  #endTransaction(): void {
    this.#transaction?.release()
    this.#transaction = undefined
    this.#message = undefined
  }

  /** The drain is over: only a message that is being settled has a moment left. True where there is one. */
  finish(): boolean {
    if (this.#message?.isWhole) return true
    this.refuse(replies.shuttingDown(), 'shutting-down')
    return false
  }

  /** Says goodbye if nothing is in flight; otherwise after the transaction. */
  drain(): void {
    if (this.isIdle) this.refuse(replies.shuttingDown(), 'shutting-down')
  }

  override handler_EHLO(command: Buffer, callback: () => void): void {
    if (!this.#hello(command, callback)) return
    const { settings } = this.room
    const lines = [
      settings.hostname,
      'PIPELINING',
      `SIZE ${settings.maxMessageBytes}`,
      '8BITMIME',
      'SMTPUTF8',
      'ENHANCEDSTATUSCODES',
      'DSN',
    ]
    if (this.secure && !this.user) lines.push('AUTH PLAIN LOGIN')
    if (!this.secure && this.server.offersStartTls) lines.push('STARTTLS')
    this.send(250, lines, false)
    callback()
  }

  override handler_HELO(command: Buffer, callback: () => void): void {
    if (!this.#hello(command, callback)) return
    this.send(250, this.room.settings.hostname, false)
    callback()
  }

  #hello(command: Buffer, callback: () => void): boolean {
    const [, name, ...more] = command.toString('latin1').trim().split(/ +/)
    if (!name || more.length > 0 || name.length > 255 || /[^!-~]/.test(name)) {
      this.#answer(replies.syntax('EHLO hostname'), callback)
      return false
    }
    this.hostNameAppearsAs = name
    this._resetSession()
    return true
  }

  override handler_AUTH(command: Buffer, callback: () => void): void {
    const refusal = this.#authRefusal()
    if (refusal) this.#answer(refusal, callback)
    else super.handler_AUTH(command, callback)
  }

  #authRefusal(): SmtpReply | undefined {
    if (!this.secure) return this.server.offersStartTls ? replies.encryptFirst() : replies.noAuth()
    return this.#transaction ? replies.authInTransaction() : undefined
  }

  handler_EXPN(_command: Buffer, callback: () => void): void {
    this.#answer(replies.disabled('EXPN'), callback)
  }

  override handler_HELP(_command: Buffer, callback: () => void): void {
    this.#answer(replies.help(), callback)
  }

  override handler_MAIL(command: Buffer, callback: () => void): void {
    const opened = this.#transaction ? replies.nestedMail() : openTransaction(this, command)
    if (opened instanceof Promise) void opened.then((result) => this.#onMail(result, callback))
    else this.#onMail(opened, callback)
  }

  #onMail(result: Transaction | SmtpReply, callback: () => void): void {
    if ('code' in result) {
      this.#answer(result, callback)
    } else if (this._closing || this._closed) {
      result.release()
      callback()
    } else {
      this.#transaction = result
      this.#answer(replies.senderOk(), callback)
    }
  }

  override handler_RCPT(command: Buffer, callback: () => void): void {
    const transaction = this.#transaction
    this.#answer(transaction ? addRecipient(this.room, transaction, command) : replies.badSequence('MAIL'), callback)
  }

  override handler_DATA(command: Buffer, callback: () => void): void {
    const transaction = this.#transaction
    if (command.toString('latin1').trim().length !== 4) this.#answer(replies.syntax('DATA'), callback)
    else if (!transaction) this.#answer(replies.badSequence('MAIL'), callback)
    else if (transaction.recipients.length === 0) this.#answer(replies.badSequence('RCPT'), callback)
    else this.#takeContent(transaction, callback)
  }

  #takeContent(transaction: Transaction, callback: () => void): void {
    const parser = this._parser
    if (!(parser instanceof CommandStream)) return
    const message = new ReceivedMessage(this.room, transaction)
    this.#message = message
    parser.startContent(contentTaker(this, message, (reply, resume) => this.#onSettled(reply, resume)))
    this.reply(replies.startMail())
    callback()
  }

  #onSettled(reply: SmtpReply, resume: () => void): void {
    this._handlerPending = false
    this.#endTransaction()
    if (!this._closing && !this._closed) {
      this.reply(reply)
      if (reply.code < 300) this.#errors = 0
      if (this.room.isDraining) this.refuse(replies.shuttingDown(), 'shutting-down')
    }
    this._whenWritable(resume)
  }
}
