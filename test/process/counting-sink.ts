/** A next hop that counts how often each message (by its X-Token) came, and what it had in its hands when a client died. */
import { createServer, type Socket } from 'node:net'

export interface CountingSink {
  readonly port: number
  /** By token, how often its whole content came, whether or not the reply was heard: as a next hop that then delivers it. */
  readonly received: ReadonlyMap<string, number>
  /** Instead of 250 to a RCPT with this address (lower case), until it is taken out: `451 4.2.1 later`. */
  readonly recipientReplies: Map<string, string>
  /** Whole messages whose reply could not be sent any more, in all. */
  cutOff(): number
  /** Messages that were answered at or after this moment of `performance.now()`. */
  answeredSince(momentMs: number): number
  /** Greets who waits and who comes from now on. */
  open(): void
  stop(): Promise<void>
}

export interface CountingSinkOptions {
  /** Before each reply to the end of DATA. */
  readonly delayMs?: number
  /** Takes connections but greets nobody until `open`: a next hop that hangs. */
  readonly hangs?: boolean
}

/** It delivers nothing anywhere. */
export async function startCountingSink(options: CountingSinkOptions = {}): Promise<CountingSink> {
  const received = new Map<string, number>()
  const recipientReplies = new Map<string, string>()
  const sockets = new Set<Socket>()
  const answeredAt: number[] = []
  let cutOff = 0
  let isHanging = options.hangs ?? false
  const ungreeted = new Set<() => void>()

  const server = createServer((socket) => {
    sockets.add(socket)
    let isData = false
    let isAnswering = false
    let recipients = 0
    let buffer = ''
    const send = (text: string): void => {
      if (!socket.destroyed) socket.write(text)
    }
    socket.setNoDelay(true).setEncoding('latin1')
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
    /** Replies come in the order of what they answer (RFC 2920 §3.2), however late one of them is. */
    const work = (): void => {
      while (!isAnswering) {
        if (isData) {
          const at = buffer.indexOf('\r\n.\r\n')
          if (at < 0) return
          const token = /^X-Token: (\S+)/m.exec(buffer.slice(0, at))?.[1] ?? ''
          buffer = buffer.slice(at + 5)
          isData = false
          received.set(token, (received.get(token) ?? 0) + 1)
          const answer = (): void => {
            isAnswering = false
            if (socket.destroyed) {
              cutOff++
              return
            }
            answeredAt.push(performance.now())
            send('250 2.0.0 Ok\r\n')
          }
          isAnswering = true
          if (options.delayMs)
            setTimeout(() => {
              answer()
              work()
            }, options.delayMs)
          else answer()
          continue
        }
        const at = buffer.indexOf('\n')
        if (at < 0) return
        const line = buffer.slice(0, at).trim().toUpperCase()
        buffer = buffer.slice(at + 1)
        if (line.startsWith('EHLO'))
          send('250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250-ENHANCEDSTATUSCODES\r\n250 SIZE\r\n')
        else if (line.startsWith('DATA') && recipients === 0) send('554 5.5.1 No valid recipients\r\n')
        else if (line.startsWith('DATA')) {
          recipients = 0
          isData = true
          send('354 go on\r\n')
        } else if (line.startsWith('RCPT')) {
          const address = /<(.*)>/.exec(line)?.[1]?.toLowerCase() ?? ''
          const refusal = recipientReplies.get(address)
          if (refusal === undefined) recipients++
          send(`${refusal ?? '250 2.1.5 Ok'}\r\n`)
        } else if (line.startsWith('QUIT')) socket.end('221 2.0.0 Bye\r\n')
        else send('250 2.0.0 Ok\r\n')
      }
    }
    socket.on('data', (text: string) => {
      buffer += text
      work()
    })
    const greet = (): void => send('220 sink ESMTP\r\n')
    if (isHanging) ungreeted.add(greet)
    else greet()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    received,
    recipientReplies,
    cutOff: () => cutOff,
    open() {
      isHanging = false
      for (const greet of ungreeted) greet()
      ungreeted.clear()
    },
    answeredSince(momentMs) {
      let count = 0
      while (count < answeredAt.length && (answeredAt.at(-1 - count) ?? 0) >= momentMs) count++
      return count
    },
    stop: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy()
        server.close(() => resolve())
      }),
  }
}
