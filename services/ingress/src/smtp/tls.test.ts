import assert from 'node:assert/strict'
import { test } from 'node:test'
import { message, play } from '../ingress.cases.ts'

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
    assert.equal((await client.say('STARTTLS')).code, 500)
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
