/** The next transaction's envelope goes out behind the content of the one before it (RFC 2920 §3.1), in lanes as delivery has them. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { after, test } from 'node:test'
import { eventually, type SmtpSinkOptions, smtpSink } from '@sallyport/testkit'
import { type LaneJob, lanes } from '../lanes.ts'
import type { SmarthostTarget, TransactionResult } from './next-hop.ts'
import type { SmtpClientOptions } from './smtp-client.ts'
import { target, testClient, transaction } from './test-target.cases.ts'

const closers: (() => unknown)[] = []
after(() => Promise.all(closers.map((close) => close())))

async function sinkWith(options: SmtpSinkOptions) {
  const sink = await smtpSink(options)
  closers.push(() => sink.stop())
  return sink
}

const contentOf = (index: number): Buffer => Buffer.from(`Subject: ${index}\r\n\r\n..dots\r\n`)

/** Sends so many messages over the connections of one lane, and tells how each ended. */
async function send(count: number, hops: SmarthostTarget['hops'], { connections = 1, pipelining = true, ...changes }: Sent = {}) {
  const client = testClient(changes)
  closers.push(() => client.stop())
  const ended: TransactionResult[] = []
  const lane = lanes<LaneJob & { readonly index: number }>({
    limit: () => connections,
    async run({ index }, place) {
      ended[index] = await client.deliver(target(hops, { pipelining }), transaction({}, contentOf(index)), place)
      place.sent()
    },
  })
  for (let index = 0; index < count; index++) {
    lane.admit({ index, destination: 'default', class: 'normal', application: 'a', admittedAtMs: 0 })
  }
  await eventually(() => lane.size === 0, { deadlineMs: 20_000 })
  return ended.map(({ recipients }) => `${recipients[0]?.outcome}: ${recipients[0]?.reply}`)
}
type Sent = Partial<SmtpClientOptions> & { readonly connections?: number; readonly pipelining?: boolean }

