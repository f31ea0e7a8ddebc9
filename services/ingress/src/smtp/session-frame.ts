/**
 * The frame of one SMTP session: greeting, replies, and when it is ended. smtp-server gives the rest of it (command dispatch, STARTTLS,
 * SASL, idle time; docs/decisions/0002-smtp-server-greeting.md says what it does not).
 */
import type { Socket } from 'node:net'
import { replyLine, type SmtpReply } from '@sallyport/policy'
import { SMTPConnection } from 'smtp-server/lib/smtp-connection.js'
import type { IngressRoom } from '../ingress-room.ts'
import { ClientTurn } from '../limits/client-turn.ts'
import { replies } from '../replies.ts'
import { boundHandshake } from './bound-handshake.ts'
import { CommandStream } from './command-stream.ts'
import type { IngressServer } from './ingress-server.ts'

export class SessionFrame extends SMTPConnection {
  /** Read by smtp-server's constructor before fields of ours exist, so found by way of the server. */
  get room(): IngressRoom {
    return this.server.room
  }

  get server(): IngressServer {
    return this._server as IngressServer
  }

  readonly turn = new ClientTurn()
  #errors = 0

  /** The user that AUTH proved. */
  get user(): string | undefined {
    const { user } = this.session
    return typeof user === 'string' ? user : undefined
  }

  get isExtended(): boolean {
    return this.openingCommand === 'EHLO'
  }

  /**
   * Greets without smtp-server's 100 ms: the event loop looks at the socket once, so that what came before the greeting
   * is seen, and a client that waits is greeted at once.
   */
  override init(): void {
    this.turn.begin(this.room.ports.clock.elapsed())
    this._setListeners(() => {
      const refusal = this.server.refusal(this)
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
      onLineTooLong: () => this.#onLineTooLong(),
      onEndlessLine: () => this.refuse(replies.endlessLine(), 'endless-line'),
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

  /** `socket` is that of the new TLS session while its handshake is ahead. */
  override _armTimeout(socket?: Socket): void {
    super._armTimeout(socket)
    if (socket && socket !== this._socket) boundHandshake(socket, this.room.settings.tlsHandshakeMs)
  }

  /** What we had to do is done. */
  override _whenWritable(next: () => void): void {
    this.turn.begin(this.room.ports.clock.elapsed())
    super._whenWritable(next)
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
  protected answer(reply: SmtpReply, callback: () => void): void {
    this.reply(reply)
    if (reply.code >= 500) this.#countError()
    callback()
  }

  #onLineTooLong(): void {
    const isSasl = this._nextHandler !== false
    this._nextHandler = false
    this.answer(isSasl ? replies.authLineTooLong() : replies.lineTooLong(), () => {})
  }

  #countError(): void {
    if (++this.#errors >= this.room.settings.maxErrors) this.refuse(replies.tooManyErrors(), 'errors')
  }

  protected forgiveErrors(): void {
    this.#errors = 0
  }

  override _onTimeout(): void {
    if (this._closing || this._handlerPending) super._onTimeout()
    else this.refuse(replies.idle(), 'idle')
  }

  /** Sends it away if it owes us something for too long, however it trickles. */
  checkTurn(nowMs: number): void {
    if (this._handlerPending || this._upgrading) return
    if (this.turn.isOver(nowMs, this.room.settings.idleMs)) this.refuse(replies.idle(), 'idle')
  }
}
