import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { SallyportError } from '@sallyport/contracts'
import { eventually } from '@sallyport/testkit'
import { type Heard, never, type ScriptedServer, scriptedServer, testMessage } from './scripted-server.cases.ts'
import { spamdEngine } from './spamd.ts'

const servers: ScriptedServer[] = []
after(() => Promise.all(servers.map((server) => server.close())))

async function engineBefore(act: (heard: Heard) => void, when?: (heard: Heard) => boolean, maxBytes = 1000) {
  const server = await scriptedServer(act, when)
  servers.push(server)
  return { server, engine: spamdEngine({ name: 'sa', address: server.address, maxBytes }) }
}

const report = [
  'Spam detection software, running on the system "x", has NOT identified',
  'Content preview:  9.9 NOT_A_RULE in the preview',
  '',
  'Content analysis details:   (3.3 points, 5.0 required)',
  '',
  ' pts rule name              description',
  '---- ---------------------- --------------------------------------------------',
  '-0.5 BAYES_00               Bayes spam probability is 0 to 1%',
  ' 0.0 INFORMATION            Only worth knowing',
  '  12 A_LONG_ONE             Says so much about the message that it',
  '                            goes on below',
  ' 2.7 MISSING_DATE           Missing Date: header',
  '',
].join('\n')

const answered = (head: string, body = report) =>
  `SPAMD/1.1 0 EX_OK\r\nContent-length: ${Buffer.byteLength(body)}\r\n${head}\r\n\r\n${body}`
const isAsked = ({ text }: Heard) => text.endsWith('Hello\r\n')

test('a report gives the score and the rules, the strongest first', async () => {
  const { engine, server } = await engineBefore(({ socket }) => socket.end(answered('Spam: False ; 3.3 / 5.0')), isAsked)
  const answer = await engine.ask(testMessage(), never())
  assert.equal(answer.score, 3.3)
  assert.equal(answer.isPartial, false)
  assert.deepEqual(
    answer.reasons.map(({ rule, text, evidence }) => [rule, text, evidence?.points]),
    [
      ['spam.spamassassin.A_LONG_ONE', 'sa: Says so much about the message that it goes on below', 12],
      ['spam.spamassassin.MISSING_DATE', 'sa: Missing Date: header', 2.7],
      ['spam.spamassassin.BAYES_00', 'sa: Bayes spam probability is 0 to 1%', -0.5],
    ],
  )
  const content = 'Return-Path: <a@example.com>\r\nSubject: hello\r\n\r\nHello\r\n'
  assert.equal(server.heard[0]?.toString(), `REPORT SPAMC/1.5\r\nContent-length: ${content.length}\r\n\r\n${content}`)
})

for (const [name, head, score] of [
  ['ham', 'Spam: False ; 0 / 5.0', 0],
  ['less than nothing', 'Spam: False ; -1.9 / 5.0', -1.9],
  ['spam', 'Spam: True ; 1002.4 / 5.0', 1002.4],
  ['headers in another order and case', 'SPAM: yes ; 7 / 5', 7],
] as const) {
  test(`the score of ${name}`, async () => {
    const { engine } = await engineBefore(({ socket }) => socket.end(answered(head, 'no table')), isAsked)
    const answer = await engine.ask(testMessage(), never())
    assert.deepEqual(answer, { score, reasons: [], isPartial: false })
  })
}

test('of a long message only the beginning is read and sent, and the answer says so', async () => {
  const { engine, server } = await engineBefore(
    ({ socket }) => socket.end(answered('Spam: False ; 1.0 / 5.0')),
    ({ text }) => text.endsWith('x'.repeat(500)),
    500,
  )
  const message = testMessage('x'.repeat(1_000_000), {}, 400)
  assert.equal((await engine.ask(message, never())).isPartial, true)
  assert.equal(server.heard[0]?.toString('latin1').split('\r\n\r\n')[1], `Return-Path: <a@example.com>\r\n${'x'.repeat(500)}`)
  assert.equal(message.readBytes(), 800)
})

for (const [name, act] of [
  ['closes at once', ({ socket }) => socket.end()],
  ['resets the connection', ({ socket }) => socket.resetAndDestroy()],
  ['says an error', ({ socket }) => socket.end('SPAMD/1.0 76 Bad header line: (Content-Length mismatch)\r\n')],
  ['says a temporary failure', ({ socket }) => socket.end('SPAMD/1.1 75 EX_TEMPFAIL\r\n\r\n')],
  ['says something else', ({ socket }) => socket.end('HTTP/1.1 200 OK\r\n\r\nSpam: True ; 10 / 5\r\n')],
  ['says no score', ({ socket }) => socket.end('SPAMD/1.1 0 EX_OK\r\nContent-length: 0\r\n\r\n')],
  ['says a score that is none', ({ socket }) => socket.end(answered('Spam: True ; many / 5.0'))],
  ['closes within its answer', ({ socket }) => socket.end(answered('Spam: True ; 8.0 / 5.0').slice(0, -10))],
  ['answers without end', ({ socket }) => socket.write('y'.repeat(2_000_000))],
] as const satisfies readonly (readonly [string, (heard: Heard) => void])[]) {
  test(`no answer where spamd ${name}`, async () => {
    const { engine } = await engineBefore(act, isAsked)
    await assert.rejects(engine.ask(testMessage(), never()), { code: 'ENGINE_UNAVAILABLE' })
  })
}

test('no answer where nobody listens', async () => {
  const { engine, server } = await engineBefore(() => undefined)
  await server.close()
  await assert.rejects(engine.ask(testMessage(), never()), { code: 'ENGINE_UNAVAILABLE', message: /sa: .*ECONNREFUSED/ })
})

test('the signal ends a question that nobody answers, and its connection', async () => {
  const { engine, server } = await engineBefore(
    () => undefined,
    () => false,
  )
  const controller = new AbortController()
  const asked = engine.ask(testMessage(), controller.signal)
  asked.catch(() => undefined)
  await eventually(() => server.open.size === 1)
  controller.abort()
  await assert.rejects(asked, { code: 'ENGINE_UNAVAILABLE', why: 'called-off' })
  await eventually(server.isLeft)
})

test('content that cannot be read fails as the store does, and closes the connection', async () => {
  const { engine, server } = await engineBefore(
    () => undefined,
    () => false,
  )
  const broken = testMessage('', {
    contentBytes: 100,
    // biome-ignore lint/correctness/useYield: it fails before its first chunk
    async *content() {
      throw new SallyportError('CONTENT_MISSING', 'gone')
    },
  })
  await assert.rejects(engine.ask(broken, never()), { code: 'CONTENT_MISSING' })
  await eventually(server.isLeft)
})