/** A next hop that answers a content only when the envelope of the next message is there: whoever waits for the answer waits for ever. */
async function patientHop(messages: number) {
  const contents: string[] = []
  const tooEarly: string[] = []
  function serve(socket: Socket): void {
    let came = ''
    const next = (end: string): string | undefined => {
      const at = came.indexOf(end)
      if (at < 0) return undefined
      const taken = came.slice(0, at + end.length)
      came = came.slice(at + end.length)
      return taken
    }
    socket.on('error', () => {})
    socket.write('220 hop.example.net\r\n')
    let state: 'hello' | 'envelope' | 'content' = 'hello'
    socket.on('data', (chunk) => {
      came += chunk.toString('latin1')
      if (state === 'hello' && next('\r\n')) {
        socket.write('250-hop.example.net\r\n250 PIPELINING\r\n')
        state = 'envelope'
      }
      if (state === 'envelope' && next('DATA\r\n')) {
        if (came !== '') tooEarly.push(came)
        if (contents.length > 0) socket.write(`250 2.0.0 kept ${contents.length - 1}\r\n`)
        socket.write('250 ok\r\n250 ok\r\n354 go on\r\n')
        state = 'content'
      } else if (state === 'content') {
        const content = next('\r\n.\r\n')
        if (content === undefined) return
        contents.push(content)
        state = 'envelope'
        if (contents.length === messages) socket.write(`250 2.0.0 kept ${messages - 1}\r\n`)
        else if (came.includes('DATA\r\n')) socket.emit('data', Buffer.alloc(0))
      }
    })
  }
  let connections = 0
  const server = createServer((socket) => {
    connections++
    serve(socket)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  closers.push(() => server.close())
  const { port } = server.address() as AddressInfo
  return { host: '127.0.0.1', port, contents, tooEarly, connections: () => connections }
}

/** A next hop that takes one line, or one content, at a time, and notes what comes before its reply, which takes a moment. */
async function plainHop(offers: string) {
  const tooEarly: string[] = []
  let connections = 0
  const server = createServer((socket) => {
    connections++
    let came = ''
    let end = '\r\n'
    socket.on('error', () => {})
    socket.write('220 hop.example.net\r\n')
    socket.on('data', (chunk) => {
      came += chunk.toString('latin1')
      if (!came.endsWith(end)) return
      const [taken, isContent] = [came, end !== '\r\n']
      came = ''
      end = taken === 'DATA\r\n' ? '\r\n.\r\n' : '\r\n'
      if (!isContent && taken.split('\r\n').length > 2) tooEarly.push(taken)
      const reply = taken.startsWith('EHLO') ? offers : taken === 'DATA\r\n' ? '354 go on' : '250 ok'
      setTimeout(() => {
        if (came !== '') tooEarly.push(came)
        socket.write(`${reply}\r\n`)
      }, 5)
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  closers.push(() => server.close())
  const { port } = server.address() as AddressInfo
  return { host: '127.0.0.1', port, tooEarly, connections: () => connections }
}

test('an envelope does not wait for the reply to the content before it, and its own content does', async () => {
  const hop = await patientHop(5)
  assert.deepEqual(
    await send(5, [hop]),
    [0, 1, 2, 3, 4].map((index) => `delivered: 250 2.0.0 kept ${index}`),
  )
  assert.deepEqual(
    hop.contents,
    [0, 1, 2, 3, 4].map((index) => `Subject: ${index}\r\n\r\n...dots\r\n.\r\n`),
  )
  assert.deepEqual(hop.tooEarly, [])
  assert.equal(hop.connections(), 1)
})

for (const [where, offers, pipelining] of [
  ['the hop does not offer PIPELINING', '250 SIZE', true],
  ['the route does not use it', '250 PIPELINING', false],
] as const) {
  test(`where ${where}, each waits for its turn, on the same connection`, async () => {
    const hop = await plainHop(offers)
    const ended = await send(4, [hop], { pipelining })
    assert.deepEqual(ended, ['delivered: 250 ok', 'delivered: 250 ok', 'delivered: 250 ok', 'delivered: 250 ok'])
    assert.deepEqual([hop.tooEarly, hop.connections()], [[], 1])
  })
}

test('never more connections than the destination may have', async () => {
  const sink = await sinkWith({ replies: { content: { afterMs: 5, reply: '250 2.0.0 Ok' } } })
  const ended = await send(60, [sink], { connections: 3 })
  assert.ok(ended.every((outcome) => outcome.startsWith('delivered')))
  assert.deepEqual([sink.messages.length, sink.connections], [60, 3])
  assert.deepEqual(
    new Set(sink.messages.map(({ content }) => content.toString())),
    new Set(Array.from({ length: 60 }, (_, index) => contentOf(index).toString())),
  )
})

for (const [what, content] of [
  ['drops the connection', 'drop'],
  ['hangs', 'hang'],
  ['says 421', '421 4.3.2 shutting down'],
] as const) {
  test(`whoever follows a message for which the hop ${what} is delivered elsewhere, once`, async () => {
    let contents = 0
    const sink = await sinkWith({ replies: { content: () => (contents++ === 0 ? content : undefined) } })
    const limits = { connectMs: 5_000, greetingMs: 5_000, commandMs: 5_000, blockMs: 5_000, finalMs: 700 }
    const [first, ...others] = await send(4, [sink], { limits })
    assert.match(
      first ?? '',
      content.startsWith('421') ? /^deferred: 421 4\.3\.2/ : /^deferred: 451 4\.4\.2 .*may have been delivered/,
    )
    assert.ok(others.every((outcome) => outcome.startsWith('delivered')))
    assert.deepEqual(
      sink.messages.map((message) => message.content.toString()).sort(),
      [1, 2, 3].map((index) => contentOf(index).toString()),
    )
  })
}

test('a refused envelope or content says nothing about the message behind it', async () => {
  let mails = 0
  let contents = 0
  const sink = await sinkWith({
    replies: {
      mail: () => (mails++ === 1 ? '550 5.7.1 not you' : undefined),
      content: () => (contents++ === 0 ? '554 5.6.0 spam' : undefined),
    },
  })
  const ended = await send(4, [sink])
  assert.deepEqual(ended.slice(0, 2), ['bounced: 554 5.6.0 spam', 'bounced: 550 5.7.1 not you'])
  assert.ok(ended.slice(2).every((outcome) => outcome.startsWith('delivered')))
  assert.equal(sink.connections, 1)
})
