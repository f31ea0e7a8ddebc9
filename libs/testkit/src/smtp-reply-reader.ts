/** Reads SMTP replies (RFC 5321 §4.2) from a socket, one after the other. */
import type { Socket } from 'node:net'

export interface SmtpReply {
  readonly code: number
  /** Enhanced status code (RFC 3463) of the last line, e.g. `5.7.1`. */
  readonly enhanced: string | undefined
  /** Text of each line, without code. */
  readonly lines: readonly string[]
  /** All of it as sent, lines joined by LF. */
  readonly text: string
}

interface Waiting {
  resolve(reply: SmtpReply): void
  reject(error: Error): void
  readonly timer: NodeJS.Timeout
}

export class SmtpReplyReader {
  readonly #timeoutMs: number
  readonly #replies: SmtpReply[] = []
  readonly #waiting: Waiting[] = []
  #pending = ''
  #lines: string[] = []
  #ended: Error | undefined

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs
  }

  attach(socket: Socket): void {
    socket.on('data', this.#onData)
    socket.on('error', this.#onError)
    socket.on('close', this.#onClose)
  }

  detach(socket: Socket): void {
    socket.off('data', this.#onData)
    socket.off('close', this.#onClose)
  }

  next(): Promise<SmtpReply> {
    const reply = this.#replies.shift()
    if (reply) return Promise.resolve(reply)
    if (this.#ended) return Promise.reject(this.#ended)
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#end(new Error(`no reply within ${this.#timeoutMs} ms`)), this.#timeoutMs)
      this.#waiting.push({ resolve, reject, timer })
    })
  }

  readonly #onData = (chunk: Buffer): void => {
    this.#pending += chunk.toString('utf8')
    const lines = this.#pending.split('\r\n')
    this.#pending = lines.pop() ?? ''
    for (const line of lines) {
      this.#lines.push(line)
      if (line[3] === '-') continue
      this.#give(parseReply(this.#lines))
      this.#lines = []
    }
  }

  readonly #onError = (error: Error): void => this.#end(error)
  readonly #onClose = (): void => this.#end(new Error('the connection was closed before a reply came'))

  #give(reply: SmtpReply): void {
    const waiting = this.#waiting.shift()
    if (!waiting) this.#replies.push(reply)
    else {
      clearTimeout(waiting.timer)
      waiting.resolve(reply)
    }
  }

  #end(error: Error): void {
    this.#ended ??= error
    for (const waiting of this.#waiting.splice(0)) {
      clearTimeout(waiting.timer)
      waiting.reject(this.#ended)
    }
  }
}

function parseReply(lines: readonly string[]): SmtpReply {
  const last = lines.at(-1) ?? ''
  return {
    code: Number(last.slice(0, 3)),
    enhanced: /^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})(?: |$)/.exec(last)?.[1],
    lines: lines.map((line) => line.slice(4)),
    text: lines.join('\n'),
  }
}
