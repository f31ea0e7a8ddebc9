import assert from 'node:assert/strict'
import { test } from 'node:test'
import { message, play, verdict } from './ingress.cases.ts'

test('a stop lets transactions finish, sends the idle away and takes nobody new', async () => {
  const p = await play({ verdict: undefined, settings: { drainMs: 5_000 } })
  try {
    const busy = await p.ready()
    const reply = busy.send({ from: 'a@example.com', to: 'b@example.org', content: message })
    const between = await p.ready()
    assert.equal((await between.say('MAIL FROM:<a@example.com>')).code, 250)
    const idle = await p.ready()
    const { id } = await p.asked(0)
    const stopped = p.ingress.stop()
    assert.match((await idle.read()).text, /^421 4\.3\.2 /)
    assert.match((await p.client()).greeting.text, /^421 4\.3\.2 /)
    assert.equal(p.ingress.readiness().ready, false)
    await p.sendVerdict(id, verdict('relay'))
    assert.equal((await reply).code, 250)
    assert.match((await busy.read()).text, /^421 4\.3\.2 /)
    assert.equal((await between.say('RCPT TO:<b@example.org>')).code, 250)
    const last = between.data(message)
    const second = await p.asked(1)
    await p.sendVerdict(second.id, verdict('relay'))
    assert.equal((await last).code, 250)
    await stopped
    await assert.rejects(p.client())
    assert.equal(p.decided().length, 2)
  } finally {
    await p.stop()
  }
})

test('a stop finds who has been there all the time, however many came and went', async () => {
  const p = await play({ settings: { drainMs: 5_000 } })
  try {
    const first = await p.ready()
    for (let turn = 0; turn < 12; turn++) {
      const passing = await Promise.all([p.ready(), p.ready(), p.ready()])
      for (const client of passing) assert.equal((await client.quit()).code, 221)
    }
    const last = await p.ready()
    const stopped = p.ingress.stop()
    for (const client of [first, last]) assert.match((await client.read()).text, /^421 4\.3\.2 /)
    await stopped
    await assert.rejects(p.client())
  } finally {
    await p.stop()
  }
})

test('a stop waits no longer than it may, and says so: nothing is accepted behind it', async () => {
  const p = await play({ verdict: undefined, settings: { drainMs: 30 } })
  try {
    const client = await p.ready()
    const between = await p.ready()
    assert.equal((await between.say('MAIL FROM:<a@example.com>')).code, 250)
    const inContent = await p.ready()
    for (const line of ['MAIL FROM:<a@example.com>', 'RCPT TO:<b@example.org>', 'DATA']) await inContent.say(line)
    await inContent.write('Subject: x\r\n')
    const reply = client.send({ from: 'a@example.com', to: 'b@example.org', content: message })
    const { id } = await p.asked(0)
    await p.ingress.stop()
    for (const told of [reply, between.read(), inContent.read()]) assert.match((await told).text, /^421 4\.3\.2 /)
    await p.sendVerdict(id, verdict('relay'))
    assert.equal(p.decided().length, 0)
    assert.equal(p.ports.events.of('settled')[0]?.accepted, false)
  } finally {
    await p.stop()
  }
})

test('TLS without a certificate is refused at start', async () => {
  const settings = { tls: undefined }
  await assert.rejects(play({ listener: { tls: 'starttls' }, settings }), {
    code: 'CONFIG_INVALID',
    message: /smtp\.tls\.certificate/,
  })
  const broken = { tls: { certificate: 'x', key: 'y' } }
  await assert.rejects(play({ listener: { tls: 'implicit' }, settings: broken }), {
    code: 'CONFIG_INVALID',
    message: /^smtp\.tls: /,
  })
})
