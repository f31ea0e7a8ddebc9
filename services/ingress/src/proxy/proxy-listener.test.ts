import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { test } from 'node:test'
import { application, message, type PlayOptions, play } from '../ingress.cases.ts'

const options: PlayOptions = {
  listener: { proxy: true },
  applications: [application({ from: { networks: ['192.0.2.0/24', '2001:db8::/32'] } })],
}
const v1 = 'PROXY TCP4 192.0.2.7 10.0.0.1 5000 25\r\n'
const v2 = (command: number, family: number, body: Buffer): Buffer => {
  const head = Buffer.from('0d0a0d0a000d0a515549540a00000000', 'hex')
  head[12] = 0x20 | command
  head[13] = family
  head.writeUInt16BE(body.length, 14)
  return Buffer.concat([head, body])
}
const v4Body = Buffer.from([192, 0, 2, 9, 10, 0, 0, 1, 0x13, 0x88, 0, 25])

for (const [what, preamble, address] of [
  ['version 1', v1, '192.0.2.7'],
  ['version 1, IPv6', 'PROXY TCP6 2001:db8::1 ::1 5000 25\r\n', '2001:db8::1'],
  ['version 2', v2(1, 0x11, v4Body), '192.0.2.9'],
  ['LOCAL', v2(0, 0, Buffer.alloc(0)), undefined],
  ['UNKNOWN', 'PROXY UNKNOWN\r\n', undefined],
] as const) {
  test(`${what}: the client is ${address ?? 'the proxy itself'}`, async () => {
    const p = await play(options)
    try {
      const client = await p.ready({ preamble })
      const reply = await client.send({ from: 'a@example.com', to: 'b@example.org', content: message })
      assert.equal(reply.code, address ? 250 : 550)
      assert.equal(p.decided()[0]?.record.message.client.address, address)
    } finally {
      await p.stop()
    }
  })
}

const closes = async (port: number, bytes: string | Buffer): Promise<string> => {
  const socket = connect({ port, host: '127.0.0.1' })
  let said = ''
  socket.on('data', (chunk) => {
    said += chunk
  })
  socket.on('error', () => {})
  socket.write(bytes)
  await new Promise((resolve) => socket.once('close', resolve))
  return said
}

for (const [what, bytes, more] of [
  ['none, but a command', 'EHLO x\r\n', {}],
  ['malformed', 'PROXY TCP4 999.0.2.7 10.0.0.1 1 2\r\n', {}],
  ['a version 2 that is none', v2(7, 0x11, v4Body), {}],
  ['none in time', 'PROXY TCP4 ', { proxyHeaderMs: 20 }],
  ['whole, but from nobody listed', v1, { proxyNetworks: ['10.0.0.0/8'] }],
] as const) {
  test(`a header that is ${what} closes the connection without a word`, async () => {
    const p = await play({ ...options, settings: more })
    try {
      assert.equal(await closes(p.port, bytes), '')
    } finally {
      await p.stop()
    }
  })
}

test('who talks behind the header before the greeting is an early talker', async () => {
  const p = await play(options)
  try {
    assert.match(await closes(p.port, `${v1}EHLO x\r\n`), /^554 5\.5\.1 /)
  } finally {
    await p.stop()
  }
})

test('implicit TLS behind a PROXY header', async () => {
  const p = await play({ ...options, listener: { proxy: true, tls: 'implicit' } })
  const { connect: connectTls } = await import('node:tls')
  const socket = connect({ port: p.port, host: '127.0.0.1' })
  try {
    await new Promise((resolve) => socket.write(v1, resolve))
    const secure = connectTls({ socket, rejectUnauthorized: false })
    const greeting = await new Promise<string>((resolve) => secure.once('data', (chunk) => resolve(String(chunk))))
    assert.match(greeting, /^220 /)
    secure.write('EHLO x\r\nMAIL FROM:<a@example.com>\r\n')
    let said = ''
    for await (const chunk of secure) {
      said += chunk
      if (/^250 2\.1\.0/m.test(said)) break
    }
    assert.match(said, /^250 2\.1\.0 /m)
  } finally {
    socket.destroy()
    await p.stop()
  }
})

test('a setting that is no network is said', async () => {
  await assert.rejects(play({ settings: { proxyNetworks: ['10.0.0.0/99', 'x'] } }), {
    code: 'CONFIG_INVALID',
    message: /10\.0\.0\.0\/99, x/,
  })
})
