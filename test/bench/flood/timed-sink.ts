/**
 * A next hop that says when the content of a probe came (`X-Probe: N`), to the process that started it: `{ probe, atMs }`, on the
 * clock of the machine since its start. It takes everything. Started with its port; sends `ready`.
 */
import { createServer, type Socket } from 'node:net'

const port = Number(process.argv[2])

createServer((socket) => converse(socket.setNoDelay(true).setEncoding('latin1'))).listen(port, '127.0.0.1', () =>
  process.send?.('ready'),
)

function converse(socket: Socket): void {
  let partial = ''
  let isContent = false
  const say = (text: string): void => {
    socket.write(`${text}\r\n`)
  }
  const command = (line: string): void => {
    const verb = line.slice(0, 4).toUpperCase()
    if (verb === 'EHLO') say('250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 ENHANCEDSTATUSCODES')
    else if (verb === 'DATA') {
      isContent = true
      say('354 go on')
    } else if (verb === 'QUIT') {
      say('221 2.0.0 bye')
      socket.end()
    } else say('250 2.0.0 ok')
  }
  say('220 sink')
  socket.on('error', () => {})
  socket.on('data', (text: string) => {
    partial += text
    for (;;) {
      const end = partial.indexOf(isContent ? '\r\n.\r\n' : '\r\n')
      if (end < 0) return
      if (isContent) {
        const probe = /^X-Probe: (\d+)/m.exec(partial.slice(0, 2_000))?.[1]
        if (probe !== undefined) process.send?.({ probe: Number(probe), atMs: Number(process.hrtime.bigint()) / 1e6 })
        partial = partial.slice(end + 5)
        isContent = false
        say('250 2.0.0 ok')
      } else {
        const line = partial.slice(0, end)
        partial = partial.slice(end + 2)
        command(line)
      }
    }
  })
}
