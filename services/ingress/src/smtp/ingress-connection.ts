/** The commands of one SMTP session (RFC 5321 §4.1), and its mail transaction. */
import type { SmtpReply } from '@sallyport/policy'
import { replies } from '../replies.ts'
import { ReceivedMessage } from '../settle/received-message.ts'
import type { Transaction } from '../transaction.ts'
import { CommandStream } from './command-stream.ts'
import { contentTaker } from './content-taker.ts'
import { addRecipient, openTransaction } from './envelope.ts'
import { helloLines, helloName } from './hello.ts'
import { SessionFrame } from './session-frame.ts'

export class IngressConnection extends SessionFrame {
  #transaction: Transaction | undefined
  #message: ReceivedMessage | undefined

  get isIdle(): boolean {
    return this.#transaction === undefined && !this._handlerPending
  }

  override _resetSession(): void {
    super._resetSession()
    this.#endTransaction()
  }

  override _onClose(): void {
    super._onClose()
    if (this.room.connections.delete(this)) this.room.perClient.leave(this.remoteAddress)
    if (this.#transaction) this.#transaction.isGone = true
    // While it is being settled the desk has it, and its place is still taken.
    this.#message?.leave()
    if (!this.#message?.isWhole) this.#endTransaction()
  }

  /** Nothing is read any more, although the client may keep its end open for a while. */
  override close(): void {
    super.close()
    if (this.#message?.isWhole) return
    this.#message?.leave()
    this.#endTransaction()
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
    if (!this.#hello('EHLO', command, callback)) return
    this.send(250, helloLines(this), false)
    callback()
  }

  override handler_HELO(command: Buffer, callback: () => void): void {
    if (!this.#hello('HELO', command, callback)) return
    this.send(250, this.room.settings.hostname, false)
    callback()
  }

  #hello(verb: 'EHLO' | 'HELO', command: Buffer, callback: () => void): boolean {
    const name = helloName(command)
    if (name === undefined) {
      this.answer(replies.syntax(`${verb} hostname`), callback)
      return false
    }
    this.hostNameAppearsAs = name
    this._resetSession()
    return true
  }

  override handler_AUTH(command: Buffer, callback: () => void): void {
    const refusal = this.#authRefusal()
    if (refusal) this.answer(refusal, callback)
    else super.handler_AUTH(command, callback)
  }

  #authRefusal(): SmtpReply | undefined {
    if (!this.secure) return this.server.offersStartTls ? replies.encryptFirst() : replies.noAuth()
    return this.#transaction ? replies.authInTransaction() : undefined
  }

  /**
   * Closes both directions at once, as Postfix does: whoever quits says no more, and to wait for its end costs system calls. Not where TLS
   * says goodbye itself, nor before the system has taken every reply.
   */
  override handler_QUIT(command: Buffer, callback: () => void): void {
    if (this.secure) {
      super.handler_QUIT(command, callback)
      return
    }
    this.send(221, 'Bye')
    this._socket.uncork()
    if (this._socket.writableLength === 0) this._socket.destroy()
    this.close()
    callback()
  }

  handler_EXPN(_command: Buffer, callback: () => void): void {
    this.answer(replies.disabled('EXPN'), callback)
  }

  override handler_VRFY(_command: Buffer, callback: () => void): void {
    this.answer(replies.notVerified(), callback)
  }

  override handler_STARTTLS(command: Buffer, callback: () => void): void {
    if (this.server.offersStartTls || this.secure) super.handler_STARTTLS(command, callback)
    else this.answer(replies.noStartTls(), callback)
  }

  override handler_HELP(_command: Buffer, callback: () => void): void {
    this.answer(replies.help(), callback)
  }

  override handler_MAIL(command: Buffer, callback: () => void): void {
    const opened = this.#transaction ? replies.nestedMail() : openTransaction(this, command)
    if (opened instanceof Promise) void opened.then((result) => this.#onMail(result, callback))
    else this.#onMail(opened, callback)
  }

  #onMail(result: Transaction | SmtpReply, callback: () => void): void {
    if ('code' in result) {
      this.answer(result, callback)
    } else if (this._closing || this._closed) {
      result.release()
      callback()
    } else {
      this.#transaction = result
      this.answer(replies.senderOk(), callback)
    }
  }

  override handler_RCPT(command: Buffer, callback: () => void): void {
    const transaction = this.#transaction
    const reply = transaction ? addRecipient(this.room, transaction, command) : replies.badSequence('MAIL')
    if (reply instanceof Promise) void reply.then((late) => this.answer(late, callback))
    else this.answer(reply, callback)
  }

  override handler_DATA(command: Buffer, callback: () => void): void {
    const transaction = this.#transaction
    if (command.toString('latin1').trim().length !== 4) this.answer(replies.syntax('DATA'), callback)
    else if (!transaction) this.answer(replies.badSequence('MAIL'), callback)
    else if (transaction.recipients.length === 0) this.answer(replies.badSequence('RCPT'), callback)
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
      if (reply.code < 300) this.forgiveErrors()
      if (this.room.isDraining) this.refuse(replies.shuttingDown(), 'shutting-down')
    }
    this._whenWritable(resume)
  }
}
