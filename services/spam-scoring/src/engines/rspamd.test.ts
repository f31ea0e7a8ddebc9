import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { after, test } from 'node:test'
import { eventually } from '@sallyport/testkit'
import { rspamdEngine } from './rspamd.ts'
import { type Heard, never, scriptedServer, testMessage } from './scripted-server.cases.ts'

const closers: (() => unknown)[] = []
after(() => Promise.all(closers.map((close) => close())))

interface Asked {
  readonly headers: readonly string[]
  readonly url: string | undefined
  readonly body: string
}

async function engineBefore(answer: (request: IncomingMessage, response: ServerResponse) => void, password?: string) {
  const asked: Asked[] = []
  const server: Server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    asked.push({ headers: request.rawHeaders, url: request.url, body: Buffer.concat(chunks).toString('latin1') })
    answer(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const listening = server.address()
  const port = listening !== null && typeof listening === 'object' ? listening.port : 0
  const secrets = { read: async (name: string) => `${name}: ${password}` }
  const engine = rspamdEngine({
    name: 'rspamd',
    address: { host: '127.0.0.1', port },
    maxBytes: 1000,
    concurrency: 2,
    password: password === undefined ? undefined : { secrets, secret: 'rspamd-password' },
  })
  closers.push(
    () => engine.close(),
    () => server.closeAllConnections(),
    () => server.close(),
  )
  return { engine, asked, server }
}

const symbols = {
  MISSING_MID: { name: 'MISSING_MID', score: 2.5, metric_score: 2.5, description: 'Message id is missing' },
  RCVD_COUNT_ZERO: { name: 'RCVD_COUNT_ZERO', score: 0, options: ['0'] },
  MIME_GOOD: { name: 'MIME_GOOD', score: -0.1, description: 'Known content-type', options: ['text/plain'] },
  PHISHING: { name: 'PHISHING', score: 4, options: ['a->b', 'c->d', 'e->f', 'g->h'] },
}
const found = { is_skipped: false, score: 6.4, required_score: 15, action: 'add header', symbols, messages: {}, time_real: 0.01 }
const headersOf = ({ headers }: Asked, name: string) =>
  headers.filter((_, index) => index % 2 === 1 && headers[index - 1]?.toLowerCase() === name.toLowerCase())

test('the message and its envelope go out; score and rules come back, the strongest first', async () => {
  const { engine, asked } = await engineBefore((_, response) => response.end(JSON.stringify(found)))
  const answer = await engine.ask(
    testMessage('Subject: hi\r\n\r\nHi\r\n', { recipients: ['b@example.net', 'c@example.net'] }),
    never(),
  )
  assert.equal(answer.score, 6.4)
  assert.equal(answer.isPartial, false)
  assert.deepEqual(
    answer.reasons.map(({ rule, text, evidence }) => [rule, text, evidence]),
    [
      ['spam.rspamd.PHISHING', 'rspamd: PHISHING', { engine: 'rspamd', points: 4, seen: ['a->b', 'c->d', 'e->f'] }],
      ['spam.rspamd.MISSING_MID', 'rspamd: Message id is missing', { engine: 'rspamd', points: 2.5 }],
      ['spam.rspamd.MIME_GOOD', 'rspamd: Known content-type', { engine: 'rspamd', points: -0.1, seen: ['text/plain'] }],
    ],
  )
  const [question] = asked
  assert.ok(question)
  assert.equal(question.url, '/checkv2')
  assert.equal(question.body, 'Subject: hi\r\n\r\nHi\r\n')
  for (const [name, values] of [
    ['From', ['a@example.com']],
    ['Rcpt', ['b@example.net', 'c@example.net']],
    ['IP', ['192.0.2.1']],
    ['Helo', ['client.example.com']],
    ['Queue-Id', ['0190a1b2-0000-7000-8000-000000000001']],
    ['Password', []],
    ['Content-Length', ['19']],
  ] as const) {
    assert.deepEqual(headersOf(question, name), values, name)
  }
})

test('the password is read for the question', async () => {
  const { engine, asked } = await engineBefore((_, response) => response.end(JSON.stringify(found)), 'open sesame')
  await engine.ask(testMessage(), never())
  assert.deepEqual(
    asked.flatMap((question) => headersOf(question, 'Password')),
    ['rspamd-password: open sesame'],
  )
})

test('an address beyond ASCII goes out as UTF-8, and nothing ends a header line', async () => {
  const { engine, asked } = await engineBefore((_, response) => response.end(JSON.stringify(found)))
  await engine.ask(testMessage('x', { sender: 'jörg@example.com', helo: 'a\r\nPassword: b' }), never())
  const [question] = asked
  assert.ok(question)
  assert.equal(Buffer.from(headersOf(question, 'From')[0] ?? '', 'latin1').toString('utf8'), 'jörg@example.com')
  assert.deepEqual(headersOf(question, 'Helo'), ['a  Password: b'])
})

test('thousands of recipients do not make a header that is refused', async () => {
  const { engine, asked } = await engineBefore((_, response) => response.end(JSON.stringify(found)))
  const recipients = Array.from({ length: 5000 }, (_, index) => `somebody-with-a-long-name-${index}@example.net`)
  await engine.ask(testMessage('x', { recipients }), never())
  assert.ok(headersOf(asked[0] ?? { headers: [], url: '', body: '' }, 'Rcpt').length > 100)
})

test('of a long message only the beginning is sent, and the answer says so', async () => {
  const { engine, asked } = await engineBefore((_, response) => response.end(JSON.stringify(found)))
  assert.equal((await engine.ask(testMessage('x'.repeat(5000)), never())).isPartial, true)
  assert.equal(asked[0]?.body, 'x'.repeat(1000))
})

test('a rejection that was forced counts as one, with its reason first', async () => {
  const forced = {
    ...found,
    score: 2,
    action: 'reject',
    is_skipped: true,
    symbols: { GTUBE: { score: 0 } },
    messages: { smtp_message: 'Gtube pattern' },
  }
  const { engine } = await engineBefore((_, response) => response.end(JSON.stringify(forced)))
  const answer = await engine.ask(testMessage(), never())
  assert.equal(answer.score, 15)
  assert.deepEqual(
    answer.reasons.map(({ rule, text }) => [rule, text]),
    [['spam.rspamd.GTUBE', 'rspamd: Gtube pattern']],
  )
})

for (const [name, answer] of [
  ['says an error', (_, response) => response.writeHead(403).end('{"error":"unauthorized"}')],
  ['says an error with 200', (_, response) => response.end('{"error":"cannot scan"}')],
  ['says something else', (_, response) => response.end('<html>hello</html>')],
  ['says no score', (_, response) => response.end(JSON.stringify({ ...found, score: undefined }))],
  ['says a score that is none', (_, response) => response.end(JSON.stringify({ ...found, score: '12' }))],
  ['says a score without end', (_, response) => response.end(JSON.stringify(found).replace('6.4', '1e999'))],
  [
    'closes within its answer',
    (_, response) => response.writeHead(200, { 'Content-Length': 100, Connection: 'close' }).end('{"score": 1'),
  ],
  ['resets the connection', (request) => request.socket.resetAndDestroy()],
  ['answers without end', (_, response) => response.end('y'.repeat(5_000_000))],
] as const satisfies readonly (readonly [string, (request: IncomingMessage, response: ServerResponse) => void])[]) {
  test(`no answer where rspamd ${name}`, async () => {
    const { engine } = await engineBefore(answer)
    await assert.rejects(engine.ask(testMessage(), never()), { code: 'ENGINE_UNAVAILABLE' })
  })
}

for (const [name, act] of [
  ['speaks no HTTP', ({ socket }) => socket.end('SPAMD/1.1 0 EX_OK\r\n\r\n')],
  ['closes at once', ({ socket }) => socket.end()],
] as const satisfies readonly (readonly [string, (heard: Heard) => void])[]) {
  test(`no answer where a server ${name}`, async () => {
    const server = await scriptedServer(act)
    const engine = rspamdEngine({ name: 'rspamd', address: server.address, maxBytes: 1000, concurrency: 1, password: undefined })
    closers.push(
      () => engine.close(),
      () => server.close(),
    )
    await assert.rejects(engine.ask(testMessage(), never()), { code: 'ENGINE_UNAVAILABLE' })
  })
}

test('connections are kept, and one that was closed meanwhile is opened anew', async () => {
  const ports = new Set<number | undefined>()
  const { engine, server } = await engineBefore((request, response) => {
    ports.add(request.socket.remotePort)
    response.end(JSON.stringify(found))
  })
  for (let round = 0; round < 3; round++) await engine.ask(testMessage(), never())
  assert.equal(ports.size, 1)
  // As at a restart: closed while nobody looks, so that the next question finds it closed.
  server.closeAllConnections()
  assert.equal((await engine.ask(testMessage(), never())).score, 6.4)
  assert.equal(ports.size, 2)
})

test('the signal ends a question that nobody answers, and its connection', async () => {
  let isAsked = false
  const { engine, server } = await engineBefore(() => {
    isAsked = true
  })
  const controller = new AbortController()
  const asked = assert.rejects(engine.ask(testMessage(), controller.signal), { code: 'ENGINE_UNAVAILABLE', why: 'called-off' })
  await eventually(() => isAsked)
  controller.abort()
  await asked
  await eventually(() => new Promise((resolve) => server.getConnections((_, count) => resolve(count === 0))))
})

test('content that ends too early is no message', async () => {
  const { engine } = await engineBefore((_, response) => response.end(JSON.stringify(found)))
  await assert.rejects(engine.ask(testMessage('abc', { contentBytes: 4 }), never()), { code: 'CONTENT_DAMAGED' })
})
