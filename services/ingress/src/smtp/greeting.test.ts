import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { test } from 'node:test'
import { message, play } from '../ingress.cases.ts'

test('who talks before the greeting is told so and closed', async () => {
  const p = await play()
  try {
    const client = await p.client({ preamble: 'EHLO client.test\r\n' })
    assert.match(client.greeting.text, /^554 5\.5\.1 /)
    await client.closed
  } finally {
    await p.stop()
  }
})

test('the greeting waits for no timer: not for the 100 ms of smtp-server, nor for less', { timeout: 30_000 }, async (t) => {
  const p = await play()
  try {
    t.mock.timers.enable({ apis: ['setTimeout'] })
    const client = await p.client()
    assert.equal(client.greeting.code, 220)
  } finally {
    t.mock.timers.reset()
    await p.stop()
  }
})

test('commands pipelined in one write are all answered, in order', async () => {
  const p = await play()
  try {
    const client = await p.ready()
    for (let round = 0; round < 3; round++) {
      const replies = await client.sayAll([
        'MAIL FROM:<a@example.com>',
        'RCPT TO:<b@example.org>',
        'RCPT TO:<c@example.org>',
        'DATA',
      ])
      assert.deepEqual(
        replies.map(({ code }) => code),
        [250, 250, 250, 354],
      )
      const ends = await client.sayAll([`${message}.`, 'NOOP', 'MAIL FROM:<a@example.com>', 'RSET'])
      assert.deepEqual(
        ends.map(({ text }) => text.slice(0, 9)),
        ['250 2.6.0', '250 2.0.0', '250 2.1.0', '250 2.0.0'],
      )
    }
    assert.equal(p.decided().length, 3)
  } finally {
    await p.stop()
  }
})

test('thousands of pipelined commands in tiny pieces', async () => {
  const p = await play()
  try {
    const client = await p.ready()
    const lines = Array.from({ length: 1000 }, () => 'NOOP')
    assert.ok((await client.sayAll(lines)).every(({ code }) => code === 250))
    const slow = connect({ port: p.port, host: '127.0.0.1', noDelay: true })
    let said = ''
    slow.on('data', (chunk) => {
      said += chunk
    })
    await new Promise((resolve) => slow.once('data', resolve))
    for (const byte of 'EHLO x\r\nNOOP\r\nQUIT\r\n') {
      slow.write(byte)
      await new Promise((resolve) => setImmediate(resolve))
    }
    await new Promise((resolve) => slow.once('close', resolve))
    assert.match(said, /250 2\.0\.0 OK\r\n221 2\.0\.0 Bye\r\n$/)
  } finally {
    await p.stop()
  }
})

test('harmless or unknown commands', async () => {
  const p = await play()
  try {
    const client = await p.ready()
    for (const [line, expected] of [
      ['VRFY root', /^252 2\.0\.0 addresses are not verified here/],
      ['STARTTLS', /^502 5\.5\.1 TLS is not offered here/],
      ['EXPN staff', /^502 5\.5\.1 /],
      ['HELP', /^214 2\.0\.0 /],
      ['XCLIENT ADDR=10.0.0.1', /^500 5\.5\.2 /],
      ['XFORWARD ADDR=10.0.0.1', /^500 5\.5\.2 /],
      ['WIZ x', /^500 5\.5\.2 /],
      ['BDAT 10', /^500 5\.5\.2 /],
      ['DATA', /^503 5\.5\.1 /],
      ['EHLO', /^501 /],
    ] as const) {
      assert.match((await client.say(line)).text, expected, line)
    }
  } finally {
    await p.stop()
  }
})
