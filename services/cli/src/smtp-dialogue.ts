/** A try of SMTP (RFC 5321): one command after the other over a socket, each reply printed. */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { exitCodes, Stop } from './exit.ts'

const replyWithinMs = 60_000

export interface TryMessage {
  readonly from: string
  readonly to: string
  readonly subject: string
}

/**
 * Sends one short message to `server` (`host:port`). Resolves with the last reply: of the end of DATA, or of what was refused
 * before. Throws `Stop` where nobody answers or the words could not stand in a command.
 */
export function sendTry(server: string, { from, to, subject }: TryMessage, onLine: (line: string) => void): Promise<string> {
  const date = new Date().toUTCString().replace('GMT', '+0000')
  const content = `From: <${from}>\r\nTo: <${to}>\r\nSubject: ${subject}\r\nDate: ${date}\r\n\r\nA try of the gateway.`
  return sendMessage(server, { from, to, content }, onLine)
}

/** As `sendTry`, with content of CRLF lines of which none begins with a dot, from an address of this machine. */
export async function sendMessage(
  server: string,
  message: { readonly from: string; readonly to: string; readonly content: string },
  onLine: (line: string) => void,
  localAddress?: string,
): Promise<string> {
  const socket = await dial(server, localAddress)
  try {
    return await dialogue(replies(socket, server, onLine), socket, message)
  } finally {
    socket.destroy()
  }
}

async function dialogue(
  replies: AsyncIterator<string>,
  socket: Socket,
  { from, to, content }: { readonly from: string; readonly to: string; readonly content: string },
): Promise<string> {
  const steps = ['EHLO localhost', `MAIL FROM:<${from}>`, `RCPT TO:<${to}>`, 'DATA', `${content}\r\n.`]
  let last = await next(replies)
  for (const step of steps) {
    if (!/^[23]/.test(last)) break
    socket.write(`${step}\r\n`)
    last = await next(replies)
  }
  socket.write('QUIT\r\n')
  return last
}

async function next(replies: AsyncIterator<string>): Promise<string> {
  const { value, done } = await replies.next()
  if (done) throw new Stop(exitCodes.failure, 'the server closed the connection: the log of the gateway says why')
  return value
}

/** The last line of each reply. */
async function* replies(socket: Socket, server: string, onLine: (line: string) => void): AsyncGenerator<string> {
  socket.setTimeout(replyWithinMs, () => socket.destroy(new Error(`no reply within ${replyWithinMs / 1000} s`)))
  socket.setEncoding('utf8')
  let rest = ''
  try {
    for await (const chunk of socket) {
      const lines = `${rest}${chunk}`.split(/\r?\n/)
      rest = lines.pop() ?? ''
      for (const line of lines) {
        onLine(line)
        if (!/^\d{3}-/.test(line)) yield line
      }
    }
  } catch (cause) {
    throw new Stop(exitCodes.failure, `${server} broke off: ${(cause as Error).message}`, { cause })
  }
}

async function dial(server: string, localAddress?: string): Promise<Socket> {
  const [, v6, name, port = ''] = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(server) ?? []
  const host = v6 ?? name
  if (host === undefined || Number(port) > 65_535) {
    throw new Stop(exitCodes.usage, `--server takes host:port, as 127.0.0.1:2525, not "${server}"`)
  }
  const socket = connect({
    port: Number(port),
    ...(host === undefined ? {} : { host }),
    ...(localAddress === undefined ? {} : { localAddress }),
  })
  try {
    await once(socket, 'connect')
    return socket
  } catch (cause) {
    const why = cause instanceof Error && 'code' in cause ? cause.code : cause
    throw new Stop(exitCodes.failure, `${server} does not answer (${why}): is the gateway running, and is this its smtp.listen?`, {
      cause,
    })
  }
}
