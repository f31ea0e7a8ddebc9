/** Memory stays bounded: a thousand idle connections and twenty large messages at once. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { test } from 'node:test'
import { eventually, type SmtpClient, smtpClient, temporaryFolder } from '@sallyport/testkit'
import { startGatewayProcess } from '../process/gateway-process.ts'
import { oneApplication } from '../process/policies.ts'

const idle = 1_000
const large = 20
const limitBytes = 400 * 1024 * 1024
/** Below the default of `smtp.maxMessageBytes`, with our two header fields. */
const contentBytes = 50_000_000

test(`${idle} idle connections and ${large} messages of 50 MB at once stay under 400 MiB`, { timeout: 180_000 }, async (t) => {
  using folder = temporaryFolder()
  const sink = await drain()
  const gateway = await startGatewayProcess({
    folder: folder.path,
    policy: oneApplication({ nextHop: sink.port, mode: 'enforce', connections: large }),
  })
  const clients: SmtpClient[] = []
  try {
    const atStart = peakBytes(gateway.pid)
    for (let at = 0; at < idle; at += 50) {
      clients.push(...(await Promise.all(Array.from({ length: 50 }, () => smtpClient({ port: gateway.port('smtp') })))))
    }
    const withIdle = peakBytes(gateway.pid)
    const replies = await Promise.all(Array.from({ length: large }, () => sendLarge(gateway.port('smtp'))))
    assert.deepEqual(
      replies.map((reply) => reply.slice(0, 3)),
      replies.map(() => '250'),
      replies.join('\n'),
    )
    const received = peakBytes(gateway.pid)
    await eventually(() => sink.messages() === large, { deadlineMs: 60_000 })
    assert.ok(sink.bytes() >= large * contentBytes)
    const peak = peakBytes(gateway.pid)
    assert.ok(clients.every((client) => !client.isClosed))
    t.diagnostic(
      `peak RSS: at start ${mib(atStart)}, with ${idle} idle connections ${mib(withIdle)}, ` +
        `${large} messages of 50 MB received ${mib(received)}, and delivered ${mib(peak)}`,
    )
    assert.ok(peak < limitBytes, `the peak was ${mib(peak)}`)
  } finally {
    for (const client of clients) client.destroy()
    await gateway.kill()
    await sink.stop()
  }
})

const mib = (bytes: number): string => `${Math.round(bytes / 1024 / 1024)} MiB`

/** The most that was resident since the process began. */
function peakBytes(pid: number): number {
  const kib = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Number(kib) * 1024
}

/** Streams one message, with as much in memory as the socket takes. */
async function sendLarge(port: number): Promise<string> {
  const client = await smtpClient({ port, timeoutMs: 120_000 })
  await client.ehlo()
  for (const line of ['MAIL FROM:<app@example.com>', 'RCPT TO:<b@example.net>', 'DATA']) {
    const reply = await client.say(line)
    if (reply.code >= 400) return reply.text
  }
  await client.write('From: app@example.com\r\nSubject: large\r\n\r\n')
  const block = Buffer.from(`${'x'.repeat(76)}\r\n`.repeat(800))
  for (let sent = 0; sent < contentBytes; sent += block.length) await client.write(block)
  const reply = await client.say('.')
  await client.quit()
  return `${reply.code} ${reply.text}`
}

/** A next hop that counts and keeps nothing. */
async function drain(): Promise<{ port: number; messages: () => number; bytes: () => number; stop: () => Promise<void> }> {
  let messages = 0
  let bytes = 0
  const server: Server = createServer((socket) => {
    let isData = false
    let tail = ''
    socket.on('error', () => {})
    socket.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      const text = tail + chunk.toString('latin1')
      tail = text.slice(-4)
      if (isData) {
        if (!text.endsWith('\r\n.\r\n')) return
        isData = false
        messages++
        socket.write('250 2.0.0 Ok\r\n')
        return
      }
      // The client sends its next line after a reply, or several in one write (PIPELINING is not offered).
      const line = chunk.toString('latin1').toUpperCase()
      isData = line.startsWith('DATA')
      socket.write(isData ? '354 go on\r\n' : '250 Ok\r\n')
    })
    socket.write('220 drain ESMTP\r\n')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    messages: () => messages,
    bytes: () => bytes,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
