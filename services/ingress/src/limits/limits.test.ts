import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventually, type SmtpClient } from '@sallyport/testkit'
import { application, message, type Play, play, verdict } from '../ingress.cases.ts'

const begin = async (p: Play) => {
  const client = await p.ready()
  return { client, reply: client.send({ from: 'a@example.com', to: 'b@example.org', content: message }) }
}

test('connections above the limit are answered 421 and closed', async () => {
  const p = await play({ settings: { maxConnections: 2 } })
  try {
    const first = await p.ready()
    await p.ready()
    const third = await p.client()
    assert.match(third.greeting.text, /^421 4\.7\.0 /)
    await third.closed
    await first.quit()
    await eventually(async () => /ingress_connections 1/.test(await p.ports.metrics.metrics()))
    assert.equal((await p.client()).greeting.code, 220)
  } finally {
    await p.stop()
  }
})

test('idle connections are told and closed, those that wait for us are not', async () => {
  const p = await play({ settings: { idleMs: 60 }, verdict: undefined })
  try {
    const { reply } = await begin(p)
    const idle = await p.ready()
    assert.match((await idle.read()).text, /^421 4\.4\.2 /)
    await idle.closed
    const opened = await p.asked(0)
    await p.sendVerdict(opened.id, verdict('relay'))
    assert.equal((await reply).code, 250)
  } finally {
    await p.stop()
  }
})

test('too many errors close the connection; a message that was accepted forgives', async () => {
  const p = await play({ settings: { maxErrors: 5 } })
  try {
    const client = await p.ready()
    for (let round = 0; round < 2; round++) {
      for (let error = 0; error < 4; error++) assert.equal((await client.say('NONSENSE')).code, 500)
      assert.equal((await client.send({ from: 'a@example.com', to: 'b@example.org', content: message })).code, 250)
    }
    for (let error = 0; error < 5; error++) assert.equal((await client.say('RCPT TO:<b@example.org>')).code, 503)
    assert.match((await client.read()).text, /^421 4\.7\.0 too many errors/)
    await client.closed
  } finally {
    await p.stop()
  }
})

test('a line that is too long is refused at its end, and the session goes on; an endless one closes it', async () => {
  const p = await play()
  try {
    const client = await p.ready()
    for (const chars of [17_000, 100_000, 900_000]) {
      const replies = await client.sayAll(['NOOP', `MAIL FROM:<${'x'.repeat(chars)}@example.com>`, 'RSET'])
      assert.deepEqual(
        replies.map(({ text }) => text.slice(0, 9)),
        ['250 2.0.0', '500 5.5.2', '250 2.0.0'],
      )
    }
    assert.match((await client.say('x'.repeat(1_200_000))).text, /^421 4\.7\.0 /)
    await client.closed
  } finally {
    await p.stop()
  }
})

test('connections of one client above its limit are answered 421; others come in', async () => {
  const p = await play({ settings: { maxConnectionsPerClient: 2 }, listener: { proxy: true } })
  const from = (address: string) => ({ preamble: `PROXY TCP${address.includes(':') ? '6' : '4'} ${address} ${address} 1 2\r\n` })
  try {
    for (const clients of [
      ['192.0.2.1', '192.0.2.1', '192.0.2.1', '192.0.2.2'],
      ['2001:db8::1', '2001:db8::2', '2001:db8::3', '2001:db8:0:1::1'],
    ]) {
      const [one, , third, other] = await Promise.all(clients.map(async (address) => await p.client(from(address))))
      assert.match(third?.greeting.text ?? '', /^421 4\.7\.0 too many connections from your address/)
      await third?.closed
      assert.equal(other?.greeting.code, 220)
      await one?.quit()
      await eventually(async () => (await p.client(from(clients[0] ?? ''))).greeting.code === 220)
    }
  } finally {
    await p.stop()
  }
})

