/** Many applications' worth of SMTP clients, and the audit of what was promised (250) against what the next hop received. */
import { connect, type Socket } from 'node:net'

export interface Promised {
  /** The unique token in the message's body. */
  readonly token: string
  /** The id that ended the 250. */
  readonly id: string
}

export interface LoadOptions {
  /** Asked before each connection: the gateway may have moved. */
  readonly port: () => number
  readonly clients: number
  readonly sender?: string
  /** Bytes of filling after the token. */
  readonly bodyBytes?: (index: number) => number
}

export interface Load {
  readonly promised: readonly Promised[]
  /** Replies other than 250 to MAIL or to the end of DATA, and how often each code came. */
  readonly refused: ReadonlyMap<string, number>
  /** Ends every client after its message in hand. */
  stop(): Promise<void>
}

/** Starts clients that send one message after the other on kept connections and connect again whenever they lose one. */
export function startLoad(options: LoadOptions): Load {
  const promised: Promised[] = []
  const refused = new Map<string, number>()
  let isStopping = false
  let next = 0

  async function client(): Promise<void> {
    while (!isStopping) {
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
    const dialogue = await openDialogue(options.port())
    try {
      await dialogue.say('EHLO load.example')
      while (!isStopping) {
        const index = next++
        const token = `token-${index}-${Math.random().toString(36).slice(2)}`
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
        const reply = await dialogue.say(
          `From: ${options.sender ?? 'app@example.com'}\r\nSubject: load\r\nX-Token: ${token}\r\n\r\n${filling}.`,
        )
        if (reply.startsWith('250')) promised.push({ token, id: reply.split(' ').at(-1) ?? '' })
        else refuse(reply)
      }
      await dialogue.say('QUIT')
    } finally {
      dialogue.close()
    }
  }

  const clients = Array.from({ length: options.clients }, client)
  return {
    promised,
    refused,
    async stop() {
      isStopping = true
      await Promise.all(clients)
    },
  }
}

interface Dialogue {
  /** Sends a line and waits for the whole reply; rejects where it does not begin with `expected`, or the connection ends. */
  say(line: string, expected?: string): Promise<string>
  close(): void
}

async function openDialogue(port: number): Promise<Dialogue> {
  const socket: Socket = connect(port, '127.0.0.1').setNoDelay(true).setEncoding('latin1')
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
