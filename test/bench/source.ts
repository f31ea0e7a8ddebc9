/** Where the mail comes from: Debian's `smtp-source` for one text, and a client of our own for many different messages. */
import { spawn } from 'node:child_process'
import { connect } from 'node:net'
import type { Load } from './measure.ts'
import { recipient, sender } from './workload.ts'

/** Sends `load.messages` times the text in `file`. */
export function sendWithSmtpSource(port: number, { connections, mode, messages }: Load, file: string): Promise<void> {
  const words = ['-C', '50', ...(mode === 'kept' ? ['-d'] : []), '-m', String(messages), '-s', String(connections)]
  const child = spawn('smtp-source', [...words, '-f', sender, '-t', recipient, '-F', file, `127.0.0.1:${port}`], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.on('data', (chunk) => {
    said += chunk
  })
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`smtp-source: ${said.trim().slice(0, 200)}`))))
  })
}

/** Sends `load.messages` of the contents in turn; each is as it stands between DATA's 354 and its reply, the end included. */
export async function sendInTurn(port: number, load: Load, contents: readonly Buffer[]): Promise<void> {
  let next = 0
  const take = (): Buffer | undefined => (next < load.messages ? contents[next++ % contents.length] : undefined)
  const isKept = load.mode === 'kept'
  const client = async (): Promise<void> => {
    for (let content = take(); content; ) {
      const first = content
      content = undefined
      await session(
        port,
        () => {
          const sent = content === undefined ? first : content
          content = take()
          return sent
        },
        () => isKept && content !== undefined,
      )
    }
  }
  await Promise.all(Array.from({ length: load.connections }, client))
}

const dialogue = [`MAIL FROM:<${sender}>\r\n`, `RCPT TO:<${recipient}>\r\n`, 'DATA\r\n']

/** One connection: a message, and the next as long as `goesOn`. Resolves when the last is accepted. */
function session(port: number, content: () => Buffer, goesOn: () => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    // One reply is awaited at a time: it is whole when its last line is, and has a space after its code (RFC 5321, 4.2.1).
    const onread = {
      buffer: Buffer.allocUnsafe(4_096),
      callback(bytes: number, buffer: Uint8Array): boolean {
        partial += Buffer.from(buffer.buffer, buffer.byteOffset, bytes).toString('latin1')
        const last = partial.lastIndexOf('\n', partial.length - 2) + 1
        if (!partial.endsWith('\n') || partial[last + 3] !== ' ') return true
        const reply = partial.slice(last)
        partial = ''
        answered(reply)
        return true
      },
    }
    const socket = connect({ port, host: '127.0.0.1', noDelay: true, onread })
    let step = -2
    let partial = ''
    const fail = (reply: string): void => {
      socket.destroy()
      reject(new Error(`step ${step}: ${reply}`))
    }
    const answered = (reply: string): void => {
      if (!/^[23]/.test(reply)) {
        fail(reply)
        return
      }
      step++
      if (step === -1) socket.write('EHLO bench.d11.example\r\n')
      else if (step < dialogue.length) socket.write(dialogue[step] ?? '')
      else if (step === dialogue.length) socket.write(content())
      else if (goesOn()) {
        step = 0
        socket.write(dialogue[0] ?? '')
      } else {
        socket.end('QUIT\r\n')
        resolve()
      }
    }
    socket.on('error', reject)
    socket.on('close', () => reject(new Error(`closed at step ${step}`)))
  })
}
