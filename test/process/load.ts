/** Many applications' worth of SMTP clients, and the audit of what was promised (250) against what the next hop received. */
import { connect, type Socket } from 'node:net'

export interface Promised {
  /** The unique token in the message's body. */
  readonly token: string
  /** The id that ended the 250. */
  readonly id: string
  /** From the end of DATA to the 250. */
  readonly tookMs: number
  /** When it came, by `performance.now()`. */
  readonly atMs: number
}

export interface LoadOptions {
  /** Asked before each connection: the gateway may have moved. */
  readonly port: () => number
  readonly clients: number
  readonly sender?: string
  /** Bytes of filling after the token. */
  readonly bodyBytes?: (index: number) => number
  /** The address of loopback that the clients come from: who they are. */
  readonly localAddress?: string
  /** Each client waits so long after a message. */
  readonly pauseMs?: number
  /** Each client begins a message so long after it began the one before, or at once where that took longer. */
  readonly everyMs?: number
  /** Ends by itself when so many got a 250 (a few more may). */
  readonly messages?: number
}

export interface Load {
  readonly promised: readonly Promised[]
  /** Replies other than 250 to MAIL or to the end of DATA, and how often each code came. */
  readonly refused: ReadonlyMap<string, number>
  /** To each end of DATA, whatever it was. */
  readonly replies: readonly Pick<Promised, 'tookMs' | 'atMs'>[]
  /** The longest time from the end of DATA to any reply, so far. */
  slowestReplyMs(): number
  /** Resolves when every client has ended: after `stop`, or `messages`. */
  readonly ended: Promise<unknown>
  /** Ends every client after its message in hand. */
  stop(): Promise<void>
}

/** Starts clients that send one message after the other on kept connections and connect again whenever they lose one. */
export function startLoad(options: LoadOptions): Load {
  const promised: Promised[] = []
  const refused = new Map<string, number>()
  const replies: { tookMs: number; atMs: number }[] = []
  let isStopping = false
  let next = 0
  const isOver = (): boolean => isStopping || promised.length >= (options.messages ?? Number.POSITIVE_INFINITY)

  async function client(): Promise<void> {
    while (!isOver()) {
      try {
        await session()
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    }
  }

  function refuse(reply: string): void {
    const code = reply.slice(0, 3)
    refused.set(code, (refused.get(code) ?? 0) + 1)
  }

  async function session(): Promise<void> {
    const dialogue = await openDialogue(options.port(), options.localAddress)
    try {
      await dialogue.say('EHLO load.example')
      while (!isOver()) {
        const index = next++
        const token = `token-${index}-${Math.random().toString(36).slice(2)}`
        const beganMs = performance.now()
        const mail = await dialogue.say(`MAIL FROM:<${options.sender ?? 'app@example.com'}>`)
        if (!mail.startsWith('250')) {
          refuse(mail)
          // As a client that comes again later: not a busy loop.
          await new Promise((resolve) => setTimeout(resolve, 20))
          continue
        }
        await dialogue.say('RCPT TO:<someone@example.net>', '250')
        await dialogue.say('DATA', '354')
        const filling = 'x'
          .repeat(70)
          .concat('\r\n')
          .repeat(Math.ceil((options.bodyBytes?.(index) ?? 500) / 72))
        const sentMs = performance.now()
        const reply = await dialogue.say(
          `From: ${options.sender ?? 'app@example.com'}\r\nSubject: load\r\nMessage-ID: <${token}@load.example>\r\nX-Token: ${token}\r\n\r\n${filling}.`,
        )
        const atMs = performance.now()
        const tookMs = atMs - sentMs
        replies.push({ tookMs, atMs })
        if (reply.startsWith('250')) promised.push({ token, id: reply.split(' ').at(-1) ?? '', tookMs, atMs })
        else refuse(reply)
        const waitMs = options.pauseMs ?? Math.max(0, (options.everyMs ?? 0) - (performance.now() - beganMs))
        if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs))
      }
      await dialogue.say('QUIT')
    } finally {
      dialogue.close()
    }
  }

  const ended = Promise.all(Array.from({ length: options.clients }, client))
  return {
    promised,
    refused,
    replies,
    slowestReplyMs: () => replies.reduce((slowest, { tookMs }) => Math.max(slowest, tookMs), 0),
    ended,
    async stop() {
      isStopping = true
      await ended
    },
  }
}

interface Dialogue {
  /** Sends a line and waits for the whole reply; rejects where it does not begin with `expected`, or the connection ends. */
  say(line: string, expected?: string): Promise<string>
  close(): void
}

async function openDialogue(port: number, localAddress?: string): Promise<Dialogue> {
  const where = { port, host: '127.0.0.1', ...(localAddress === undefined ? {} : { localAddress }) }
  const socket: Socket = connect(where).setNoDelay(true).setEncoding('latin1')
  let buffer = ''
  let waiting: { resolve: (reply: string) => void; reject: (error: Error) => void } | undefined
  const settle = (): void => {
    const match = /^(?:\d{3}-[^\n]*\n)*(\d{3} [^\r\n]*)\r?\n/.exec(buffer)
    if (!match || !waiting) return
    buffer = buffer.slice(match[0].length)
    waiting.resolve(match[1] ?? '')
    waiting = undefined
  }
  const fail = (): void => waiting?.reject(new Error('connection lost'))
  socket.on('data', (text: string) => {
    buffer += text
    settle()
  })
  socket.on('error', fail).on('close', fail)
  const reply = (): Promise<string> =>
    new Promise((resolve, reject) => {
      if (socket.destroyed) return reject(new Error('connection lost'))
      waiting = { resolve, reject }
      settle()
    })
  await reply()
  return {
    async say(line, expected = '') {
      socket.write(`${line}\r\n`)
      const said = await reply()
      if (!said.startsWith(expected)) throw new Error(said)
      return said
    },
    close: () => socket.destroy(),
  }
}

export interface Audit {
  readonly promised: number
  /** Tokens that got a 250 and never came. */
  readonly lost: readonly string[]
  /** Deliveries beyond the first, of any message. */
  readonly twice: number
}

/** `received`: how often each token came to the next hop. */
export function audit(promised: readonly Promised[], received: ReadonlyMap<string, number>): Audit {
  const lost = promised.filter(({ token }) => !received.has(token)).map(({ token }) => token)
  let twice = 0
  for (const times of received.values()) twice += times - 1
  return { promised: promised.length, lost, twice }
}
