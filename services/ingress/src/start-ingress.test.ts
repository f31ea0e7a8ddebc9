import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compilePolicy } from '@sallyport/policy'
import { application, message, play, policyDocument, verdict } from './ingress.cases.ts'

test('takes a message, asks, and accepts it with a relay verdict', async () => {
  const p = await play()
  try {
    const client = await p.ready()
    assert.match(client.greeting.text, /^220 gateway\.example\.com ESMTP/)
    const reply = await client.send({ from: 'a@example.com', to: ['b@example.org', 'c@example.org'], content: message })
    assert.equal(reply.code, 250)
    const [decided] = p.decided()
    assert.ok(decided)
    assert.equal(reply.text, `250 2.6.0 Queued as ${decided.record.message.id}`)
    assert.equal(decided.isDurable, true)
    assert.equal(decided.record.verifiedSender, 'yes')
    assert.deepEqual(decided.record.message.recipients, [
      { index: 0, address: 'b@example.org' },
      { index: 1, address: 'c@example.org' },
    ])
    assert.equal(decided.record.message.policyRevision, 1)
    const text = Buffer.from(decided.bytes).toString()
    assert.ok(text.startsWith('Received: from client.test ([127.0.0.1])'))
    assert.ok(text.endsWith(`X-Sallyport-Id: ${decided.record.message.id}\r\n${message}`))
    assert.equal(decided.record.content.contentBytes, decided.bytes.byteLength)
    assert.equal(decided.record.content.headerBytes, text.indexOf('\r\n\r\n') + 4)
    assert.equal(p.opened()[0]?.replyTo === null, false)
    assert.equal(p.received()[0]?.record.budgetMs, 20_000)
    const [event] = p.ports.events.of('settled')
    assert.ok(event)
    const { reply: said, outcome, accepted, subject, messageId, headerFrom } = event
    assert.deepEqual(
      { said, outcome, accepted, subject, messageId, headerFrom },
      {
        said: reply.text,
        outcome: 'relay',
        accepted: true,
        subject: 'hello',
        messageId: '1@example.com',
        headerFrom: ['a@example.com'],
      },
    )
    assert.equal((await client.quit()).code, 221)
  } finally {
    await p.stop()
  }
})

test('refuses what the verdict rejects, and keeps the connection', async () => {
  const p = await play({ verdict: () => verdict('reject') })
  try {
    const client = await p.ready()
    for (let sent = 0; sent < 3; sent++) {
      const reply = await client.send({ from: 'a@example.com', to: 'b@example.org', content: message })
      assert.match(reply.text, /^550 5\.7\.1 not your domain \(domain\.no\)/)
    }
    assert.equal(p.decided().length, 0)
  } finally {
    await p.stop()
  }
})

test('the policy is read anew for each transaction', async () => {
  const p = await play()
  try {
    const client = await p.ready()
    assert.equal((await client.send({ from: 'a@example.com', to: 'b@example.org', content: message })).code, 250)
    p.ports.policy.replace(compilePolicy(policyDocument([application({ from: { networks: ['10.0.0.0/8'] } })]), 2))
    assert.match((await client.say('MAIL FROM:<a@example.com>')).text, /^550 5\.7\.1 /)
  } finally {
    await p.stop()
  }
})

test('a port in use is said so', async () => {
  const p = await play()
  try {
    await assert.rejects(play({ listener: { port: p.port } }), { code: 'PORT_IN_USE' })
  } finally {
    await p.stop()
  }
})