/** Writes a byte every few ms until the connection ends. */
async function trickle(client: SmtpClient, byte: string): Promise<void> {
  while (!client.isClosed) {
    await client.write(byte).catch(() => {})
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

for (const [what, lines, byte] of [
  ['a command', [], 'N'],
  ['content', ['MAIL FROM:<a@example.com>', 'RCPT TO:<b@example.org>', 'DATA'], 'x'],
] as const) {
  test(`${what} that comes byte by byte is not waited for longer than for nothing at all`, async () => {
    const p = await play({ settings: { idleMs: 100 } })
    try {
      const client = await p.ready()
      for (const line of lines) await client.say(line)
      const trickled = trickle(client, byte)
      assert.match((await client.read()).text, /^421 4\.4\.2 /)
      await trickled
      await eventually(async () => /ingress_unsettled 0/.test(await p.ports.metrics.metrics()))
    } finally {
      await p.stop()
    }
  })
}

for (const [what, applications, settings] of [
  ['of an application', [application({ maxUnsettled: 1 })], {}],
  ['in all', [application()], { maxUnsettled: 1 }],
] as const) {
  test(`MAIL waits for a place among the unsettled ${what}`, async () => {
    const p = await play({ verdict: undefined, applications, settings })
    try {
      const { reply } = await begin(p)
      const opened = await p.asked(0)
      const second = await p.ready()
      let isAnswered = false
      const mail = second.say('MAIL FROM:<a@example.com>')
      void mail.then(() => {
        isAnswered = true
      })
      await p.ready()
      assert.equal(isAnswered, false)
      await p.sendVerdict(opened.id, verdict('reject'))
      assert.equal((await reply).code, 550)
      assert.equal((await mail).code, 250)
    } finally {
      await p.stop()
    }
  })

  test(`who waits too long for a place among the unsettled ${what} is told to come back`, async () => {
    const p = await play({ verdict: undefined, applications, settings: { ...settings, unsettledWaitMs: 20 } })
    try {
      const first = await p.ready()
      assert.equal((await first.say('MAIL FROM:<a@example.com>')).code, 250)
      const second = await p.ready()
      assert.match((await second.say('MAIL FROM:<a@example.com>')).text, /^451 4\.3\.2 /)
      await first.say('RSET')
      assert.equal((await second.say('MAIL FROM:<a@example.com>')).code, 250)
      second.destroy()
      await eventually(async () => (await first.say('MAIL FROM:<a@example.com>')).code === 250)
    } finally {
      await p.stop()
    }
  })
}

test('a full application does not stop another', async () => {
  const other = application({ name: 'other', from: { networks: ['192.0.2.0/24'] } })
  const p = await play({ applications: [application({ maxUnsettled: 1 }), other], listener: { proxy: true } })
  try {
    const [one, two] = [
      await p.ready({ preamble: 'PROXY UNKNOWN\r\n' }),
      await p.ready({ preamble: 'PROXY TCP4 192.0.2.1 10.0.0.1 1 2\r\n' }),
    ]
    assert.equal((await one.say('MAIL FROM:<a@example.com>')).code, 250)
    assert.equal((await two.say('MAIL FROM:<a@example.com>')).code, 250)
  } finally {
    await p.stop()
  }
})

test('a disk that is nearly full: 452 at MAIL, until there is room', async () => {
  const p = await play({ settings: { minFreeBytes: 1000, freeBytesCheckMs: 5 } })
  try {
    const client = await p.ready()
    p.content.faults.freeBytes = 999
    await eventually(() => !p.ingress.readiness().ready)
    assert.match((await client.say('MAIL FROM:<a@example.com>')).text, /^452 4\.3\.1 /)
    p.content.faults.freeBytes = 1000
    await eventually(() => p.ingress.readiness().ready)
    assert.equal((await client.say('MAIL FROM:<a@example.com>')).code, 250)
  } finally {
    await p.stop()
  }
})
