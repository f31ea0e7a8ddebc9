/** DATA→250 on one kept connection, strictly one message at a time. */
import { connect, type Socket } from 'node:net'
import { recipient, sender } from './workload.ts'

export interface Latency {
  readonly p50Ms: number
  readonly p99Ms: number
}

/** From the end of the content to the reply, over `messages` messages. */
export async function measureLatency(port: number, content: string, messages: number): Promise<Latency> {
  const socket = connect(port, '127.0.0.1').setNoDelay(true)
  const replies = replyReader(socket)
  const body = `${content.replaceAll('\n', '\r\n').replaceAll('\r\n.', '\r\n..')}.\r\n`
  const say = async (text: string, expected: string): Promise<void> => {
    socket.write(text)
    const reply = await replies()
    if (!reply.startsWith(expected)) throw new Error(`expected ${expected}, got ${reply}`)
  }
  await replies()
  await say('EHLO bench.d11.example\r\n', '250')
  const times: number[] = []
  for (let index = 0; index < messages; index++) {
    await say(`MAIL FROM:<${sender}>\r\n`, '250')
    await say(`RCPT TO:<${recipient}>\r\n`, '250')
    await say('DATA\r\n', '354')
    const start = performance.now()
    await say(body, '250')
    times.push(performance.now() - start)
  }
  await say('QUIT\r\n', '221')
  socket.destroy()
  times.sort((a, b) => a - b)
  const at = (share: number): number =>
    Number((times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0).toFixed(2))
  return { p50Ms: at(0.5), p99Ms: at(0.99) }
}

/** Resolves with one reply after the other, its last line. */
export function replyReader(socket: Socket): () => Promise<string> {
  let buffer = ''
  let wake: (() => void) | undefined
  socket.setEncoding('latin1').on('data', (text: string) => {
    buffer += text
    wake?.()
  })
  return async () => {
    for (;;) {
      const match = /^(?:\d{3}-[^\n]*\n)*(\d{3} [^\n]*)\n/.exec(buffer)
      if (match) {
        buffer = buffer.slice(match[0].length)
        return match[1] ?? ''
      }
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  }
}
