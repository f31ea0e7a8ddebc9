import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { eventually } from '@sallyport/testkit'
import { clamdEngine } from './clamd.ts'
import { type Heard, never, type ScriptedServer, scriptedServer, testMessage } from './scripted-server.cases.ts'

const servers: ScriptedServer[] = []
after(() => Promise.all(servers.map((server) => server.close())))

async function engineBefore(act: (heard: Heard) => void, when: (heard: Heard) => boolean = isAsked, maxBytes = 1000) {
  const server = await scriptedServer(act, when)
  servers.push(server)
  return { server, engine: clamdEngine({ name: 'clamav', address: server.address, maxBytes, infectedScore: 100 }) }
}

/** The chunk without bytes has come. */
const isAsked = ({ text }: Heard) => text.endsWith('\0\0\0\0')

test('the content goes out in chunks with their lengths, and clean is 0 points', async () => {
  const { engine, server } = await engineBefore(({ socket }) => socket.write('stream: OK\0'))
  const answer = await engine.ask(testMessage('abcdefg', {}, 5), never())
  assert.deepEqual(answer, { score: 0, reasons: [], isPartial: false })
  assert.equal(server.heard[0]?.toString('latin1'), 'zINSTREAM\0\0\0\0\x05abcde\0\0\0\x02fg\0\0\0\0')
  await eventually(server.isLeft, { what: 'the connection is closed' })
})

test('a virus counts what it is configured to, and is named', async () => {
  const { engine } = await engineBefore(({ socket }) => socket.write('stream: Win.Test.EICAR_HDB-1 FOUND\0'))
  const answer = await engine.ask(testMessage(), never())
  assert.equal(answer.score, 100)
  assert.equal(answer.virus, 'Win.Test.EICAR_HDB-1')
  assert.deepEqual(
    answer.reasons.map(({ rule, evidence }) => [rule, evidence]),
    [['spam.virus', { engine: 'clamav', signature: 'Win.Test.EICAR_HDB-1', points: 100 }]],
  )
})

test('of a long message only the beginning is sent, and the answer says so', async () => {
  const { engine, server } = await engineBefore(({ socket }) => socket.write('stream: OK\0'), isAsked, 10)
  assert.equal((await engine.ask(testMessage('x'.repeat(5000)), never())).isPartial, true)
  assert.equal(server.heard[0]?.toString('latin1'), `zINSTREAM\0\0\0\0\x0a${'x'.repeat(10)}\0\0\0\0`)
})

test('an answer that comes in pieces is read when it is whole', async () => {
  const { engine } = await engineBefore(({ socket }) => {
    socket.write('stream: O')
    setTimeout(() => socket.write('K\0'), 20)
  })
  assert.equal((await engine.ask(testMessage(), never())).score, 0)
})

for (const [name, act] of [
  ['finds the message too long for it', ({ socket }) => socket.end('INSTREAM size limit exceeded. ERROR\0')],
  ['cannot scan it', ({ socket }) => socket.end("stream: Can't open file or directory ERROR\0")],
  ['closes at once', ({ socket }) => socket.end()],
  ['resets the connection', ({ socket }) => socket.resetAndDestroy()],
  ['closes within its answer', ({ socket }) => socket.end('stream: OK')],
  ['says something else', ({ socket }) => socket.end('OK\0')],
  ['says more than that', ({ socket }) => socket.end('stream: OK stream: X FOUND later\0')],
  ['answers without end', ({ socket }) => socket.write('y'.repeat(2_000_000))],
] as const satisfies readonly (readonly [string, (heard: Heard) => void])[]) {
  test(`no answer where clamd ${name}`, async () => {
    const { engine } = await engineBefore(act)
    await assert.rejects(engine.ask(testMessage(), never()), { code: 'ENGINE_UNAVAILABLE' })
  })
}

test('what clamd says while the message is still on its way is heard', async () => {
  const { engine, server } = await engineBefore(
    ({ socket }) => socket.write('INSTREAM size limit exceeded. ERROR\0'),
    ({ bytes }) => bytes > 100,
    1e9,
  )
  const endless = testMessage('', {
    contentBytes: 1e9,
    async *content() {
      for (;;) yield new Uint8Array(1024)
    },
  })
  await assert.rejects(engine.ask(endless, never()), { code: 'ENGINE_UNAVAILABLE', message: /StreamMaxLength/ })
  await eventually(server.isLeft)
})

test('clamd that takes nothing is not sent more than its socket holds, until the signal comes', async () => {
  const { engine, server } = await engineBefore(
    ({ socket }) => socket.pause(),
    () => true,
    1e9,
  )
  const message = testMessage(new Uint8Array(100_000_000))
  const controller = new AbortController()
  const asked = assert.rejects(engine.ask(message, controller.signal), { code: 'ENGINE_UNAVAILABLE', why: 'called-off' })
  let readBytes = -1
  // The kernel takes what fits into its buffers, and then the reading stands still.
  await eventually(async () => {
    const before = readBytes
    readBytes = message.readBytes()
    await new Promise((resolve) => setTimeout(resolve, 50))
    return before > 0 && before === message.readBytes()
  })
  assert.ok(message.readBytes() < 50_000_000, `${message.readBytes()} bytes were read`)
  controller.abort()
  await asked
  for (const socket of server.open) socket.destroy()
})

test('content that ends too early is no clean message', async () => {
  const { engine } = await engineBefore(({ socket }) => socket.write('stream: OK\0'))
  await assert.rejects(engine.ask(testMessage('abc', { contentBytes: 4 }), never()), { code: 'CONTENT_DAMAGED' })
})
