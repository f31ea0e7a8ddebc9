/** Checkers and verdict stopped: who only watches sees no difference; who enforces gets what the policy says, late but certain. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { eventually, type SmtpReply, smtpClient, temporaryFolder } from '@sallyport/testkit'
import { api } from '../../process/api.ts'
import { type CountingSink, startCountingSink } from '../../process/counting-sink.ts'
import { type GatewayProcess, startGatewayProcess } from '../../process/gateway-process.ts'

const folder = temporaryFolder()
let sink: CountingSink
let gateway: GatewayProcess

/** Three applications, told apart by the loopback network that they come from. */
function policy(): object {
  const checks = (mode: string): object => ({ domain: { mode }, address: { mode } })
  const senders = { domains: ['example.com'], addresses: ['app@example.com'] }
  const application = (name: string, network: string, mode: string, fields: object = {}): object => ({
    name,
    owner: 'owner@example.com',
    from: { networks: [network] },
    senders,
    checks: checks(mode),
    ...fields,
  })
  return {
    organization: { name: 'Example', domains: ['example.com'] },
    applications: [
      application('watched', '127.0.1.0/24', 'monitor'),
      application('accepts', '127.0.2.0/24', 'enforce', { whenUndecided: 'accept' }),
      application('defers', '127.0.3.0/24', 'enforce', { whenUndecided: 'defer' }),
    ],
    routes: { default: { smarthost: `127.0.0.1:${sink.port}`, tls: 'off' } },
  }
}

const start = (settings: Readonly<Record<string, string>> = {}): Promise<GatewayProcess> =>
  startGatewayProcess({ folder: folder.path, policy: policy(), settings: { 'smtp.budgetMs': '1500', ...settings } })

before(async () => {
  sink = await startCountingSink()
  // The first start of all seeds the policy; then only what takes, sends and shows runs.
  gateway = await start({ roles: 'console,delivery,ingress' })
})
after(async () => {
  await gateway?.stop()
  await sink?.stop()
  folder.remove()
})

async function sendFrom(localAddress: string, from: string, token: string): Promise<SmtpReply> {
  const client = await smtpClient({ port: gateway.port('smtp'), localAddress })
  await client.ehlo()
  const content = `From: ${from}\r\nSubject: x\r\nX-Token: ${token}\r\n\r\nx\r\n`
  const reply = await client.send({ from, to: 'b@example.net', content })
  await client.quit()
  return reply
}

const idOf = (reply: SmtpReply): string => reply.text.split(' ').at(-1) ?? ''
// What the tests hand on: they are one story, in order.
let goodId = ''
let badId = ''

test('an application that only watches is served as always, its violations too', async () => {
  const replies = await Promise.all([
    sendFrom('127.0.1.1', 'app@example.com', 'watched-good'),
    sendFrom('127.0.1.1', 'x@stranger.example', 'watched-bad'),
  ])
  assert.deepEqual(
    replies.map((reply) => reply.code),
    [250, 250],
  )
  await eventually(() => sink.received.get('watched-good') === 1 && sink.received.get('watched-bad') === 1)
})

test('whenUndecided: defer asks the application to try again', async () => {
  const reply = await sendFrom('127.0.3.1', 'app@example.com', 'deferred')
  assert.match(`${reply.code} ${reply.enhanced}`, /^451 4\./)
})

test('whenUndecided: accept takes the message after the budget, and delivers nothing unjudged', async () => {
  const [good, bad] = await Promise.all([
    sendFrom('127.0.2.1', 'app@example.com', 'late-good'),
    sendFrom('127.0.2.1', 'x@stranger.example', 'late-bad'),
  ])
  assert.deepEqual([good?.code, bad?.code], [250, 250])
  goodId = idOf(good)
  badId = idOf(bad)
  await sleep(300)
  assert.equal(sink.received.has('late-good') || sink.received.has('late-bad'), false)
  assert.equal(sink.received.has('deferred'), false)
})

test('when the checkers are back the good message is delivered and the bad one is held', async () => {
  assert.equal(await gateway.stop(), 0)
  // Longer than the budget and its grace: the checkers find a question that is too old to answer, and are asked again.
  await sleep(5_500)
  gateway = await start()
  await eventually(() => sink.received.get('late-good') === 1, { deadlineMs: 10_000 })
  const held = await eventually(
    async () => {
      const { body } = await api(gateway, 'GET', '/api/quarantine')
      return body.held?.find((each: { id: string }) => each.id === badId)
    },
    { deadlineMs: 10_000 },
  )
  assert.equal(held.application, 'accepts')
  assert.match(JSON.stringify(held), /late-reject/)
  assert.match(JSON.stringify(held), /stranger\.example/)
  assert.equal(sink.received.has('late-bad'), false)
  assert.equal(sink.received.has('deferred'), false)
  const verdict = await eventually(async () => (await api(gateway, 'GET', `/api/messages/${goodId}`)).body?.verdict)
  assert.equal(verdict.action, 'relay')
})

test('what is held is delivered when somebody releases it, once', async () => {
  const release = await api(gateway, 'POST', `/api/quarantine/${badId}/release`, { body: { reason: 'known' } })
  assert.equal(release.status, 202)
  await eventually(() => sink.received.get('late-bad') === 1)
  await eventually(async () => {
    const { body } = await api(gateway, 'GET', '/api/quarantine')
    return body.held?.length === 0
  })
  const again = await api(gateway, 'POST', `/api/quarantine/${badId}/release`, { body: { reason: 'known' } })
  assert.equal(again.status, 404)
  assert.equal(sink.received.get('late-bad'), 1)
})
