/** One message goes the whole road, and what it went through can be read. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { eventually, type SmtpSink, smtpClient, smtpSink, temporaryFolder } from '@sallyport/testkit'
import { api } from '../../process/api.ts'
import { type GatewayProcess, startGatewayProcess } from '../../process/gateway-process.ts'
import { oneApplication } from '../../process/policies.ts'

const folder = temporaryFolder()
let sink: SmtpSink
let gateway: GatewayProcess

before(async () => {
  sink = await smtpSink()
  gateway = await startGatewayProcess({ folder: folder.path, policy: oneApplication({ nextHop: sink.port, mode: 'enforce' }) })
})
after(async () => {
  await gateway?.stop()
  await sink?.stop()
  folder.remove()
})

const idOf = (reply: { readonly text: string }): string => reply.text.split(' ').at(-1) ?? ''

test('a good message is relayed byte for byte but for our headers, and its id is in the reply', async () => {
  const content =
    'From: App <app@example.com>\r\nTo: b@example.net\r\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n\r\n.dot\r\n..two\r\n\r\n  end  \r\n'
  const client = await smtpClient({ port: gateway.port('smtp') })
  await client.ehlo('app.example.com')
  const reply = await client.send({ from: 'app@example.com', to: ['b@example.net', 'c@example.org'], content })
  await client.quit()
  assert.equal(reply.code, 250)
  const id = idOf(reply)
  assert.match(id, /^[0-9a-f-]{36}$/)
  const message = await eventually(() => sink.messages.find((each) => each.content.includes(id)))
  assert.equal(message.sender, 'app@example.com')
  assert.deepEqual(
    message.recipients.map(({ address }) => address),
    ['b@example.net', 'c@example.org'],
  )
  const text = message.content.toString('latin1')
  assert.match(text, new RegExp(`^Received: from app\\.example\\.com[\\s\\S]*\\r\\nX-Sallyport-Id: ${id}\\r\\nFrom: App`))
  assert.ok(text.endsWith(content), 'the content was changed')

  const { body } = await eventually(async () => {
    const answer = await api(gateway, 'GET', `/api/messages/${id}`)
    return answer.status === 200 && answer.body.attempts?.length > 0 ? answer : undefined
  })
  assert.equal(body.application, 'app')
  assert.equal(body.verdict.action, 'relay')
  assert.deepEqual(
    body.annotations.map((annotation: { check: string; outcome: string }) => `${annotation.check} ${annotation.outcome}`).sort(),
    ['address pass', 'domain pass'],
  )
  assert.match(body.reply, new RegExp(`^250 2\\.\\d\\.\\d .*${id}$`))
  assert.equal(body.attempts.length, 1)
  assert.deepEqual(
    body.attempts[0].recipients.map((each: { result: string }) => each.result),
    ['delivered', 'delivered'],
  )
})

for (const { why, from, header, code, says } of [
  {
    why: 'a sender domain that is not ours',
    from: 'app@stranger.example',
    header: 'app@example.com',
    code: '550 5.7.1',
    says: /stranger\.example/,
  },
  {
    why: 'a header From that is not ours',
    from: 'app@example.com',
    header: 'app@stranger.example',
    code: '550 5.7.1',
    says: /stranger\.example/,
  },
  {
    why: 'an address that nobody authorized',
    from: 'nobody@example.com',
    header: 'nobody@example.com',
    code: '550 5.7.1',
    says: /nobody@example\.com/,
  },
]) {
  test(`${why} is refused on the line, with the reason, and nothing is sent or bounced`, async () => {
    const messages = sink.messages.length
    const client = await smtpClient({ port: gateway.port('smtp') })
    await client.ehlo()
    const reply = await client.send({ from, to: 'b@example.net', content: `From: ${header}\r\nSubject: x\r\n\r\nx\r\n` })
    await client.quit()
    assert.equal(`${reply.code} ${reply.enhanced}`, code)
    assert.match(reply.text, says)
    assert.equal(sink.messages.length, messages)
  })
}

test('a message of 5 MB goes through the content store unchanged, and leaves nothing behind', async () => {
  const body = Buffer.alloc(5_000_000, 'abcdefghi jklmnopqrstuvwxyz 0123456789 and so on until the end of line\r\n')
  const content = Buffer.concat([Buffer.from('From: app@example.com\r\nSubject: large\r\n\r\n'), body, Buffer.from('\r\n')])
  const client = await smtpClient({ port: gateway.port('smtp') })
  await client.ehlo()
  const reply = await client.send({ from: 'app@example.com', to: 'b@example.net', content })
  await client.quit()
  assert.equal(reply.code, 250)
  const message = await eventually(() => sink.messages.find((each) => each.content.includes(idOf(reply))), { deadlineMs: 10_000 })
  assert.ok(message.content.subarray(-content.length).equals(content))
})

test('what is permanently refused by the next hop comes back as a DSN to the verified sender, once', async () => {
  sink.recipientReplies.set('gone@example.net', '550 5.1.1 no such user')
  const client = await smtpClient({ port: gateway.port('smtp') })
  await client.ehlo()
  const reply = await client.send({
    from: 'app@example.com',
    to: ['gone@example.net', 'b@example.net'],
    content: 'From: app@example.com\r\nSubject: half\r\n\r\nx\r\n',
  })
  await client.quit()
  assert.equal(reply.code, 250)
  const dsn = await eventually(() => sink.messages.find((each) => each.sender === '' && each.content.includes('gone@example.net')))
  assert.deepEqual(
    dsn.recipients.map(({ address }) => address),
    ['app@example.com'],
  )
  assert.match(dsn.content.toString(), /report-type=delivery-status/)
  assert.match(dsn.content.toString(), /Status: 5\.1\.1/)
  assert.equal(sink.messages.filter((each) => each.sender === '').length, 1)
})

test('health, readiness and metrics answer', async () => {
  const get = async (path: string): Promise<{ status: number; text: string }> => {
    const response = await fetch(`http://${gateway.addresses.health}${path}`)
    return { status: response.status, text: await response.text() }
  }
  assert.equal((await get('/healthz')).status, 200)
  assert.equal((await get('/readyz')).status, 200)
  const { text } = await get('/metrics')
  assert.match(text, /^sallyport_/m)
})

test('the API refuses who has no token', async () => {
  const response = await fetch(`http://${gateway.addresses.console}/api/policy`)
  assert.equal(response.status, 401)
})
