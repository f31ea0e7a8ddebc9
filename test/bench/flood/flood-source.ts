/**
 * A client that floods: as many messages as fast as it can over so many connections, whatever it is answered. Started with
 * port, messages, connections and sender; says at the end how often it got which reply code, as JSON.
 */
import { connect } from 'node:net'
import { messageOf, recipient } from '../workload.ts'
import { floodAddress } from './applications.ts'

const [port = 0, messages = 0, connections = 1] = process.argv.slice(2, 5).map(Number)
const sender = process.argv[5] ?? ''
const content = `${messageOf('10k').replaceAll('\n', '\r\n')}.\r\n`
const codes: Record<string, number> = {}
let left = messages

/** One connection until nothing is left. Refused at MAIL or at the end of DATA, the next message follows at once. */
function client(): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', localAddress: floodAddress }).setNoDelay(true).setEncoding('latin1')
    let expects: 'greeting' | 'ehlo' | 'mail' | 'rcpt' | 'data' | 'end' | 'quit' = 'greeting'
    const say = (text: string, next: typeof expects): void => {
      expects = next
      socket.write(text)
    }
    const nextMessage = (): void => {
      if (left === 0) {
        expects = 'quit'
        socket.end('QUIT\r\n')
        resolve()
        return
      }
      left--
      say(`MAIL FROM:<${sender}>\r\n`, 'mail')
    }
    const ended = (code: string): void => {
      codes[code] = (codes[code] ?? 0) + 1
      nextMessage()
    }
    const answered = (code: string): void => {
      if (expects === 'quit') return
      if (code[0] !== '2' && code[0] !== '3') {
        if (expects === 'mail' || expects === 'end') ended(code)
        else reject(new Error(`${code} to ${expects}`))
        return
      }
      if (expects === 'greeting') say('EHLO flood.example\r\n', 'ehlo')
      else if (expects === 'ehlo') nextMessage()
      else if (expects === 'mail') say(`RCPT TO:<${recipient}>\r\n`, 'rcpt')
      else if (expects === 'rcpt') say('DATA\r\n', 'data')
      else if (expects === 'data') say(content, 'end')
      else ended(code)
    }
    let partial = ''
    socket.on('data', (text: string) => {
      const lines = (partial + text).split('\r\n')
      partial = lines.pop() ?? ''
      for (const line of lines) if (line[3] === ' ') answered(line.slice(0, 3))
    })
    socket.on('error', reject)
  })
}

await Promise.all(Array.from({ length: connections }, client))
process.stdout.write(JSON.stringify(codes))
