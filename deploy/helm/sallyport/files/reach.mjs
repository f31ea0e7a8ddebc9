// `helm test`: is the gateway reached through its Services, and does it refuse to relay for a stranger?
import { connect } from 'node:net'

const [smtpHost, smtpPort, consoleUrl, hasProxy] = process.argv.slice(2)
const deadlineMs = 30_000

/** Sends each line after a reply to the one before; resolves with the replies. */
const converse = (lines) =>
  new Promise((resolve, reject) => {
    const replies = []
    let text = ''
    const socket = connect(Number(smtpPort), smtpHost)
    socket.setTimeout(deadlineMs, () => socket.destroy(new Error(`no reply from ${smtpHost}:${smtpPort}`)))
    socket.setEncoding('latin1').on('error', reject)
    socket.on('close', () => resolve(replies))
    socket.on('data', (chunk) => {
      text += chunk
      for (let end = text.search(/^\d{3} .*\r\n/m); end >= 0; end = text.search(/^\d{3} .*\r\n/m)) {
        const stop = text.indexOf('\r\n', end) + 2
        replies.push(text.slice(end, stop).trim())
        text = text.slice(stop)
        const line = lines[replies.length - 1]
        if (line === undefined) socket.end()
        else socket.write(`${line}\r\n`)
      }
    })
  })

const expect = (isTrue, what) => {
  if (!isTrue) throw new Error(what)
  console.log(`ok: ${what}`)
}

if (hasProxy === 'true') {
  // A listener that requires a PROXY header closes the connection of who sends none, and of who may not send one.
  const replies = await converse([]).catch(() => [])
  expect(
    replies.every((reply) => !reply.startsWith('220')),
    'SMTP takes no connection without a PROXY header',
  )
} else {
  const replies = await converse([
    'EHLO helm.test',
    'MAIL FROM:<stranger@sallyport.invalid>',
    'RCPT TO:<victim@sallyport.invalid>',
    'QUIT',
  ])
  expect(replies[0]?.startsWith('220'), `SMTP greets: ${replies[0]}`)
  expect(
    replies.slice(2, 4).some((reply) => /^[45]/.test(reply)),
    `a stranger is refused: ${replies[2]}, ${replies[3]}`,
  )
}
const answer = await fetch(`${consoleUrl}/api/roles`, { signal: AbortSignal.timeout(deadlineMs) })
expect(answer.status === 401, `the console answers, and only who has a token: ${answer.status}`)
