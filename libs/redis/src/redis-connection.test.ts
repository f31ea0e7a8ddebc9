import assert from 'node:assert/strict'
import { createServer, type Socket } from 'node:net'
import { type TestContext, test } from 'node:test'
import { eventually, freePort } from '@sallyport/testkit'
import { openRedis, type RedisChange } from './redis-connection.ts'
import { redisScript } from './redis-script.ts'

/** A server that answers what it is told to: to a command, by its name, a reply of RESP2, or nothing. */
async function fakeRedis(t: TestContext, answer: (name: string, words: readonly string[]) => string | undefined) {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    let text = ''
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      text += chunk
      for (;;) {
        const words = firstCommand(text)
        if (!words) return
        text = text.slice(words.bytes)
        const [name = '', ...rest] = words.words
        const reply = handshake[name.toLowerCase()] ?? answer(name.toLowerCase(), rest)
        if (reply !== undefined) socket.write(reply)
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const hangUp = (): void => {
    for (const socket of sockets) socket.destroy()
  }
  t.after(() => {
    server.close()
    hangUp()
  })
  return { port: typeof address === 'object' && address ? address.port : 0, hangUp }
}

const handshake: Readonly<Record<string, string>> = {
  hello: "-ERR unknown command 'HELLO'\r\n",
  client: '+OK\r\n',
  info: '$9\r\nloading:0\r\n',
  quit: '+OK\r\n',
}

function firstCommand(text: string): { readonly words: readonly string[]; readonly bytes: number } | undefined {
  const head = /^\*(\d+)\r\n/.exec(text)
  if (!head) return undefined
  let at = head[0].length
  const words: string[] = []
  for (let left = Number(head[1]); left > 0; left--) {
    const size = /^\$(\d+)\r\n/.exec(text.slice(at))
    if (!size) return undefined
    const from = at + size[0].length
    at = from + Number(size[1]) + 2
    if (text.length < at) return undefined
    words.push(text.slice(from, at - 2))
  }
  return { words, bytes: at }
}

/** Where nothing is to time out: a busy machine takes its time. */
const patientMs = 10_000

function opened(t: TestContext, port: number, callTimeoutMs = 300) {
  const changes: RedisChange[] = []
  const connection = openRedis({
    redis: { host: '127.0.0.1', port },
    purpose: 'the test',
    unavailable: 'LEDGER_UNAVAILABLE',
    callTimeoutMs,
    onChange: (change) => void changes.push(change),
  })
  t.after(() => connection.close())
  return { connection, changes }
}

test('a script is named by its hash, and told in full where the server does not know it', async (t) => {
  const asked: string[] = []
  const redis = await fakeRedis(t, (name, words) => {
    asked.push(`${name} ${words.join(' ')}`)
    return name === 'evalsha' && asked.length === 1 ? '-NOSCRIPT No matching script.\r\n' : ':7\r\n'
  })
  const { connection } = opened(t, redis.port, patientMs)
  const script = redisScript('seven', 'return 7')
  assert.equal(await connection.run(script, ['k'], ['a', 1]), 7)
  assert.equal(await connection.run(script, [], []), 7)
  assert.deepEqual(asked, [`evalsha ${script.sha} 1 k a 1`, 'eval return 7 1 k a 1', `evalsha ${script.sha} 0`])
})

test('what is lost with the connection is done again where it may be, else it fails', async (t) => {
  let calls = 0
  const redis = await fakeRedis(t, () => {
    calls++
    if (calls % 2 === 0) return '+PONG\r\n'
    redis.hangUp()
    return undefined
  })
  const { connection } = opened(t, redis.port, patientMs)
  assert.equal(await connection.call('PING', (client) => client.ping()), 'PONG')
  assert.equal(calls, 2)
  await assert.rejects(
    connection.call('PING', (client) => client.ping(), { isRepeatable: false }),
    { code: 'LEDGER_UNAVAILABLE', retriable: true },
  )
  assert.equal(calls, 3)
})

test('an error of the server is not tried again, and says what it says', async (t) => {
  let calls = 0
  const redis = await fakeRedis(t, () => {
    calls++
    return '-OOM command not allowed\r\n'
  })
  const { connection, changes } = opened(t, redis.port, patientMs)
  const message = `the test cannot use Redis at 127.0.0.1:${redis.port}: OOM command not allowed`
  await assert.rejects(
    connection.call('SET', (client) => client.set('k', 'secret')),
    (error: Error) => error.message === message && error.cause === undefined,
  )
  assert.deepEqual([calls, changes], [1, []])
})

test('who does not answer is left, and found again', async (t) => {
  let isSilent = true
  const redis = await fakeRedis(t, () => (isSilent ? undefined : '+PONG\r\n'))
  const { connection, changes } = opened(t, redis.port)
  await assert.rejects(
    connection.call('PING', (client) => client.ping()),
    { code: 'LEDGER_UNAVAILABLE' },
  )
  isSilent = false
  assert.equal(await eventually(() => connection.call('PING', (client) => client.ping())), 'PONG')
  await eventually(() => changes.length === 2)
  assert.deepEqual(
    changes.map(({ isUp, server }) => [isUp, server]),
    [
      [false, `127.0.0.1:${redis.port}`],
      [true, `127.0.0.1:${redis.port}`],
    ],
  )
})

test('nobody there: calls fail, the outage is told once, and it can be closed', async (t) => {
  const { connection, changes } = opened(t, await freePort())
  for (let call = 0; call < 5; call++) {
    await assert.rejects(
      connection.call('PING', (client) => client.ping()),
      { code: 'LEDGER_UNAVAILABLE', message: /ECONNREFUSED/ },
    )
  }
  assert.equal(changes.length, 1)
  assert.match(changes[0]?.reason ?? '', /ECONNREFUSED/)
  await connection.close()
  await connection.close()
  await assert.rejects(
    connection.call('PING', (client) => client.ping()),
    { message: /it is closed/ },
  )
})
