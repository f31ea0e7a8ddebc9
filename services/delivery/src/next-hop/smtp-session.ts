/**
 * A kept connection to a next hop: commands in groups (RFC 2920), replies in order, one deadline at a time. While the reply to one
 * transaction's content is awaited, the envelope of the next may be sent behind it.
 */
import type { Socket } from 'node:net'
import type { Capabilities } from './capabilities.ts'
import { dotStuffer } from './dot-stuffing.ts'
import { type Hop, hopName } from './next-hop.ts'
import type { OpenConnection } from './open-connection.ts'
import { replyReader, type SmtpReply } from './reply-reader.ts'

/** The connection ended, or the peer broke the protocol, before every awaited reply came. */
export class SessionLost extends Error {
  override readonly name = 'SessionLost'
  /** Those that did come, in order. */
  readonly replies: readonly SmtpReply[]
  constructor(message: string, replies: readonly SmtpReply[]) {
    super(message)
    this.replies = replies
  }
}

interface Waiting {
  readonly count: number
  /** From when the replies before it have come. */
  readonly limitMs: number
  readonly resolve: (replies: SmtpReply[]) => void
  readonly reject: (error: SessionLost) => void
}

export class SmtpSession {
  readonly hop: Hop
  readonly name: string
  readonly offered: Capabilities
  readonly tls: string | undefined
  readonly openedAtMs: number
  /** By the monotonic clock: when it was given back. */
  idleSinceMs = 0
  /** A transaction was left before its end: RSET goes before the next MAIL. */
  needsReset = false
  /** Transactions begun. */
  uses = 0
  #socket: Socket
  #replies: SmtpReply[] = []
  /** In the order of what was sent. */
  readonly #waiting: Waiting[] = []
  readonly #now: () => number
  #lost: string | undefined
  #deadlineMs = Number.POSITIVE_INFINITY
  #onDrain: (() => void) | undefined
  /** Content is going out: a reply may come before its end. */
  #isSending = false
  readonly #onLost: (session: SmtpSession) => void

  /** `now`: the monotonic clock, ms. */
  constructor(connection: OpenConnection, now: () => number, onLost: (session: SmtpSession) => void) {
    this.hop = connection.hop
    this.name = hopName(connection.hop)
    this.offered = connection.offered
    this.tls = connection.tls
    this.#now = now
    this.openedAtMs = now()
    this.#onLost = onLost
    this.#socket = connection.socket
    const reader = replyReader((reply) => this.#take(reply))
    // A small write behind an unacknowledged one otherwise waits for the peer's delayed ACK: 40 ms a message.
    this.#socket.setNoDelay(true)
    this.#socket.on('data', (chunk: Buffer) => {
      if (!reader.push(chunk)) this.close('the reply is not SMTP')
    })
    this.#socket.on('drain', () => this.#drained())
    this.#socket.on('error', (error) => this.close(error.message))
    this.#socket.on('end', () => this.close('the next hop closed the connection'))
    this.#socket.on('close', () => this.close('the connection was closed'))
  }

  isLost(): boolean {
    return this.#lost !== undefined
  }

  /** Sends a group of commands at once and resolves with a reply for each. Rejects with SessionLost. */
  command(lines: string, replies: number, limitMs: number): Promise<SmtpReply[]> {
    if (this.#lost !== undefined) return Promise.reject(new SessionLost(this.#lost, []))
    this.#socket.write(lines, 'utf8')
    return this.#await(replies, limitMs)
  }

  /**
   * Sends the content, dots stuffed, and its end; resolves with the reply to it. `onEnd` runs just before the end goes out:
   * from then on a lost connection may have delivered; where it returns true, somebody is about to follow, and what he sends in this
   * turn goes out in the same write. `blockMs` bounds the wait for each block to go out.
   */
  async content(
    content: Uint8Array | AsyncIterable<Uint8Array>,
    limits: { readonly blockMs: number; readonly finalMs: number },
    onEnd: () => boolean,
  ): Promise<SmtpReply> {
    const stuffer = dotStuffer()
    this.#isSending = true
    if (content instanceof Uint8Array) {
      this.#socket.cork()
      for (const piece of stuffer.stuff(content)) this.#socket.write(piece)
    } else {
      for await (const chunk of content) {
        let isFull = false
        for (const piece of stuffer.stuff(chunk)) isFull = !this.#socket.write(piece) || isFull
        if (isFull) await this.#drain(limits.blockMs)
        if (this.#lost !== undefined) throw new SessionLost(this.#lost, this.#replies)
      }
      this.#socket.cork()
    }
    this.#socket.write(stuffer.end())
    const replies = this.#await(1, limits.finalMs)
    if (onEnd()) setImmediate(() => this.#socket.uncork())
    else this.#socket.uncork()
    const [reply] = await replies
    if (!reply) throw new SessionLost('no reply', [])
    return reply
  }

  /** Ends a session whose deadline has passed. Called by one shared interval. */
  expire(nowMs: number): void {
    if (nowMs > this.#deadlineMs) this.close('the next hop did not answer in time')
  }

  /** QUIT without waiting for its reply: the transaction is settled, and the socket closes when it was written. */
  quit(): void {
    if (this.#lost === undefined) this.#socket.end('QUIT\r\n')
    this.close('the connection was ended')
  }

  /** Idempotent. Whoever awaits gets SessionLost. */
  close(reason: string): void {
    if (this.#lost !== undefined) return
    this.#lost = reason
    if (!this.#socket.writableEnded) this.#socket.destroy()
    else this.#socket.destroySoon()
    // What came in part is the first one's.
    for (const [at, { reject }] of this.#waiting.entries()) reject(new SessionLost(reason, at === 0 ? this.#replies : []))
    this.#waiting.length = 0
    this.#drained()
    this.#onLost(this)
  }

  #take(reply: SmtpReply): void {
    this.#replies.push(reply)
    const [waiting] = this.#waiting
    if (!waiting) {
      if (this.#isSending && this.#replies.length === 1) return
      // Nothing was asked: 421 before an idle connection is closed, or a peer out of step.
      this.close(`the next hop said ${reply.code} unasked`)
    } else if (this.#replies.length === waiting.count) {
      this.#settle(waiting)
    } else if (reply.code === 421) {
      this.close(`the next hop is closing: ${reply.code} ${reply.text}`)
    }
  }

  #settle(waiting: Waiting): void {
    const replies = this.#replies
    this.#replies = []
    this.#waiting.shift()
    this.#isSending = false
    const [next] = this.#waiting
    this.#deadlineMs = next ? this.#now() + next.limitMs : Number.POSITIVE_INFINITY
    waiting.resolve(replies)
  }

  #await(count: number, limitMs: number): Promise<SmtpReply[]> {
    return new Promise((resolve, reject) => {
      if (this.#lost !== undefined) return reject(new SessionLost(this.#lost, this.#replies))
      const waiting = { count, limitMs, resolve, reject }
      if (this.#waiting.push(waiting) > 1) return
      this.#deadlineMs = this.#now() + limitMs
      if (this.#replies.length >= count) this.#settle(waiting)
    })
  }

  #drain(limitMs: number): Promise<void> {
    this.#deadlineMs = this.#now() + limitMs
    return new Promise((resolve) => {
      if (this.#lost !== undefined || !this.#socket.writableNeedDrain) resolve()
      else this.#onDrain = resolve
    })
  }

  #drained(): void {
    const onDrain = this.#onDrain
    this.#onDrain = undefined
    onDrain?.()
  }
}
