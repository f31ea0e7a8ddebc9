/** The bound on what is in memory of all messages together, through a whole session. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SallyportError } from '@sallyport/contracts'
import { eventually, type SmtpClient } from '@sallyport/testkit'
import { message, type Play, play, verdict } from '../ingress.cases.ts'

const kib = 1_024
const content = message + 'xyz\r\n'.repeat((150 * kib) / 5)
const settings = { maxInlineBytes: 190 * kib, maxContentMemoryBytes: 400 * kib }
const bytes = async (p: Play): Promise<number> =>
  Number(/^sallyport_ingress_content_memory_bytes (\S+)$/m.exec(await p.ports.metrics.metrics())?.[1])
const send = (client: SmtpClient, text = content) => client.send({ from: 'a@example.com', to: 'b@example.org', content: text })
const kinds = (p: Play): string[] => p.received().map(({ record }) => record.content.kind)

test('while verdicts are slow, more than fits memory goes to the store; small messages stay inline; then all is free', async () => {
  const p = await play({ settings, verdict: undefined })
  try {
    const clients = await Promise.all(Array.from({ length: 6 }, () => p.ready()))
    const sent: ReturnType<SmtpClient['send']>[] = []
    for (const [index, client] of clients.entries()) {
      sent.push(send(client, index < 5 ? content : message))
      await p.asked(index)
    }
    assert.deepEqual(kinds(p), ['inline', 'inline', 'stored', 'stored', 'stored', 'inline'])
    assert.ok((await bytes(p)) <= settings.maxContentMemoryBytes)
    for (const { record } of p.received()) await p.sendVerdict(record.message.id, verdict('relay'))
    for (const { code } of await Promise.all(sent)) assert.equal(code, 250)
    assert.equal(await bytes(p), 0)
    for (const { record, bytes: inline } of p.decided()) {
      const whole = record.content.kind === 'inline' ? inline : p.content.stored.get(record.content.key)
      assert.equal(whole?.byteLength, record.content.contentBytes)
    }
  } finally {
    await p.stop()
  }
})

const ends: Readonly<Record<string, (client: SmtpClient) => Promise<unknown>>> = {
  'refused for its verdict': (client) => send(client),
  'refused for its header': (client) => send(client, ` ${content}`),
  'broken off': async (client) => {
    for (const line of ['MAIL FROM:<a@example.com>', 'RCPT TO:<b@example.org>', 'DATA']) await client.say(line)
    await client.write(content)
    client.end()
  },
}
test('nor does one that the store does not take', async () => {
  const p = await play({ settings: { ...settings, maxInlineBytes: 64 * kib } })
  try {
    p.content.faults.create = () => new SallyportError('STORE_UNAVAILABLE', 'down')
    assert.equal((await send(await p.ready())).code, 452)
    assert.equal(await bytes(p), 0)
  } finally {
    await p.stop()
  }
})

for (const [what, act] of Object.entries(ends)) {
  test(`a message that is ${what} leaves no room taken`, async () => {
    const p = await play({ settings, verdict: () => verdict('reject') })
    try {
      await act(await p.ready())
      await eventually(async () => (await bytes(p)) === 0)
    } finally {
      await p.stop()
    }
  })
}
