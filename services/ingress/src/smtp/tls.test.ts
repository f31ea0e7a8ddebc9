import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { test } from 'node:test'
import { connect as connectTls } from 'node:tls'
import { eventually, testCertificates } from '@sallyport/testkit'
import { message, play, tlsTexts } from '../ingress.cases.ts'
import type { TlsTexts } from '../settings.ts'

const tls = { rejectUnauthorized: false }

test('what is pipelined behind STARTTLS is discarded', async () => {
  const p = await play({ listener: { tls: 'starttls' } })
  try {
    const client = await p.ready()
    const injected = client.say('STARTTLS\r\nMAIL FROM:<evil@example.com>\r\nRCPT TO:<b@example.org>')
    assert.equal((await injected).code, 220)
    const fresh = await p.client()
    assert.ok((await fresh.ehlo()).includes('STARTTLS'))
    await fresh.startTls(tls)
    assert.match((await fresh.say('MAIL FROM:<a@example.com>')).text, /^503 5\.5\.1 /, 'EHLO must be said again')
    assert.equal((await fresh.ehlo()).includes('STARTTLS'), false)
    assert.match((await fresh.say('STARTTLS')).text, /^503 /)
    assert.equal((await fresh.send({ from: 'a@example.com', to: 'b@example.org', content: message })).code, 250)
    assert.match(Buffer.from(p.decided()[0]?.bytes ?? []).toString(), /with ESMTPS\s+id/)
    assert.equal(p.decided().length, 1)
  } finally {
    await p.stop()
  }
})

test('a transaction does not outlive STARTTLS', async () => {
  const p = await play({ listener: { tls: 'starttls' } })
  try {
    const client = await p.ready()
    assert.equal((await client.say('MAIL FROM:<a@example.com>')).code, 250)
    await client.startTls(tls)
    await client.ehlo()
    assert.match((await client.say('RCPT TO:<b@example.org>')).text, /^503 /)
    assert.equal((await client.say('MAIL FROM:<a@example.com>')).code, 250)
  } finally {
    await p.stop()
  }
})

test('a listener without TLS offers none', async () => {
  const p = await play()
  try {
    const client = await p.client()
    assert.equal((await client.ehlo()).includes('STARTTLS'), false)
    assert.match((await client.say('STARTTLS')).text, /^502 5\.5\.1 /)
    assert.match((await client.authPlain('a', 'b')).text, /^502 5\.5\.1 /)
  } finally {
    await p.stop()
  }
})

test('implicit TLS from the first byte', async () => {
  const p = await play({ listener: { tls: 'implicit' } })
  try {
    const client = await p.ready({ implicitTls: tls })
    assert.equal((await client.send({ from: 'a@example.com', to: 'b@example.org', content: message })).code, 250)
  } finally {
    await p.stop()
  }
})

for (const mode of ['implicit', 'starttls'] as const) {
  test(`a handshake that is never done is ended, however it trickles (${mode})`, async () => {
    const p = await play({ listener: { tls: mode }, settings: { tlsHandshakeMs: 400 } })
    try {
      const socket = connect(p.port, '127.0.0.1')
      socket.on('error', () => {})
      const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
      if (mode === 'starttls') {
        await once(socket, 'data')
        socket.write('STARTTLS\r\n')
        await once(socket, 'data')
      }
      // The beginning of a record that promises 4 KiB of ClientHello.
      socket.write(Buffer.from('1603011000010000', 'hex'))
      const trickle = setInterval(() => socket.write('\0'), 10)
      try {
        await closed
      } finally {
        clearInterval(trickle)
      }
      const client = await p.client(mode === 'implicit' ? { implicitTls: tls } : {})
      if (mode === 'starttls') await client.startTls(tls)
      await client.ehlo()
      await new Promise((resolve) => setTimeout(resolve, 450))
      assert.equal((await client.say('NOOP')).code, 250)
    } finally {
      await p.stop()
    }
  })

  test(`a renewed certificate is shown without a restart, a broken one is not (${mode})`, async () => {
    const { client: renewed } = testCertificates()
    let onDisk: TlsTexts = tlsTexts
    let looks = 0
    const readTls = (): TlsTexts => {
      looks++
      return onDisk
    }
    const p = await play({ listener: { tls: mode }, settings: { readTls, tlsCheckMs: 5 } })
    const shown = async (): Promise<string | undefined> => {
      const client = connectTls({
        ...tls,
        ...(mode === 'implicit' ? { port: p.port, host: '127.0.0.1' } : { socket: await upgraded(p.port) }),
      })
      await once(client, 'secureConnect')
      const { fingerprint256 } = client.getPeerX509Certificate() ?? {}
      client.destroy()
      return fingerprint256?.replaceAll(':', '').toLowerCase()
    }
    const looked = async (): Promise<void> => {
      const before = looks
      await eventually(() => looks > before + 1)
    }
    try {
      const first = await shown()
      onDisk = { ...tlsTexts, certificate: renewed.cert }
      await looked()
      assert.equal(await shown(), first)
      onDisk = { ...tlsTexts, certificate: renewed.cert, key: renewed.key }
      await looked()
      assert.equal(await shown(), renewed.fingerprint)
    } finally {
      await p.stop()
    }
  })
}

async function upgraded(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'data')
  socket.write('STARTTLS\r\n')
  await once(socket, 'data')
  return socket
}
